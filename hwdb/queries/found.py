"""What a search for boards finds: the boards, the devices its words name, and what each filter would leave."""

from __future__ import annotations

from dataclasses import dataclass

from hwdb.queries.views import BoardHit  # noqa: TC001 (the API's schema is made by this annotation)
from hwdb.queries.wanted import Understood  # noqa: TC001 (the same)


@dataclass(frozen=True)
class NamedDevice:
    """A device that a search names and a report shows.

    Attributes:
        id: Its PCI id, like ``10de:1b80``.
        name: What the list of PCI ids calls it; None when it does not.
        machines: Machines on which it was seen.
    """

    id: str
    name: str | None
    machines: int


@dataclass(frozen=True)
class FilterValue:
    """One value of a filter, and how many boards it leaves with all other filters as they are."""

    value: str
    boards: int


@dataclass(frozen=True)
class Filter:
    """One filter and its values, those that leave most boards first where they have no order of their own.

    Attributes:
        name: Of the parameter.
        values: Those that leave a board, and those asked for; at most ``MOST_VALUES`` besides the latter.
        more: How many values were left off.
        unknown: Boards of which the fact is not known, with all other filters as they are.
    """

    name: str
    values: tuple[FilterValue, ...]
    more: int
    unknown: int


@dataclass(frozen=True)
class FoundBoards:
    """What a search finds.

    Attributes:
        query: As it was asked.
        understood: Words of it that name a fact of boards; a board fits by the fact or by its name.
        words: The other words; a board's name fits them, or a device seen on it where no board's name does.
        devices: Devices named, at most ``hwdb.queries.named_devices.MOST``, most machines first.
        more_devices: Whether there are more of them.
        sort, offset, limit: As they were applied.
        total: Boards found.
        boards: Those from ``offset`` on, at most ``limit``.
        left_out: Further boards of which a fact asked for is not known.
        known: Boards there are.
        filters: Each filter with its values.
    """

    query: str
    understood: tuple[Understood, ...]
    words: str
    devices: tuple[NamedDevice, ...]
    more_devices: bool
    sort: str
    offset: int
    limit: int
    total: int
    boards: tuple[BoardHit, ...]
    left_out: int
    known: int
    filters: tuple[Filter, ...]
