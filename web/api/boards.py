"""Boards: searched and read."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, validate
from marshmallow import fields as ma

from hwdb import queries
from hwdb.analysis import ISOLATES, SlotAnswer
from hwdb.analysis.public import public
from web.api.shapes import problems, shape_of
from web.database import reading

blueprint = Blueprint("boards", __name__, url_prefix="/api/v1/boards", description="Boards and their slots")


class BoardsQuery(Schema):
    """A search for boards."""

    q = ma.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": "Words of vendor and board name, in any order; without it the newest boards."},
    )
    limit = ma.Integer(load_default=50, strict=False, validate=validate.Range(1, 100))


class BoardsFound(Schema):
    """Boards that fit a search, best first."""

    query = ma.String(required=True)
    boards = ma.List(ma.Nested(shape_of(queries.BoardHit)), required=True)


class SlotsQuery(Schema):
    """Which slots of a board."""

    isolates = ma.Boolean(
        metadata={"description": "Only slots that isolate (true) or do not (false)."},
    )
    grade = ma.String(validate=validate.OneOf(list(ISOLATES)))


class SlotsFound(Schema):
    """Slots of a board."""

    slots = ma.List(ma.Nested(shape_of(SlotAnswer)), required=True)


@blueprint.route("")
class Boards(MethodView):
    """All boards."""

    @blueprint.doc(responses=problems(422))
    @blueprint.arguments(BoardsQuery, location="query")
    @blueprint.response(200, BoardsFound)
    def get(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Search boards by name."""
        with reading() as session:
            if asked["q"].strip():
                found = queries.search(session, asked["q"], asked["limit"])
            else:
                found = queries.recent_boards(session, asked["limit"])
        return {"query": asked["q"], "boards": public(found)}


@blueprint.route("/<string:vendor_slug>/<string:slug>")
class Board(MethodView):
    """One board."""

    @blueprint.doc(responses=problems(404))
    @blueprint.response(200, shape_of(queries.BoardView))
    def get(self, vendor_slug: str, slug: str) -> Any:
        """Read a board's answer."""
        with reading() as session:
            return public(queries.board(session, vendor_slug, slug))


@blueprint.route("/<string:vendor_slug>/<string:slug>/slots")
class Slots(MethodView):
    """The slots of one board."""

    @blueprint.doc(responses=problems(404, 422))
    @blueprint.arguments(SlotsQuery, location="query")
    @blueprint.response(200, SlotsFound)
    def get(self, asked: dict[str, Any], vendor_slug: str, slug: str) -> dict[str, Any]:
        """Read a board's slots, those that isolate or have a grade."""
        with reading() as session:
            slots = queries.board(session, vendor_slug, slug).slots
        if "isolates" in asked:
            slots = tuple(slot for slot in slots if slot.isolates is asked["isolates"])
        if "grade" in asked:
            slots = tuple(slot for slot in slots if slot.grade == asked["grade"])
        return {"slots": public(slots)}
