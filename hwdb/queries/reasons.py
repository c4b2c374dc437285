"""Why functions of one report are together or apart, by the kernel's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hwdb import models
from hwdb.errors import NotFound, Withdrawn
from hwdb.models.readings import machine_of, read_document, report_by_id
from hwdb.queries.views import GroupReason
from hwdb.schema.text import excerpt
from hwdb.topology import explain, explain_group, predict, rule_set_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hwdb.topology import Machine


def stored_report(session: Session, public_id: str) -> models.Report:
    """Return a report's row.

    Raises:
        NotFound: There is no such report.
        Withdrawn: There was one, and its owner took it back.
    """
    stored = session.scalar(report_by_id(public_id))
    if stored is not None:
        return stored
    if report_id_shape(public_id) and _is_gone(session, public_id):
        raise Withdrawn(
            f"report {public_id} was withdrawn by its owner; the document and all that was made of it are gone, and the"
            " board is answered for without it"
        )
    raise NotFound(f"there is no report {excerpt(public_id)}; an id has 16 hex digits, as in the report's address")


def report_id_shape(text: str) -> bool:
    """Whether a text may be a report's id: PostgreSQL takes no NUL in text, so nothing else is asked for."""
    return len(text) == 16 and set(text) <= set("0123456789abcdef")


def _is_gone(session: Session, public_id: str) -> bool:
    gone = models.Tombstone.digest
    # A range rather than LIKE, so that both engines look it up in the primary key's index.
    found = session.scalar(select(gone).where(gone >= public_id, gone < f"{public_id}g").limit(1))
    return found is not None


def group_reasons(machine: Machine) -> tuple[GroupReason, ...]:
    """Return why the groups of a machine are as they are, where the rules of its kernel give the very same."""
    if not machine.grouped or machine.taints:
        return ()
    prediction = predict(machine, rule_set_of(machine.report.kernel.release))
    said = ((members[0], explain_group(machine, prediction, members)) for members in machine.groups.values())
    return tuple(GroupReason(first, because) for first, because in said if because)


def why(session: Session, public_id: str, one: str, other: str) -> str:
    """Return why two functions of a report are together or apart, in one or two sentences.

    Args:
        session: Reads only.
        public_id: The report's id.
        one: Address of a function, with or without the domain ``0000``, as a person writes it.
        other: Address of another.

    Raises:
        NotFound: There is no such report, or it lists no such function.
        Withdrawn: The report was taken back.
    """
    machine = machine_of(session, read_document(stored_report(session, public_id).document))
    pair = [_address(machine, asked) for asked in (one, other)]
    said = explain(machine, predict(machine, rule_set_of(machine.report.kernel.release)), *pair)
    groups = [machine.group_of(address) for address in pair]
    if None in groups or pair[0] == pair[1]:
        return said
    how = f"both in group {groups[0]}" if groups[0] == groups[1] else f"in groups {groups[0]} and {groups[1]}"
    return f"{said} The kernel had them {how}."


def _address(machine: Machine, asked: str) -> str:
    text = asked.strip().casefold()
    address = text if text.count(":") > 1 else f"0000:{text}"
    if address not in machine.functions:
        raise NotFound(f"this report lists no function {excerpt(asked)}; addresses are written like 01:00.0")
    return address
