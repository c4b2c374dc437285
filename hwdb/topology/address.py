"""PCI addresses and port paths as values. No I/O."""

from __future__ import annotations

import re
from typing import NamedTuple

_ADDRESS = re.compile(r"([0-9a-f]{4,8}):([0-9a-f]{2}):([01][0-9a-f])\.([0-7])\Z")


class Address(NamedTuple):
    """A PCI function's address, in the order functions are enumerated."""

    domain: int
    bus: int
    device: int
    function: int

    @property
    def hop(self) -> str:
        """Device and function as a step of a port path, like ``1c.4``."""
        return f"{self.device:02x}.{self.function}"

    def __str__(self) -> str:
        return f"{self.domain:04x}:{self.bus:02x}:{self.hop}"


def parse_address(text: str) -> Address:
    """Return the address that ``dddd:bb:dd.f`` names.

    Raises:
        ValueError: The text is not a full lowercase PCI address.
    """
    match = _ADDRESS.match(text)
    if match is None:
        raise ValueError(f"{text!r} is not a PCI address like 0000:01:00.0")
    return Address(*(int(part, 16) for part in match.groups()))


def address_of(text: str | None) -> Address | None:
    """Return the address that a statement gives, None when it gives none that can be read."""
    try:
        return None if text is None else parse_address(text)
    except ValueError:
        return None
