"""What somebody wants to plug in: cards with their least widths, and limits on the slots and the board. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hwdb.errors import WishError

MOST_NEEDS = 16
"""Cards in one wish."""

ALLOWED = ("conditional",)
"""Grades that do not isolate without more and that a wish may allow all the same."""

# What a card is called, and the lanes it is taken to need where the wish does not say.
_KINDS = {
    "gpu": ("GPU", 8),
    "usb": ("USB card", 1),
    "nvme": ("NVMe drive", 4),
    "nic": ("network card", 1),
    "sata": ("SATA card", 1),
    "any": ("card", 1),
}
KINDS = tuple(_KINDS)
"""Kinds of cards a wish can name; ``any`` is a card of any other kind."""

_NEED = re.compile(rf"({'|'.join(KINDS)})(?::x?(1|2|4|8|16))?")


@dataclass(frozen=True)
class Need:
    """One card that wants a slot of its own.

    Attributes:
        kind: One of ``KINDS``.
        lanes: Lanes that have to be wired at least: 1, 2, 4, 8 or 16.
    """

    kind: str
    lanes: int


@dataclass(frozen=True)
class Wish:
    """Cards, and what is asked of slots and board. Onboard devices stay with the host: no slot that shares with them.

    Attributes:
        needs: The cards, each in a slot of its own.
        machines: Machines that have to support the grade of each slot used.
        cpu_attached: Only slots wired to the processor.
        m2: Whether NVMe drives may go into M.2 and U.2 slots.
        lasting: Only slots that isolate after the pending kernel change too: no ``isolated_legacy``.
        allow: Grades of ``ALLOWED`` that count as isolating while the slots they hang on stay empty.
        socket, chipset, form_factor: As a board's answer spells them, without regard to case; None for any.
        vendor: Name or slug of the board's vendor; None for any.
    """

    needs: tuple[Need, ...]
    machines: int = 1
    cpu_attached: bool = False
    m2: bool = True
    lasting: bool = False
    allow: tuple[str, ...] = ()
    socket: str | None = None
    chipset: str | None = None
    vendor: str | None = None
    form_factor: str | None = None


def parse_need(text: str) -> Need:
    """Return the card that ``gpu:x8``, ``gpu:8`` or ``usb`` asks for.

    Without a width a GPU is taken to need 8 lanes, an NVMe drive 4 and any other card 1.

    Raises:
        WishError: It is none of these.
    """
    found = _NEED.fullmatch(text.strip().casefold())
    if found is None:
        raise WishError(
            f"a card is asked for like gpu:x8 or usb: one of {', '.join(KINDS)}, with x1, x2, x4, x8 or x16"
        )
    kind, lanes = found.groups()
    return Need(kind, int(lanes) if lanes else _KINDS[kind][1])


def card_names(needs: tuple[Need, ...]) -> tuple[str, ...]:
    """Return what each card is called in sentences: ``GPU 1``, ``GPU 2``, ``USB card``."""
    kinds = [need.kind for need in needs]
    return tuple(
        _KINDS[kind][0] + (f" {kinds[:place].count(kind) + 1}" if kinds.count(kind) > 1 else "")
        for place, kind in enumerate(kinds)
    )


def kind_name(kind: str) -> str:
    """Return what a card of a kind is called: ``GPU``."""
    return _KINDS[kind][0]
