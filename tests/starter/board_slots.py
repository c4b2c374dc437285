"""What the slot tables of other machines of a board say, as slot statements of a report.

The rows are statistics over linuxhw/DMI (CC BY 4.0): for each board and designation the commonest type and address. An
address speaks of this machine's port only when it is sound; where it is not, the name stands alone.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from hwdb import importers
from hwdb.analysis.slotmap import key_of
from hwdb.identity import identify
from hwdb.report import Board, Report
from hwdb.topology.address import address_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from hwdb.identity import BoardIdentity
    from hwdb.report import Slot

ATTRIBUTION = "linuxhw/DMI, CC BY 4.0"

_FEWEST, _SHARE = 3, 0.7
"""Machines that give an address, and their share, before it is taken for the board's."""

Row = dict[str, str]


class BoardSlots:
    """The slot tables of boards, as ``BOARD-SLOTS.tsv`` counts them."""

    def __init__(self, corpus: Path) -> None:
        with (corpus / "dmi" / "BOARD-SLOTS.tsv").open(encoding="utf-8", newline="") as opened:
            rows = [row for row in csv.DictReader(opened, delimiter="\t") if not row["boilerplate"]]
        self._by_board: Mapping[tuple[str, str], list[Row]] = defaultdict(list)
        makers: Mapping[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            board = _board(row)
            self._by_board[board.vendor_key, board.key].append(row)
            makers[row["designation"], row["commonest_address"]].add(board.vendor_key)
        # AMD's reference table of AM5, TRX40 and X399 has names like a board's ("PCIE3 00:02.2"). That two makers gave
        # one name to one port shows that neither of them did.
        self._copied = {said for said, by in makers.items() if len(by) > 1 and _is_port(said[1])}

    def missing_in(self, report: Report) -> tuple[Slot, ...]:
        """Return the statements that say more of the report's board than its own table does."""
        board = identify(report)
        own = {key_of(s.designation): s for s in report.slots or () if s.designation and s.witness == "smbios"}
        rows = self._by_board.get((board.vendor_key, board.key), ())
        return tuple(_more(own, (self._statement(row) for row in rows if self._names_a_slot(row))))

    def _names_a_slot(self, row: Row) -> bool:
        return (row["designation"], row["commonest_address"]) not in self._copied and "<" not in row["designation"]

    def _statement(self, row: Row) -> Slot:
        lines = ["System Slot Information", f"\tDesignation: {row['designation']}", f"\tType: {row['type']}"]
        if _is_sound(row):
            lines.append(f"\tBus Address: {row['commonest_address']}")
        (slot,) = importers.parse("\n".join([*lines, ""]), "dmidecode").slots or ()
        many = int(row["machines_with_designation"])
        others = f"{many} other machines" if many > 1 else "another machine"
        note = f"Told by the slot table of {others} of this board ({ATTRIBUTION}), not by this machine's."
        return replace(slot, note=note)


def _board(row: Row) -> BoardIdentity:
    return identify(Report(board=Board(vendor=row["vendor"], name=row["product"])))


def _more(own: Mapping[str, Slot], statements: Iterable[Slot]) -> Iterable[Slot]:
    """Yield the statements on slots that the machine's own table does not name, or names without an address."""
    for statement in statements:
        known = own.get(key_of(statement.designation or ""))
        if known is None or (known.address is None and statement.address is not None):
            yield statement


def _is_port(text: str) -> bool:
    """Whether an address may be a function's; dummies are none (00:00.0, 00:1f.7, bus ff)."""
    address = address_of(text)
    if address is None or address.bus == 0xFF or (address.bus, address.device, address.function) == (0, 0x1F, 7):
        return False
    return (address.bus, address.device) != (0, 0)


def _is_sound(row: Row) -> bool:
    """Whether an address means the same port on every machine: one on bus 0, given by enough machines.

    Buses behind ports move with what is plugged in: 81:00.0 is behind a slot on one machine and behind a bridge inside
    the processor on the next.
    """
    address = address_of(row["commonest_address"])
    share = float(row["address_share"])
    return (
        address is not None
        and _is_port(row["commonest_address"])
        and (address.domain, address.bus) == (0, 0)
        and share >= _SHARE
        and share * int(row["machines_with_designation"]) >= _FEWEST
    )
