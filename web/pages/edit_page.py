"""The page behind an edit link: the reports of one key, for who holds it. Reading changes nothing, only forms do."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask import Response, make_response, redirect, render_template, request, url_for

from hwdb import intake, queries, schema
from hwdb.errors import HwdbError, InvalidReport, NotFound, NotYours
from hwdb.identity import owner_hash
from web.auth import is_key
from web.database import reading, writing
from web.limits import limiter, submit_limit
from web.origin import refuse_other_sites, refuse_other_sites_that_name_themselves
from web.pages import filled
from web.pages.preview_page import drawn, sentences, words
from web.pages.private import kept_private

if TYPE_CHECKING:
    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from hwdb.report import Report

_NO_KEY = (
    "no report is kept under this edit link: either it was withdrawn, or the link is not whole. Copy it again from"
    " where you kept it; it cannot be made anew"
)
_WITHDRAW = "withdraw"


def add(pages: Blueprint) -> None:
    """Put the pages on the blueprint."""
    pages.add_url_rule("/edit", "edit_open", _open, methods=["POST"])
    pages.add_url_rule("/edit/<key>", "edit", _edit)
    for path, name, view in (
        ("<report_id>", "edit_save", _save),
        ("<report_id>/withdraw", "edit_withdraw", _withdraw),
    ):
        limited = limiter.limit(submit_limit)(view)
        pages.add_url_rule(f"/edit/<key>/{path}", name, limited, methods=["POST"])
    pages.add_url_rule("/edit/<key>/<report_id>/text", "edit_text", _text)
    pages.after_request(_private)


def _private(response: Response) -> Response:
    """Keep every answer below /edit/ private, errors among them."""
    return kept_private(response) if (request.endpoint or "").startswith("pages.edit") else response


def _open() -> AnyResponse:
    """Lead to the page of an edit link that was written into a form, so that it stands in no query."""
    refuse_other_sites()
    key = request.form.get("link", "").strip().rstrip("/").rpartition("/")[2]
    if not is_key(key):
        raise NotFound(_NO_KEY)
    return redirect(url_for("pages.edit", key=key), 303)


def _edit(key: str) -> str:
    return _page(key, request.args.get("report", ""))


def _page(key: str, report_id: str, said: filled.Filled | None = None, problems: tuple[str, ...] = ()) -> str:
    """Return the page with one of the reports opened: the newest unless another is asked for."""
    with reading() as session:
        own = _own(session, key)
        opened = next((one for one in own if one.id == report_id), own[0])
        view = queries.report(session, opened.id)
        report = schema.load(view.document).report
        rehearsal = intake.rehearse(session, report)
        return render_template(
            "edit.html",
            key=key,
            own=own,
            report=view,
            said=said or filled.of_report(report),
            rehearsal=rehearsal,
            choices=queries.board_choices(session),
            drawing=drawn(session, rehearsal, report),
            has_text=_has_text(session, opened.id, key),
            problems=problems,
            done=request.args.get("done", ""),
            **words(),
        )


def _own(session: Session, key: str) -> tuple[queries.OwnReport, ...]:
    own = queries.own_reports(session, owner_hash(key)) if is_key(key) else ()
    if not own:
        raise NotFound(_NO_KEY)
    return own


def _has_text(session: Session, report_id: str, key: str) -> bool:
    try:
        queries.own_source(session, report_id, owner_hash(key))
    except NotFound:
        return False
    return True


def _save(key: str, report_id: str) -> AnyResponse:
    refuse_other_sites_that_name_themselves()
    said = filled.read_form(request.form)
    before = _report(key, report_id)
    try:
        report = filled.corrected(before, said)
        if report == before:
            return redirect(url_for("pages.edit", key=key, report=report_id, done="same"), 303)
        with writing() as session:
            now = dt.datetime.now(dt.UTC)
            withdraw = request.form.get("before") == _WITHDRAW
            accepted = intake.replace_own(session, report_id, report, key, now, withdraw=withdraw)
            session.commit()
    except InvalidReport as error:
        return make_response(_page(key, report_id, said, sentences(error)), 422)
    except (NotFound, NotYours):
        raise
    except HwdbError as error:
        return make_response(_page(key, report_id, said, (f"{str(error)[:1].upper()}{str(error)[1:]}.",)), 409)
    done = "saved" if accepted.created else "there"
    return redirect(url_for("pages.edit", key=key, report=accepted.public_id, done=done), 303)


def _report(key: str, report_id: str) -> Report:
    with reading() as session:
        if not any(one.id == report_id for one in _own(session, key)):
            raise NotFound(f"no report {report_id[:16]} is kept under this edit link; it may be withdrawn already")
        return schema.load(queries.report(session, report_id).document).report


def _withdraw(key: str, report_id: str) -> AnyResponse:
    refuse_other_sites_that_name_themselves()
    _report(key, report_id)
    with writing() as session:
        intake.withdraw_own(session, report_id, key, dt.datetime.now(dt.UTC))
        session.commit()
    with reading() as session:
        left = queries.own_reports(session, owner_hash(key))
    return make_response(render_template("withdrawn.html", report_id=report_id, key=key, left=left))


def _text(key: str, report_id: str) -> Response:
    _report(key, report_id)
    with reading() as session:
        text = queries.own_source(session, report_id, owner_hash(key))
    return Response(text, content_type="text/plain; charset=utf-8")
