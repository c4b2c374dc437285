"""Whether a machine is known, asked before it reports."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, validate
from marshmallow import fields as ma

from hwdb import queries
from hwdb.analysis.public import public
from web.api.links import board_links
from web.api.shapes import linked_shape_of, problems, shape_of
from web.database import reading

blueprint = Blueprint("known", __name__, url_prefix="/api/v1/known", description="Whether a machine is known")


def _stated(description: str, example: str) -> ma.String:
    return ma.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": description, "example": example},
    )


class KnownQuery(Schema):
    """What the firmware calls a machine; each may be left out."""

    board_vendor = _stated("Maker of the board, as the firmware spells it.", "ASRock")
    board_name = _stated("Name of the board.", "X399 Taichi")
    system_vendor = _stated("Maker of the computer, where it was sold whole.", "Dell Inc.")
    system_name = _stated("What it was sold as.", "OptiPlex 9020")
    system_version = _stated("Its version, by which Lenovo's are known.", "ThinkCentre M93p")
    bios_version = _stated("BIOS version, compared as it is but for blanks at its ends.", "P3.90")
    cpu = _stated("Processor, as the kernel names it.", "AMD Ryzen Threadripper 1900X 8-Core Processor")


_BOARD = linked_shape_of(queries.BoardName)

Known = shape_of(queries.KnownMachine).from_dict(
    {
        "level": ma.String(
            required=True,
            validate=validate.OneOf(queries.LEVELS),
            metadata={
                "description": "exact: this board with this BIOS version; other_bios: this board; related: only other"
                " boards of its maker with a model word of its name; unknown: none of it."
            },
        ),
        "board": ma.Nested(_BOARD, required=True, allow_none=True),
        "related": ma.List(ma.Nested(_BOARD), required=True),
    },
    name="KnownMachine",
)


@blueprint.route("")
class KnownView(MethodView):
    """What is known of one machine."""

    @blueprint.doc(responses=problems(422))
    @blueprint.arguments(KnownQuery, location="query")
    @blueprint.response(200, Known)
    def get(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Ask whether a machine is known.

        What is asked is neither stored nor logged. A board is known by maker and name together; boards with similar
        names are listed as related and are never taken for the same.
        """
        with reading() as session:
            known = queries.known_machine(session, **asked)
        return {
            **public(known),
            "board": known.board and _linked(known.board),
            "related": [_linked(board) for board in known.related],
        }


def _linked(board: queries.BoardName) -> dict[str, Any]:
    return {**public(board), "links": board_links(board.vendor_slug, board.slug)}
