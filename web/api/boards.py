"""Boards: searched and read."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, post_load, validate
from marshmallow import fields as ma

from hwdb import queries
from hwdb.analysis import ISOLATES, SlotAnswer
from hwdb.analysis.public import public
from web.addresses import at_its_address
from web.api.shapes import problems, shape_of
from web.database import reading

blueprint = Blueprint("boards", __name__, url_prefix="/api/v1/boards", description="Boards and their slots")


_MOVED = "The board's reports belong to another board now, whose address this is."


def _fact(what: str) -> ma.List[Any]:
    return ma.List(
        ma.String(validate=validate.Length(1, 200)),
        load_default=list,
        validate=validate.Length(max=40),
        metadata={"description": f"Only boards with this {what}; several times for any of several."},
    )


def _switch(description: str) -> ma.Boolean:
    return ma.Boolean(load_default=False, metadata={"description": description})


class BoardsQuery(Schema):
    """A search for boards."""

    q = ma.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={
            "description": "Words of vendor, board, chipset, socket, form factor or device, in any order, or a PCI id"
            " like 1912:0014; without it all boards, those with the newest reports first."
        },
    )
    literal = _switch("Take no word for a fact or a device: all are of the board's name.")
    vendor = _fact("maker, by name")
    socket = _fact("socket")
    chipset = _fact("chipset")
    form_factor = _fact("form factor")
    slots = ma.Integer(
        validate=validate.Range(1, 16),
        metadata={"description": "Slots that have to isolate, of those that the board's verdict counts."},
    )
    lanes = ma.Integer(
        validate=validate.OneOf((1, 2, 4, 8, 16)),
        metadata={"description": "Lanes that have to be wired to each of them; where that is not known it is not."},
    )
    cpu_attached = _switch("Only slots wired to the CPU.")
    lasting = _switch("Only slots that isolate after the pending kernel change too.")
    no_override = _switch(
        "Only boards of which a counted machine states that no ACS override was on. A report made with one is never"
        " counted, but many do not say."
    )
    bios_stated = _switch("Only boards of which a counted machine states its BIOS version.")
    min_machines = ma.Integer(
        load_default=0,
        validate=validate.Range(0, 1000),
        metadata={"description": "Machines that have to be counted."},
    )
    sort = ma.String(
        validate=validate.OneOf(queries.SORTS),
        metadata={
            "description": "Unless stated: match for words, slots for words that all are facts (AM4), else newest."
        },
    )
    offset = ma.Integer(load_default=0, strict=False, validate=validate.Range(0, 1_000_000))
    limit = ma.Integer(load_default=50, strict=False, validate=validate.Range(1, 100))

    @post_load
    def wanted(self, asked: dict[str, Any], **_options: Any) -> queries.Wanted:
        """Return what is asked for."""
        several = {name: tuple(value) for name, value in asked.items() if isinstance(value, list)}
        return queries.Wanted(**{**asked, **several})


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
    @blueprint.response(200, shape_of(queries.FoundBoards))
    def get(self, wanted: queries.Wanted) -> Any:
        """Search boards by words and filters.

        `filters` lists each parameter with its values and how many boards each would leave. A word that names a fact
        of boards (`understood`) fits by the fact or by the board's name.
        """
        with reading() as session:
            return public(queries.find_boards(session, wanted))


@blueprint.route("/<string:vendor_slug>/<string:slug>")
class Board(MethodView):
    """One board."""

    @blueprint.doc(responses=problems(404))
    @blueprint.response(200, shape_of(queries.BoardView))
    @blueprint.alt_response(301, description=_MOVED)
    def get(self, vendor_slug: str, slug: str) -> Any:
        """Read a board's answer."""
        with reading() as session:
            return public(at_its_address(queries.board(session, vendor_slug, slug), vendor_slug, slug))


@blueprint.route("/<string:vendor_slug>/<string:slug>/slots")
class Slots(MethodView):
    """The slots of one board."""

    @blueprint.doc(responses=problems(404, 422))
    @blueprint.arguments(SlotsQuery, location="query")
    @blueprint.response(200, SlotsFound)
    @blueprint.alt_response(301, description=_MOVED)
    def get(self, asked: dict[str, Any], vendor_slug: str, slug: str) -> dict[str, Any]:
        """Read a board's slots, those that isolate or have a grade."""
        with reading() as session:
            slots = at_its_address(queries.board(session, vendor_slug, slug), vendor_slug, slug).slots
        if "isolates" in asked:
            slots = tuple(slot for slot in slots if slot.isolates is asked["isolates"])
        if "grade" in asked:
            slots = tuple(slot for slot in slots if slot.grade == asked["grade"])
        return {"slots": public(slots)}
