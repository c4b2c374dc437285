"""What an owner adds to a report in a form: its fields -> the report's document. Pure functions.

Blank fields say nothing. What the source states is not asked for again: a form for a new report fills gaps only, the
form of the edit page corrects.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from hwdb import schema
from hwdb.identity import is_placeholder, is_unknown_cpu
from hwdb.report import to_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from werkzeug.datastructures import MultiDict

    from hwdb.report import Report

LICENCE = "CC0-1.0"
"""What submitted facts are given under."""

FACTS = {
    "board_vendor": ("Maker of the board", ("board", "vendor")),
    "board_name": ("Board", ("board", "name")),
    "bios_version": ("BIOS version", ("bios", "version")),
    "cpu": ("Processor", ("cpus", "name")),
    "kernel": ("Kernel", ("kernel", "release")),
}
"""The facts a form asks for: field -> its label and where the fact stands in a document."""

SETTING = ("name", "value", "note")
OUTCOME = ("function", "device", "role", "guest", "result", "note")
_LABELS = {**{path: label for label, path in FACTS.values()}, ("slots", "designation"): "Slot"}
# What handing a device to a guest makes of it, by class.
_ROLES = {"03": "guest_gpu", "0c03": "guest_usb", "01": "guest_disk", "02": "guest_nic"}


@dataclass(frozen=True)
class Filled:
    """What stands in a form, to be shown again and to be put into a report.

    Attributes:
        facts: Fields of ``FACTS``.
        acs: ``yes`` or ``no`` to "is an ACS override in effect?", blank for neither.
        slots: Address of a card or port -> the slot it is in, blank for none.
        settings, outcomes: Rows of a form, by the names in ``SETTING`` and ``OUTCOME``.
    """

    facts: Mapping[str, str]
    acs: str
    slots: Mapping[str, str]
    settings: Sequence[Mapping[str, str]]
    outcomes: Sequence[Mapping[str, str]]


def read_form(form: MultiDict[str, str]) -> Filled:
    """Return what stands in a form; rows without a word are left out."""
    slots = zip(form.getlist("place"), form.getlist("slot"), strict=False)
    return Filled(
        facts={name: form.get(name, "").strip() for name in FACTS},
        acs=form.get("acs", ""),
        slots={place: name.strip() for place, name in slots},
        settings=_rows(form, "setting", SETTING, says=SETTING),
        outcomes=_rows(form, "outcome", OUTCOME, says=("device", "guest", "result", "note")),
    )


def _rows(form: MultiDict[str, str], what: str, keys: Sequence[str], says: Sequence[str]) -> list[dict[str, str]]:
    columns = [form.getlist(f"{what}_{key}") for key in keys]
    rows = [dict(zip(keys, map(str.strip, row), strict=True)) for row in zip_longest(*columns, fillvalue="")]
    return [row for row in rows if any(row[key] for key in says)]


def of_report(report: Report) -> Filled:
    """Return the form of a report as it stands, for its owner to correct."""
    document = to_document(report)
    override = report.kernel.acs_override
    return Filled(
        facts={name: _fact(document, path) or "" for name, (_, path) in FACTS.items()},
        acs="" if override is None else "yes" if override else "no",
        slots={_place_of(slot): slot.get("designation", "") for slot in _own_slots(document) if _place_of(slot)},
        settings=[_texts(one, SETTING) for one in document.get("settings") or ()],
        outcomes=[_texts(one, OUTCOME) for one in document.get("outcomes") or ()],
    )


def _texts(part: Mapping[str, Any], keys: Iterable[str]) -> dict[str, str]:
    return {key: part.get(key) or "" for key in keys}


def _fact(document: Mapping[str, Any], path: tuple[str, str]) -> str | None:
    part = document.get(path[0]) or {}
    if isinstance(part, list):
        part = next((one for one in part if one.get(path[1])), {})
    said: str | None = part.get(path[1])
    return said


def missing(report: Report) -> tuple[str, ...]:
    """Return which of ``FACTS`` a report leaves out, those that firmware fills with words that say nothing too."""
    document = to_document(report)
    return tuple(name for name, (_, path) in FACTS.items() if says_nothing(_fact(document, path)))


def says_nothing(fact: str | None) -> bool:
    """Whether a name is absent or stands for an absent one, like "Default string"."""
    return fact is None or is_placeholder(fact) or is_unknown_cpu(fact)


def asks_for_override(report: Report) -> bool:
    """Whether a report leaves open if an ACS override is in effect."""
    return report.kernel.acs_override is None and report.kernel.parameters is None


def added(report: Report, said: Filled) -> Report:
    """Return a new report with the gaps filled that its source leaves.

    Raises:
        InvalidReport: Something is longer than a report may hold; every such field is named.
    """
    gaps = missing(report)
    facts = {name: fact for name, fact in said.facts.items() if name in gaps and fact}
    acs = said.acs if asks_for_override(report) else ""
    return _made(report, replace(said, facts=facts, acs=acs), rewritten=())


def corrected(report: Report, said: Filled) -> Report:
    """Return a stored report with what its owner now says in place of what they said before.

    Raises:
        InvalidReport: Something is longer than a report may hold; every such field is named.
    """
    return _made(report, said, rewritten=("facts", "settings", "outcomes"))


def with_licence(report: Report) -> Report:
    """Return a report with its submitter's consent in it."""
    return replace(report, provenance=replace(report.provenance, licence=LICENCE))


