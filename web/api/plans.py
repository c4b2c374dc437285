"""Plans: which board, or which slots of one board, for the cards somebody wants to plug in."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError, post_load, validate
from marshmallow import fields as ma

from hwdb import queries
from hwdb.analysis.planner import Plan
from hwdb.analysis.public import public
from hwdb.analysis.wishes import ALLOWED, KINDS, MOST_NEEDS, Need, Wish, parse_need
from hwdb.errors import WishError
from web.api.links import board_links
from web.api.shapes import linked_shape_of, problems, shape_of
from web.database import reading

blueprint = Blueprint("plans", __name__, url_prefix="/api/v1/plans", description="Slots for the cards you want")

_NEED = rf"^({'|'.join(KINDS)})(:x?(1|2|4|8|16))?\Z"
_ADDRESS = r"^[a-z0-9-]{1,96}/[a-z0-9-]{1,96}\Z"


def _about_the_board(what: str) -> ma.String:
    description = f"Only boards with this {what}; those of which it is not known are counted in `left_out`."
    return ma.String(validate=validate.Length(1, 64), metadata={"description": description})


class PlansQuery(Schema):
    """What is to be plugged in, and what is asked of slots and board."""

    need = ma.List(
        ma.String(validate=validate.Regexp(_NEED, error="A card is asked for like gpu:x8 or usb.")),
        required=True,
        validate=validate.Length(1, MOST_NEEDS),
        metadata={
            "description": "A card in a slot of its own, like gpu:x8: its kind and, after a colon, the lanes that have"
            " to be wired at least. Once for each card. Without lanes a gpu needs 8, an nvme 4, any other 1.",
            "example": ["gpu:x8", "usb"],
        },
    )
    board = ma.String(
        validate=validate.Regexp(_ADDRESS, error="A board is named by its address, like asrock/x399-taichi."),
        metadata={"description": "Only this board, by its address like asrock/x399-taichi; no other limit on boards."},
    )
    socket = _about_the_board("socket")
    chipset = _about_the_board("chipset")
    form_factor = _about_the_board("form factor")
    vendor = ma.String(
        validate=validate.Length(1, 200), metadata={"description": "Only boards of this maker, by name or slug."}
    )
    min_machines = ma.Integer(
        load_default=1,
        validate=validate.Range(1, 1000),
        metadata={"description": "Machines that have to support what is said of each slot used."},
    )
    cpu_attached = ma.Boolean(load_default=False, metadata={"description": "Only slots wired to the CPU."})
    m2 = ma.Boolean(load_default=True, metadata={"description": "Whether NVMe drives may go into M.2 and U.2 slots."})
    lasting = ma.Boolean(
        load_default=False,
        metadata={"description": "Only slots that isolate after the pending kernel change too: no isolated_legacy."},
    )
    allow = ma.List(
        ma.String(validate=validate.OneOf(ALLOWED)),
        load_default=list,
        validate=validate.Length(max=len(ALLOWED)),
        metadata={"description": "Slots that isolate only while others stay empty; those are kept empty then."},
    )
    limit = ma.Integer(load_default=20, strict=False, validate=validate.Range(1, 100))

    @post_load
    def understood(self, asked: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Return the wish with where to look for it."""
        try:
            needs = tuple(parse_need(one) for one in asked.pop("need"))
        except WishError as error:
            raise ValidationError(str(error), "need") from error
        place = {name: asked.pop(name, None) for name in ("board", "limit")}
        machines, allow = asked.pop("min_machines"), tuple(asked.pop("allow"))
        return {**place, "wish": Wish(needs, machines=machines, allow=allow, **asked)}


_PLAN = linked_shape_of(Plan)

Plans = shape_of(queries.PlansView).from_dict(
    {"needs": ma.List(ma.Nested(shape_of(Need)), required=True), "plans": ma.List(ma.Nested(_PLAN), required=True)},
    name="Plans",
)


@blueprint.route("")
class PlansResource(MethodView):
    """Plans for a wish."""

    @blueprint.doc(responses=problems(404, 422))
    @blueprint.arguments(PlansQuery, location="query")
    @blueprint.response(200, Plans)
    def get(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Find boards, or the slots of one board, for the cards you want to plug in.

        `fits` is true where every card has a slot of its own that isolates, null where that hangs on what is not known
        (`possible` says what), false where a card is without a slot (`unplaced` says what is in the way). Slots whose
        `evidence` is not `observed` are said to be so. Onboard devices always stay with the host.
        """
        wish, address = asked["wish"], asked["board"]
        with reading() as session:
            if address is None:
                found = queries.plans(session, wish, asked["limit"])
            else:
                vendor_slug, slug = address.split("/")
                found = queries.plan_for(session, vendor_slug, slug, wish)
        plans = [{**public(one), "links": board_links(one.vendor_slug, one.slug)} for one in found.plans]
        return {**public(found), "plans": plans}
