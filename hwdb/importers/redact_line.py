"""One line of a text without its secrets, by all the rules that need no other line. No I/O.

Part of ``hwdb.importers.redact``; importers take it for what people wrote in their own words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.importers.redact_command import without_command
from hwdb.importers.redact_labels import without_labelled
from hwdb.importers.redact_logs import without_names
from hwdb.importers.redact_words import without_words

if TYPE_CHECKING:
    from hwdb.importers.removal import Removal

_MOST_ROUNDS = 8


def without_secrets(line: str, removal: Removal) -> str:
    """Return a line, without its end, free of secrets.

    Where one rule's placeholder lets another one see more, the line is done when nothing changes any more.
    """
    for _ in range(_MOST_ROUNDS):
        before = line
        for rule in (without_command, without_names, without_labelled, without_words):
            line = rule(line, removal)
        if line == before:
            break
    return line
