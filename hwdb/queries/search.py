"""Boards for a search: by words of vendor, name, facts and devices, through the filters that shops have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz
from sqlalchemy import func, select

from hwdb import models
from hwdb.analysis.filters import SlotFacts, SlotsWanted, fitting, least_confidence
from hwdb.analysis.sentence import Sentence  # noqa: TC001 (answers are read back by this annotation)
from hwdb.analysis.shapes import SlotAnswer  # noqa: TC001 (the same)
from hwdb.models.documents import unpack
from hwdb.queries.filtering import Row, filtered
from hwdb.queries.found import FoundBoards
from hwdb.queries.likeness import likeness, plainly
from hwdb.queries.named_devices import MOST, device_hits, ids_called, seen_on
from hwdb.queries.views import BoardHit
from hwdb.queries.wanted import FACTS, Wanted, compact, understand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from hwdb.queries.wanted import Understood, Words

Seen = dict[str, dict[int, int]]


@dataclass(frozen=True)
class _Answer:
    """The part of a board's stored answer that a result shows."""

    verdict: Sentence
    slots: tuple[SlotAnswer, ...] = ()
    machines: int = 0
    chipset: str | None = None
    socket: str | None = None
    form_factor: str | None = None
    bios_versions: tuple[str, ...] = ()
    kernels: tuple[str, ...] = ()


def known_boards(session: Session) -> int:
    """Return how many boards have an answer."""
    return session.scalar(select(func.count()).select_from(models.BoardFilters)) or 0


def recent_boards(session: Session, limit: int = 20) -> tuple[BoardHit, ...]:
    """Return the boards with the newest reports."""
    return find_boards(session, Wanted(limit=limit)).boards


def search(session: Session, q: str, limit: int = 50) -> tuple[BoardHit, ...]:
    """Return the boards that fit the words, best first; none for no words.

    Words may come in any order, in part and with typing errors: ``taichi x399``, ``asrock x399``, ``x399 tachi``.
    """
    return find_boards(session, Wanted(q=q, limit=limit)).boards if q.strip() else ()


def find_boards(session: Session, wanted: Wanted) -> FoundBoards:
    """Return the boards that fit a search, what its words were taken for, and what each filter would leave."""
    rows = board_rows(session)
    words = understand(wanted, facts_known(rows))
    scores = named_so(rows, words)
    ids = words.ids or (() if wanted.literal else ids_called(session, words.rest))
    seen = seen_on(session, ids[:MOST])
    if words.ids:
        scores = {row: score for row, score in scores.items() if all(row in seen.get(one, {}) for one in words.ids)}
    elif not scores and seen:
        scores = _where_seen(rows, words, seen)
    elif wanted.q.strip() and not words.asked:
        scores = {}
    passed = filtered((row for row in rows if row.id in scores), wanted)
    # Where every word names a fact, all boards match equally well.
    facts_only = bool(words.facts) and not words.rest and not words.ids
    sort = wanted.sort or ("slots" if facts_only else "match" if wanted.q.strip() else "newest")
    ordered = sorted(passed.boards, key=_order(sort, scores, wanted.of_slots or SlotsWanted()))
    page = ordered[wanted.offset : wanted.offset + wanted.limit]
    return FoundBoards(
        query=wanted.q,
        understood=words.facts,
        words=" ".join(words.rest),
        devices=device_hits(session, seen),
        more_devices=len(ids) > MOST,
        sort=sort,
        offset=wanted.offset,
        limit=wanted.limit,
        total=len(ordered),
        boards=_hits(session, page, wanted.of_slots or SlotsWanted(), seen),
        left_out=passed.left_out,
        known=len(rows),
        filters=passed.filters,
    )


def board_rows(session: Session) -> list[Row]:
    """Return every board that has an answer, as a search sees it."""
    filters = models.BoardFilters
    found = session.execute(
        select(
            filters.board_id,
            models.Vendor.name,
            models.Vendor.slug,
            models.Board.name,
            models.Board.slug,
            filters.chipset,
            filters.socket,
            filters.form_factor,
            filters.slots,
            filters.machines,
            filters.bios_versions,
            filters.no_override,
            filters.newest,
        )
        .join(models.Board, models.Board.id == filters.board_id)
        .join(models.Vendor, models.Vendor.id == models.Board.vendor_id)
    )
    return [Row(*row)._replace(slots=[SlotFacts(*slot) for slot in row.slots]) for row in found]


