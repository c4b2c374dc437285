"""One statement on one slot, resolved: what the other modules of this room hand each other. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hwdb.report import Slot
    from hwdb.topology.connectors import Place
    from hwdb.topology.machine import Machine


@dataclass(frozen=True)
class SlotWitness:
    """One statement on one slot, resolved.

    Attributes:
        slot: The statement.
        designation: The slot's name that the statement speaks for: its own, the one it seconds (a number of the kernel
            whose port another witness names), ``Slot 3`` for a number that names a slot itself; None when it speaks
            for no slot of this board, and then it appears in no answer.
        port: Address of the port on this machine; None when it is hidden or not known.
        path: Path of the port, from the tree or from the statement; None when neither knows it.
        device: Device number behind a conventional bridge, whose slots share one bus; None for PCIe.
        occupant: Address of a function of the card in it; None when empty or not known.
        mixed: Whether the address was put together from the bus behind a port and the port's own device and function.
        void: Why the statement is not believed; None when it is, or when it makes no claim about a port. A void
            statement names no port.
        hint: Path of the port that a void statement names all the same, by the table of a reference board: it counts
            where another witness shows a slot there.
    """

    slot: Slot
    designation: str | None = None
    port: str | None = None
    path: str | None = None
    device: int | None = None
    occupant: str | None = None
    mixed: bool = False
    void: str | None = None
    hint: str | None = None

    @property
    def place(self) -> tuple[str | None, int | None]:
        """The port and, behind a conventional bridge, the device number: what two statements can agree on."""
        return self.port, self.device

    def voided(self, reason: str) -> SlotWitness:
        """Return the statement without its port, nor the card behind that port, and why."""
        return SlotWitness(self.slot, self.designation, void=reason)

    def placed(self, machine: Machine, place: Place) -> SlotWitness:
        """Return the statement with its port, the port's path, and the card it named, if it named one."""
        path = machine.paths.get(place.port)
        if path is not None and place.device is not None:
            path = f"{path}/{place.device:02x}"
        named = self.slot.address if self.slot.address in machine.functions else None
        card = self.occupant or (named if named != place.port else None)
        return replace(self, port=place.port, path=path, device=place.device, occupant=card, mixed=place.mixed)
