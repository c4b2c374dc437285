"""Reports: submitted, read, and taken back by their owners."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import request
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema
from marshmallow import fields as ma

from hwdb import intake, queries, schema
from hwdb.analysis.public import public
from hwdb.identity import owner_hash
from web.api.links import report_links
from web.api.shapes import linked_shape_of, problems, shape_of
from web.auth import required_key, submitter_key
from web.database import reading, writing
from web.limits import limiter, submit_limit

blueprint = Blueprint("reports", __name__, url_prefix="/api/v1/reports", description="Reports of machines")

_BODY = {
    "required": True,
    "description": "A report; docs/report-format.md describes it. Unknown fields are dropped and listed.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}},
}


class Receipt(Schema):
    """What became of a submitted report."""

    id = ma.String(required=True)
    created = ma.Boolean(required=True, metadata={"description": "False when this document was already there."})
    ignored = ma.List(ma.String(), required=True, metadata={"description": "Fields that were not known, dropped."})
    remarks = ma.List(ma.String(), required=True, metadata={"description": "What it can and cannot show, in words."})
    links = ma.Dict(keys=ma.String(), values=ma.String(), required=True)


class OwnReports(Schema):
    """The reports submitted under one key, newest first, at most 100."""

    reports = ma.List(ma.Nested(linked_shape_of(queries.OwnReport)), required=True)


class SourceText(Schema):
    """A text as it is kept."""

    text = ma.String(required=True)


@blueprint.route("")
class Reports(MethodView):
    """All reports."""

    @blueprint.doc(responses=problems(401), security=[{"key": []}])
    @blueprint.response(200, OwnReports)
    def get(self) -> dict[str, Any]:
        """List the reports submitted under your key.

        Newest first, at most 100. A key under which nothing was submitted has an empty list.
        """
        owner = owner_hash(required_key())
        with reading() as session:
            found = queries.own_reports(session, owner)
        return {"reports": [{**public(one), "links": report_links(one.id, one.vendor_slug, one.slug)} for one in found]}

    @blueprint.doc(
        requestBody=_BODY, responses=problems(400, 401, 409, 410, 413, 415, 422, 429), security=[{}, {"key": []}]
    )
    @blueprint.response(201, Receipt, description="Stored.")
    @blueprint.alt_response(200, schema=Receipt, description="The same document was already there; nothing changed.")
    @limiter.limit(submit_limit)
    def post(self) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Submit a report.

        Facts are submitted under CC0-1.0. `Authorization: Bearer KEY` links the reports of one machine; only a hash
        of the key is kept. Good-faith reports are never refused for what they lack.
        """
        schema.check_media_type(request.headers.get("Content-Type"), request.headers.get("Content-Encoding"))
        loaded = schema.load(schema.decode(request.get_data(cache=False)))
        key = submitter_key()
        with writing() as session:
            accepted = intake.accept(session, loaded.report, now=dt.datetime.now(dt.UTC), key=key)
            session.commit()
        return _receipt(accepted, loaded.ignored)


@blueprint.route("/<string:report_id>")
class Report(MethodView):
    """One report."""

    @blueprint.doc(responses=problems(404, 410))
    @blueprint.response(200, shape_of(queries.ReportView))
    def get(self, report_id: str) -> Any:
        """Read a report: what it says and what it shows."""
        with reading() as session:
            return public(queries.report(session, report_id))

    @blueprint.doc(responses=problems(401, 403, 404, 409, 429), security=[{"key": []}])
    @blueprint.response(204, description="Withdrawn.")
    @limiter.limit(submit_limit)
    def delete(self, report_id: str) -> None:
        """Withdraw a report that was submitted under your key.

        The document and all rows made from it are removed, and the board's answer is made anew without it. What stays
        is the document's digest, so that the same document is not taken in again.
        """
        key = required_key()
        with writing() as session:
            intake.withdraw_own(session, report_id, key, dt.datetime.now(dt.UTC))
            session.commit()


@blueprint.route("/<string:report_id>/source")
class Source(MethodView):
    """The text one report was read from."""

    @blueprint.doc(responses=problems(401, 403, 404), security=[{"key": []}])
    @blueprint.response(200, SourceText)
    def get(self, report_id: str) -> dict[str, Any]:
        """Read the text your report was made from.

        It is kept without serial numbers, addresses and names of people and hosts, and shown to nobody but the holder
        of the key it was submitted under.
        """
        owner = owner_hash(required_key())
        with reading() as session:
            return {"text": queries.own_source(session, report_id, owner)}


def _receipt(accepted: intake.Accepted, ignored: tuple[str, ...]) -> tuple[dict[str, Any], int, dict[str, str]]:
    links = report_links(accepted.public_id, accepted.vendor_slug, accepted.slug)
    body = {
        "id": accepted.public_id,
        "created": accepted.created,
        "ignored": ignored,
        "remarks": accepted.remarks,
        "links": links,
    }
    return body, 201 if accepted.created else 200, {"Location": links["report"]}