def label_of(field: str) -> str:
    """Return what a form calls a field of a document, like ``board.name``."""
    parts = [part.split("[")[0] for part in field.split(".")]
    return _LABELS.get((parts[0], parts[-1]), field)


def _made(report: Report, said: Filled, rewritten: Sequence[str]) -> Report:
    document = to_document(report)
    for name, (_, path) in FACTS.items():
        fact = said.facts.get(name) or None
        if fact is not None or "facts" in rewritten:
            _state(document, path, fact)
    if said.acs in {"yes", "no"} or "facts" in rewritten:
        document["kernel"] = {
            **(document.get("kernel") or {}),
            "acs_override": {"yes": True, "no": False}.get(said.acs),
        }
    document["slots"] = _slots(document, said.slots)
    settings = [_stated(row) for row in said.settings]
    outcomes = [_outcome(report, row) for row in said.outcomes]
    for key, rows in (("settings", settings), ("outcomes", outcomes)):
        before = [] if key in rewritten else document.get(key) or []
        # That an owner leaves everything blank does not say that there is nothing.
        document[key] = [*before, *(row for row in rows if row not in before)] or None
    return schema.load(document).report


def _state(document: dict[str, Any], path: tuple[str, str], fact: str | None) -> None:
    part = document.get(path[0])
    if path[0] != "cpus":
        document[path[0]] = {**(part or {}), path[1]: fact}
        return
    first, *others = part or [{}]
    if fact is not None or part:
        document["cpus"] = [{**first, path[1]: fact}, *others]


def _stated(row: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in row.items() if value}


def _outcome(report: Report, row: Mapping[str, str]) -> dict[str, str]:
    said = _stated(row)
    if "role" not in said and "function" in said:
        code = next((f.class_ or "" for f in report.functions if f.address == said["function"]), "")
        said["role"] = _ROLES.get(code) or _ROLES.get(code[:2]) or "other"
    return said


def _own_slots(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [slot for slot in document.get("slots") or () if slot.get("witness") == "submitter"]


def _place_of(slot: Mapping[str, Any]) -> str:
    return slot.get("occupant") or slot.get("address") or ""


def _slots(document: Mapping[str, Any], named: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """Return all slot statements: the owner's on these places as they are now, everything else as it was."""
    kept, seen = [], set()
    for slot in document.get("slots") or ():
        place = _place_of(slot) if slot.get("witness") == "submitter" else ""
        if place in named and slot.get("designation") != (named[place] or None):
            continue
        seen.add(place)
        kept.append(slot)
    bridges = {f["address"] for f in document["functions"] if f.get("class") == "0604" or f.get("header_type") == 1}
    there = {f["address"] for f in document["functions"]}
    new = [
        _label(place, name, empty=place in bridges)
        for place, name in named.items()
        if name and place in there and place not in seen
    ]
    return [*kept, *new] or (None if document.get("slots") is None else [])


def _label(place: str, name: str, *, empty: bool) -> dict[str, Any]:
    where = {"address": place} if empty else {"occupied": True, "occupant": place}
    return {"witness": "submitter", "designation": name, **where}
