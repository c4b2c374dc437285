"""Whether the service can answer."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema
from marshmallow import fields as ma

from hwdb import queries
from hwdb.analysis import ANALYSIS
from hwdb.report import FORMAT
from web.api.shapes import problems
from web.database import reading

blueprint = Blueprint("health", __name__, url_prefix="/api/v1/health", description="Whether the service can answer")


class Health(Schema):
    """That the database answers, and what this service speaks."""

    status = ma.String(required=True)
    boards = ma.Integer(required=True)
    format = ma.Integer(required=True, metadata={"description": "The newest report format it takes."})
    analysis = ma.Integer(required=True, metadata={"description": "The version of its rules."})


@blueprint.route("")
class HealthView(MethodView):
    """The service's health."""

    @blueprint.doc(responses=problems(503))
    @blueprint.response(200, Health)
    def get(self) -> dict[str, Any]:
        """Ask whether the service can answer."""
        with reading() as session:
            return {"status": "ok", "boards": queries.known_boards(session), "format": FORMAT, "analysis": ANALYSIS}
