"""What was pasted, as it was understood, before it is stored; and storing it."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from hwdb import intake, queries
from hwdb.analysis.facts import facts_of
from hwdb.errors import DocumentError, HwdbError, InvalidReport, ParseError, Unrecognised, Withdrawn
from hwdb.identity import owner_hash
from web.database import reading, writing
from web.limits import limiter, submit_limit
from web.origin import refuse_other_sites
from web.pages import filled, paste
from web.pages.drawing import drawing_of
from web.pages.functions import card_name
from web.pages.private import kept_out_of_caches, kept_private
from web.pages.submit_page import submit_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Blueprint
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from hwdb.analysis.layouts import PlacedSlot
    from hwdb.report import Report
    from web.pages.drawing import Drawing

# 256 random bits as `secrets.token_urlsafe(32)` writes them.
_KEY = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_REMOVED = re.compile(r"([A-Za-z][A-Za-z ,-]{0,60}):([0-9]{1,7})\Z")
_NOTHING = "There is nothing to read: paste a text, or choose a file."
_NO_LISTING = "This is no listing that hwdb reads. Below is what it reads, and the commands that print it."
_TOO_LARGE = (
    f"This is too large: at most {paste.MAX_TEXT:,} bytes of text and {paste.MAX_FILES:,} bytes of files are taken."
    " Leave out what is not about PCI, the firmware or the IOMMU."
)
_CONSENT = "Say that anyone may use the facts, under CC0-1.0. Only such facts are stored."


class Sent(NamedTuple):
    """A form, understood: what was pasted, which of its machines is meant, and what its owner adds.

    ``removed`` and ``key`` are made when the text first comes in, and the page carries them on.
    """

    pasted: paste.Pasted
    machine: int
    said: filled.Filled
    removed: list[tuple[str, int]]
    key: str

    @property
    def report(self) -> Report:
        """The report as its source has it."""
        return self.pasted.reports[self.machine]


def add(pages: Blueprint) -> None:
    """Put the pages on the blueprint."""
    for name, view in (("preview", _shown), ("store", _stored)):
        limited = limiter.limit(submit_limit, methods=["POST"])(_taking(view))
        pages.add_url_rule(f"/submit/{name}", f"submit_{name}", limited, methods=["GET", "POST"])


def _taking(view: Callable[[Sent], Response]) -> Callable[[], Response]:
    """Return a view that reads the form for another; what cannot be read goes back to where it was pasted."""

    def take() -> Response:
        if request.method != "POST":
            # A page that is made of a form cannot be asked for without it.
            return redirect(url_for("pages.submit", _anchor="paste"), 303)
        refuse_other_sites()
        paste.take_large_forms()
        try:
            return view(_read())
        except RequestEntityTooLarge:
            return _again(_TOO_LARGE, 413, "")
        except Unrecognised:
            return _again(_NO_LISTING, 422, paste.safe_text())
        except HwdbError as error:
            return _again(str(error), error.status if isinstance(error, DocumentError) else 422, paste.safe_text())

    take.__name__ = view.__name__
    return take


def _again(problem: str, status: int, text: str) -> Response:
    return kept_out_of_caches(make_response(submit_page(problem, text), status))


def _read() -> Sent:
    form = request.form
    sent = paste.inputs()
    if not sent:
        raise ParseError(_NOTHING)
    pasted = paste.read(sent)
    stated = form.get("machine", "")
    chosen = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 4 else pasted.largest
    carried = [match for text in form.getlist("removed")[:40] if (match := _REMOVED.match(text))]
    return Sent(
        pasted=pasted,
        machine=chosen if chosen < len(pasted.reports) else pasted.largest,
        said=filled.read_form(form),
        removed=[*pasted.removed, *((match[1], int(match[2])) for match in carried)],
        key=form["key"] if _KEY.match(form.get("key", "")) else secrets.token_urlsafe(32),
    )


def _shown(sent: Sent, problems: tuple[str, ...] = ()) -> Response:
    """Answer with what was understood; with ``problems``, why it was not stored."""
    try:
        report = filled.added(sent.report, sent.said)
    except InvalidReport as error:
        report, problems = sent.report, (*problems, *sentences(error))
    with reading() as session:
        rehearsal = intake.rehearse(session, report)
        page = render_template(
            "preview.html",
            sent=sent,
            report=report,
            rehearsal=rehearsal,
            problems=problems,
            missing=filled.missing(sent.report),
            left_out={name: _in_a_sentence(filled.FACTS[name][0]) for name in filled.missing(report)},
            asks_for_override=filled.asks_for_override(sent.report),
            choices=queries.board_choices(session, facts_of(report).chipset),
            drawing=drawn(session, rehearsal, report),
            **words(),
        )
    return kept_out_of_caches(make_response(page, 422 if problems else 200))


def drawn(session: Session, rehearsal: intake.Rehearsal, report: Report) -> Drawing | None:
    """Return the drawing in which slots are chosen, None when no slot of the board has a name yet."""
    slots = [slot for slot in rehearsal.slots if slot.designation is not None]
    layout: tuple[PlacedSlot, ...] = ()
    if rehearsal.vendor_slug is not None and rehearsal.slug is not None:
        layout = queries.board(session, rehearsal.vendor_slug, rehearsal.slug).layout
    if not slots and not layout:
        return None
    facts = facts_of(report)
    cards = {place.slot: (place.names or (place.kind,))[0] for place in rehearsal.places if place.slot and place.kind}
    return drawing_of(
        slots,
        layout,
        cards={slot: card_name(name) for slot, name in cards.items() if name},
        links=lambda _: "#label",
        chipset=facts.chipset,
        socket=facts.socket,
    )


def _in_a_sentence(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def words() -> dict[str, Any]:
    """Return what the fields of the forms are called."""
    return {"facts": {name: label for name, (label, _) in filled.FACTS.items()}, "licence": filled.LICENCE}


def sentences(error: InvalidReport) -> tuple[str, ...]:
    """Return what is wrong with a form, field by field."""
    return tuple(f"{filled.label_of(problem.field)}: {problem.reason}" for problem in error.problems)


def _stored(sent: Sent) -> Response:
    if request.form.get("licence") != filled.LICENCE:
        return _shown(sent, (_CONSENT,))
    try:
        report = filled.with_licence(filled.added(sent.report, sent.said))
    except InvalidReport:
        return _shown(sent)
    try:
        with writing() as session:
            now = dt.datetime.now(dt.UTC)
            accepted = intake.accept(session, report, now=now, key=sent.key, text=sent.pasted.text)
            session.commit()
    except Withdrawn as error:
        return _shown(sent, (f"{str(error)[:1].upper()}{str(error)[1:]}.",))
    return kept_private(make_response(_receipt(accepted, sent.key), 201 if accepted.created else 200))


def _receipt(accepted: intake.Accepted, key: str) -> str:
    with reading() as session:
        # Sent twice, as by a second click, it is still theirs; that somebody else sent the same grants nothing.
        mine = any(one.id == accepted.public_id for one in queries.own_reports(session, owner_hash(key)))
        report = queries.report(session, accepted.public_id)
    link = url_for("pages.edit", key=key, _external=True) if mine else None
    return render_template("stored.html", accepted=accepted, report=report, link=link)