def facts_known(rows: Iterable[Row]) -> dict[str, tuple[str, str]]:
    """Return the facts that boards have: what ``compact`` makes of each -> its kind and value."""
    known: dict[str, tuple[str, str]] = {}
    for fact in FACTS:
        for value in {getattr(row, fact) for row in rows} - {None}:
            known.setdefault(compact(value), (fact, value))
    known.pop("", None)
    return known


def named_so(rows: Iterable[Row], words: Words) -> dict[int, float]:
    """Return the boards that fit all words by name or fact, each with how well; all boards where there are none."""
    if not words.asked:
        return {row.id: 0.0 for row in rows}
    scores = {}
    for row in rows:
        name = plainly(f"{row.vendor} {row.name}")
        by_fact = _facts_fit(row, name, words.facts)
        if by_fact and words.rest:
            by_fact = min(by_fact, likeness(words.rest, words.asked, name))
        elif by_fact:
            by_fact = by_fact * 0.9 + fuzz.token_sort_ratio(words.asked, name) * 0.1
        if by_fact:
            scores[row.id] = by_fact
    return scores


def _facts_fit(row: Row, name: str, facts: Sequence[Understood]) -> float:
    """Return how well a board fits words that name facts: by its name, or a little less well by the fact alone."""
    worst = 100.0
    for said in facts:
        if f" {said.words} " not in f" {name} ":
            if getattr(row, said.fact) != said.value:
                return 0.0
            worst = 97.0
    return worst


def _where_seen(rows: Iterable[Row], words: Words, seen: Seen) -> dict[int, float]:
    """Return the boards on which a device was seen, of those that fit the words that name facts."""
    boards = {board for places in seen.values() for board in places}
    return {
        row.id: 0.0
        for row in rows
        if row.id in boards and _facts_fit(row, plainly(f"{row.vendor} {row.name}"), words.facts)
    }


def _order(sort: str, scores: Mapping[int, float], asked: SlotsWanted) -> Callable[[Row], tuple[object, ...]]:
    """Return the sort key of an order; what is equal in it is in the order of machines, then names."""

    def rest(row: Row) -> tuple[object, ...]:
        return (-row.machines, plainly(f"{row.vendor} {row.name}"), row.id)

    keys: dict[str, Callable[[Row], tuple[object, ...]]] = {
        "match": lambda row: (-scores[row.id], *rest(row)),
        "slots": lambda row: (-fitting(row.slots, asked)[0], *rest(row)),
        "machines": rest,
        "newest": lambda row: (_descending(row.newest), row.id),
        "name": lambda row: rest(row)[1:],
    }
    return keys[sort]


def _descending(text: str) -> tuple[int, ...]:
    return tuple(-ord(c) for c in text)


def _hits(session: Session, page: Sequence[Row], asked: SlotsWanted, seen: Seen) -> tuple[BoardHit, ...]:
    answer = models.BoardAnswer
    rows = session.execute(select(answer.board_id, answer.document).where(answer.board_id.in_([r.id for r in page])))
    answers = {number: unpack(_Answer, document) for number, document in rows}
    return tuple(_hit(row, answers[row.id], asked, seen) for row in page if row.id in answers)


def _hit(row: Row, answer: _Answer, asked: SlotsWanted, seen: Seen) -> BoardHit:
    isolated, undecided = fitting(row.slots, asked)
    return BoardHit(
        vendor=row.vendor,
        vendor_slug=row.vendor_slug,
        name=row.name,
        slug=row.slug,
        isolated=isolated,
        undecided=undecided,
        confidence=least_confidence(answer.slots),
        devices=tuple(one for one, boards in seen.items() if row.id in boards),
        **vars(answer),
    )
