"""Kernel command lines, of which only the words that a report may hold are kept (``hwdb.parameters``). No I/O.

Part of ``hwdb.importers.redact``. How much of a command line the importers look at, and when they take its silence for
"none of these words", is ``hwdb.importers.stated``'s: a reduced line is checked to say there what the whole line says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwdb.importers.posted import lines
from hwdb.importers.redact_labels import read_from
from hwdb.importers.removal import REMOVED
from hwdb.importers.stated import stated_in
from hwdb.parameters import spelled

if TYPE_CHECKING:
    from hwdb.importers.removal import Removal
    from hwdb.report import Kernel

COMMAND = "word of a kernel command line"

# Where a command line begins: behind its label, or with a word that only stands there.
_BEGIN = re.compile(
    r"\b(?:kernel )?command line(?: parameters)?:? (?=\S)|\bGRUB_CMDLINE_LINUX(?:_DEFAULT)?=[\"']?"
    r"|(?<![\w.-])(?=(?:BOOT_IMAGE|root|initrd|resume|cryptdevice|rd\.[a-z.]{2,20})=\S)",
    re.IGNORECASE,
)
# Nothing but words of a command line stands before the first one that tells it.
_BARE = re.compile(r"[\s>]*+(?=[\w.-]{1,60}(?:=\S*+)?\s)(?:[\w.-]{1,60}(?:=[^\s\"]*+)?\s++){1,99}\Z")
# The release of the kernel is read from the name of its image.
_IMAGE = re.compile(r"BOOT_IMAGE=\S{0,200}?(vmlinu[xz]-[0-9]\S{2,99})")
_END = re.compile(r"(?:\\r)?\\n|<br|</|[\r\n]", re.IGNORECASE)
_ELIDED = re.compile(r"\.\.\.|\u2026")
_LONGEST, _LONGEST_WORD, _WIDEST = 5001, 1000, 80
_QUOTES = "\"'"
_BLANK = re.compile(r"\s")


def without_command(line: str, removal: Removal) -> str:
    """Return a line whose kernel command lines are reduced to the allowed words; other lines as they are."""
    begun = _BEGIN.search(line) if "=" in line or "ommand line" in line else None
    made, at = [], 0
    while begun is not None:
        start, end = _place(line, begun)
        words, count = _reduced(line[start:end])
        if count and start >= at:
            removal.counts[COMMAND] += count
            blank = line[start:end][len(line[start:end].rstrip()) :]
            made += [line[at:start], words, blank]
            at = end
        # A beginning is as wide as nothing where a word itself tells it.
        begun = _BEGIN.search(line, max(end, begun.end() + (not begun[0])))
    if not made:
        return line
    # Only the last one's end is moved: what stands behind it is the line's.
    return _saying_the_same(line, "".join(made), line[at:])


def _place(line: str, begun: re.Match[str]) -> tuple[int, int]:
    """Return where the words of a command line begin and end."""
    start = begun.end()
    # "quiet ro root=..." begins before the word that tells it.
    if not begun[0] and start <= _LONGEST_WORD and _BARE.match(line[:start]):
        start = len(line) - len(line.lstrip(" \t>"))
    end = _end(line, start)
    # A listing or a log that was glued to it is none of it; "hide=(0000:01:00.0)" is.
    told = read_from(line[:end], start)
    while told is not None:
        word = max(line.rfind(" ", start, told), line.rfind("\t", start, told)) + 1
        if "=" not in line[max(word, start) : told]:
            return start, max(word, start)
        following = _BLANK.search(line, told, end)
        told = None if following is None else read_from(line[:end], following.end())
    return start, end


def _end(line: str, start: int) -> int:
    """Return where a command line ends: at the end of the line, or of the string or markup it stands in."""
    ended = _END.search(line, start)
    end = ended.start() if ended else len(line)
    # An odd quotation mark before it opens a string that holds it.
    before = line[max(0, start - 200) : start]
    quote = next((mark for mark in _QUOTES if before.count(mark) % 2), None)
    closed = line.find(quote, start, end) if quote else -1
    return closed if closed >= 0 else end


def _reduced(command: str) -> tuple[str, int]:
    """Return a command line with one placeholder for every run of words that may not be kept, and their number."""
    kept: list[str] = []
    count = 0
    allowed = True
    for word in command[:_LONGEST].split():
        # What stands behind two dashes is init's, not the kernel's.
        allowed = allowed and word != "--"
        said = _kept(word) if allowed else None
        if said is None and word != REMOVED:
            count += word != "..."
        if said is not None:
            kept.append(said)
        elif not kept or kept[-1] != REMOVED:
            kept.append(REMOVED)
        count += said is not None and said != word
    rest = command[_LONGEST:].split()
    count += len(rest)
    if rest and kept[-1:] != [REMOVED]:
        kept.append(REMOVED)
    if _ELIDED.search(command[:_LONGEST]):
        kept.append("...")
    return " ".join(kept), count


def _kept(word: str) -> str | None:
    """Return what may be kept of a word, None for nothing."""
    # The word itself tells importers that a command line begins with it.
    if word.startswith("BOOT_IMAGE="):
        image = _IMAGE.match(word)
        return f"BOOT_IMAGE={REMOVED}{image[1] if image else ''}"
    known = spelled(word)
    return word if known is not None and len(known) <= _LONGEST_WORD else None


def _saying_the_same(line: str, words: str, after: str) -> str:
    """Return the reduced line in the form that says as much as the whole line did of parameters.

    A line of a width at which mail is broken, or with a mark of something left out, does not say that there are no
    other words; one without does.
    """
    wanted = _kernel(line)
    wide = words + f" {REMOVED}" * (_WIDEST // len(REMOVED))
    forms = [f"{form}{after}" for form in (words, f"{words} ...", wide)]
    return next((form for form in forms if _kernel(form) == wanted), forms[0])


def _kernel(line: str) -> Kernel:
    return stated_in(lines(line)).kernel
