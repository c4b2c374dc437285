"""Secrets on lines of their own below the line that says what they are. No I/O.

Part of ``hwdb.importers.redact``: the strings manufacturers write into a table that dmidecode
prints, and blocks of YAML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwdb.importers.redact_labels import USER, may_be_read
from hwdb.importers.removal import REMOVED

if TYPE_CHECKING:
    from hwdb.importers.removal import Removal

OEM = "string of the manufacturer"

_QUOTE = r"[\s>|*]*+"
_TITLE = re.compile(rf"{_QUOTE}(?:OEM Strings|OEM-specific Type|System Configuration Options|Inactive|MSDM)\s*+\Z")
_END = re.compile(
    rf"{_QUOTE}(?:Handle 0x[0-9A-Fa-f]|\Z)"
    rf"|{_QUOTE}[A-Z][A-Za-z0-9 ,/-]{{3,50}}(?:Information|Device|Cache|Array|Address|Table)\s*+\Z"
)
_HEADINGS = re.compile(rf"{_QUOTE}(?:Header and Data|Strings|Option|String [0-9]{{1,3}}|Option [0-9]{{1,3}}):")
# Any other labelled line may be a field of a table whose handles and indents were lost.
_FIELD = re.compile(rf"{_QUOTE}[A-Z][A-Za-z0-9 /.()-]{{1,39}}+:(?:\s|\Z)")
_VALUE = re.compile(r"(?P<before>[\s>|*]*+(?:(?:String|Option) [0-9]{1,3}:\s*+)?)(?P<value>\S.*+)", re.DOTALL)
_BLOCK = re.compile(
    r"(?P<indent>[\s>]*+)(?:- )?(?:credit|link|author|serial|serial_number|uuid|hostname):\s*+[|>][+-]?\s*+\Z"
)
_MOST_LINES = 200


class Blocks:
    """Remembers which block the next line stands in."""

    def __init__(self) -> None:
        self._oem = False
        self._indent: int | None = None
        self._left = 0

    def without(self, line: str, removal: Removal) -> str | None:
        """Return a line of such a block without what it says; None for a line that is in none."""
        self._left -= 1
        if self._left < 0:
            self._oem, self._indent = False, None
        if self._indent is not None:
            if not line.strip() or _indent(line) > self._indent:
                return None if may_be_read(line) else _emptied(line, USER, removal)
            self._indent = None
        if self._opens(line):
            return None
        self._oem = self._oem and _END.match(line) is None
        if not self._oem or may_be_read(line) or "BOOT_IMAGE=" in line:
            return None
        if _FIELD.match(line) and not _HEADINGS.match(line):
            return None
        return _emptied(line, OEM, removal)

    def _opens(self, line: str) -> bool:
        """Take a line for the one that a block stands below, if it is one."""
        # Nearly no line is one, and these letters stand in all that are.
        if line.endswith(("|", ">", "-", "+")) and _BLOCK.match(line):
            self._indent, self._left = _indent(line), _MOST_LINES
            return True
        if ("OEM" in line or "Options" in line or "Inactive" in line or "MSDM" in line) and _TITLE.match(line):
            self._oem, self._left = True, _MOST_LINES
            return True
        return False


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t>"))


def _emptied(line: str, kind: str, removal: Removal) -> str:
    """Return a line with a placeholder for what it says; headings stay."""
    said = _VALUE.match(line)
    if said is None or said["value"].rstrip().endswith(":"):
        return line
    value = said["value"].rstrip()
    return said["before"] + removal.take(kind, value, REMOVED) + line[said.start("value") + len(value) :]
