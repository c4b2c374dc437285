"""What a processor is called. No I/O."""

from __future__ import annotations

import re

from hwdb.identity.names import key_of, words_of
from hwdb.identity.placeholders import is_placeholder

UNKNOWN_CPU = "Unknown processor"
_CORES = r"(?:\d+|Dual|Triple|Quad|Six|Eight|Twelve|Sixteen)"
# Cores and clock tell nothing apart that the model does not; a clock behind "@" may be cut short ("@ 2.00GH", "@").
_FILLERS = re.compile(
    rf"\s*@.*$|\b{_CORES}[- ]Cores?(?: Processor\b|$)|\bProcessor\b|\bCPU\b|(?<=\d) Desktop Kit$", re.IGNORECASE
)
# Engineering samples have no model: "Genuine Intel(R) CPU 0000 @ 2.60GHz".
_SAMPLE = re.compile(r"\b0000\b|\$0000%")
# Words that say who made it, not what it is.
_NO_MODEL = frozenset(
    {"amd", "intel", "r", "tm", "genuine", "processor", "cpu", "model", "unknown", "family", "hammer", "version", "eng"}
    | {"sample", "null", "mobile"}
)
_VIRTUAL = re.compile(r"pc-(?:q35|i440fx)-.*|.*\b(?:Q35 \+ ICH9|i440FX \+ PIIX).*", re.IGNORECASE)
_NOT_THE_MODEL = re.compile(
    # What may be left out in front, and what graphics come with it: no two processors differ in these alone.
    r"^(?:[0-9]{1,2}th gen )?(?:intel |amd )?(?:[0-9]{1,2}th gen )?(?=.)|,?\s(?:apu )?(?:with |w/ )?(?:amd )?radeon\b.*"
    r"|\sr[2-7], [0-9]+ compute cores.*|(?<=[0-9])\sapu$|(?<=e[357]-[0-9]{4}) 0$"
)


def is_unknown_cpu(text: str | None) -> bool:
    """Whether a processor's name says nothing: a placeholder, a maker without a model, a virtual machine's chipset."""
    if text is None or is_placeholder(text) or _VIRTUAL.fullmatch(text.strip()):
        return True
    telling = [word for word in words_of(text).split() if word not in _NO_MODEL]
    return len("".join(telling)) < 3


def cpu_name(text: str) -> str:
    """Return a processor's name without trademark signs, clock rate and filler words; ``UNKNOWN_CPU`` if none."""
    if is_unknown_cpu(text):
        return UNKNOWN_CPU if text.strip().casefold() != "processor" else text.strip()
    # A mark may stand inside a name (FX(tm)-8350) or between two words (Core(TM)i7).
    plain = re.sub(r"(?:\((?:R|TM|tm|r)\)|[®™])(-?)", lambda mark: mark[1] or " ", text)
    if not _SAMPLE.search(plain):
        plain = _FILLERS.sub(" ", plain)
    # Old boards leave a letter or two of what stood there before.
    return " ".join(plain.split()).rstrip(" .{[") or text.strip()


def cpu_key(text: str) -> str:
    """Return what two spellings of one processor have in common.

    Makers, generations and the graphics inside may be left out: ``Intel(R) Core(TM) i7-6700K CPU @ 4.00GHz``,
    ``Intel Core i7-6700K`` and ``Core i7-6700K`` are one.
    """
    shown = cpu_name(text)
    return key_of(_NOT_THE_MODEL.sub("", shown.casefold())) or key_of(shown) or shown
