"""The planner: which board, or which slots of the one somebody owns, for the cards they want to plug in."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from flask import render_template, request

from hwdb import queries
from hwdb.analysis.wishes import MOST_NEEDS
from hwdb.analysis.words import listing
from hwdb.errors import NotFound
from web.database import reading
from web.pages.drawing import drawing_of
from web.pages.outline import table_slots
from web.pages.wish_form import ABOUT_THE_BOARD, LANES, kinds, read_form

if TYPE_CHECKING:
    from flask import Blueprint
    from sqlalchemy.orm import Session

    from hwdb.analysis.planner import Plan
    from hwdb.queries import BoardHit, PlansView
    from web.pages.drawing import Drawing
    from web.pages.wish_form import WishForm

# A page of more boards, or of more cards on so many, is too heavy for a phone; the API gives up to 100.
_USUAL, _MOST = 10, 20
_FEW_CARDS = 6
_SUGGESTED = 6
_ADDRESS = re.compile("([a-z0-9-]{1,96})/([a-z0-9-]{1,96})")


class _Own(NamedTuple):
    """Which board was meant: its address, or what is wrong and which boards it may be."""

    address: str | None = None
    error: str = ""
    choices: tuple[BoardHit, ...] = ()


def add(pages: Blueprint) -> None:
    """Put the page on the blueprint."""
    pages.add_url_rule("/plan", "plan", _plan)


def _plan() -> str:
    form = read_form(request.args)
    most = _MOST if form.wish is None or len(form.wish.needs) <= _FEW_CARDS else _USUAL
    limit = _limit(request.args.get("limit", ""), most)
    found, drawing, own = None, None, _Own()
    with reading() as session:
        if form.board:
            own = _own_board(session, form.board)
        if form.wish is not None and not own.error:
            found, own = _found(session, form, own, limit)
        if found is not None and found.plans:
            drawing = _drawn(session, found.plans[0])
        offered = _offered(session)
    if own.error:
        form = replace(form, errors={**form.errors, "board": own.error})
    query = {**form.query, **({"board": [own.address]} if own.address else {})}
    return render_template(
        "plan.html",
        form=form,
        found=found,
        drawing=drawing,
        own=own,
        query=query,
        api_query=urlencode({**query, "limit": limit} if own.address is None else query, doseq=True, safe=":/"),
        kinds=kinds(),
        lanes=LANES,
        most_cards=MOST_NEEDS,
        most=most,
        sections=_sections(found),
        offered=offered,
    )


def _offered(session: Session) -> dict[str, tuple[str, ...]]:
    """Return the values that known boards have of each fact, for the form to offer."""
    filters = queries.find_boards(session, queries.Wanted(limit=1)).filters
    values = {one.name: tuple(value.value for value in one.values) for one in filters}
    return {name: values.get(name, ()) for name in ABOUT_THE_BOARD}


def _limit(asked: str, most: int) -> int:
    # No number of boards has more digits, and of very long numbers Python reads none.
    return max(1, min(int(asked[:4]), most)) if asked.isascii() and asked.isdigit() else _USUAL


def _found(session: Session, form: WishForm, own: _Own, limit: int) -> tuple[PlansView | None, _Own]:
    if form.wish is None:
        return None, own
    if own.address is None:
        return queries.plans(session, form.wish, limit), own
    vendor_slug, slug = own.address.split("/")
    try:
        found = queries.plan_for(session, vendor_slug, slug, form.wish)
    except NotFound as error:
        return None, _Own(error=f"{str(error)[0].upper()}{str(error)[1:]}.")
    # A board may have moved; what is shared and kept is its new address.
    return found, own._replace(address=f"{found.plans[0].vendor_slug}/{found.plans[0].slug}")


def _own_board(session: Session, said: str) -> _Own:
    """Return the board that somebody names by its address or in words."""
    if _ADDRESS.fullmatch(said):
        return _Own(said)
    hits = queries.search(session, said, _SUGGESTED)
    asked = " ".join(said.casefold().split())
    exact = [hit for hit in hits if asked in {f"{hit.vendor} {hit.name}".casefold(), hit.name.casefold()}]
    if len(exact) == 1 or len(hits) == 1:
        hit = (exact or list(hits))[0]
        return _Own(f"{hit.vendor_slug}/{hit.slug}")
    if hits:
        return _Own(error="Several boards have a name like that. Which one is it?", choices=tuple(exact or hits))
    return _Own(error=f"No board is known by the words {said}. Leave the field empty to look at all boards.")


def _drawn(session: Session, plan: Plan) -> Drawing | None:
    """Return the board of a plan with the cards in their slots; None when no card has a slot that has a name."""
    cards = {one.slot.designation: one.card for one in plan.placed}
    cards |= {one.slot.designation: f"{one.card}, not sure" for one in plan.possible}
    named = {slot: card for slot, card in cards.items() if slot is not None}
    if not named:
        return None
    board = queries.board(session, plan.vendor_slug, plan.slug)
    slots = table_slots(board.slots)
    return drawing_of(slots, board.layout, cards=named, chipset=board.chipset, socket=board.socket)


def _sections(found: PlansView | None) -> list[tuple[str, str, list[Plan]]]:
    """Return the plans after the first under headings, those that fit before those that may and those that miss."""
    rest = found.plans[1:] if found is not None else ()
    sections = (
        ("also", "Also fits", True),
        ("may", "May fit", None),
        ("miss", "Nearest misses", False),
    )
    made = [(key, name, [plan for plan in rest if plan.fits is fits]) for key, name, fits in sections]
    return [one for one in made if one[2]]


def picture_of(plan: Plan) -> str:
    """Return what the drawing of a plan shows, in words."""
    placed = [f"{one.card} in {one.slot.designation}" for one in (*plan.placed, *plan.possible)]
    return f"{plan.vendor} {plan.name} with {listing(placed)}"


def weakest(plan: Plan) -> str:
    """Return the grade that stands for a plan: the weakest of its slots, not known where it hangs on the unknown."""
    if plan.fits is None:
        return "unknown"
    grades = [one.slot.grade for one in plan.placed]
    order = ("isolated_legacy", "conditional", "shared_slots", "isolated_bridge", "isolated")
    return next((grade for grade in order if grade in grades), "isolated")


FILTERS: dict[str, Any] = {"picture_of": picture_of, "weakest": weakest}
"""Template filters by name."""
