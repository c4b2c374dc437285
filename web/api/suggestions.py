"""Suggestions for words that are still being typed."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, validate
from marshmallow import fields as ma

from hwdb import queries
from hwdb.analysis.public import public
from web.api.shapes import problems, shape_of
from web.database import reading

blueprint = Blueprint("suggestions", __name__, url_prefix="/api/v1/suggestions", description="Words being typed")


class SuggestionsQuery(Schema):
    """Words of which the last may not be whole yet."""

    q = ma.String(required=True, validate=validate.Length(max=200))


@blueprint.route("")
class SuggestionsResource(MethodView):
    """What words may mean."""

    @blueprint.doc(responses=problems(422))
    @blueprint.arguments(SuggestionsQuery, location="query")
    @blueprint.response(200, shape_of(queries.Suggestions))
    def get(self, asked: dict[str, Any]) -> Any:
        """Find the boards, devices and facts of boards that may be meant by words still being typed."""
        with reading() as session:
            return public(queries.suggestions(session, asked["q"]))
