"""A hardware report of Qubes OS (``qubes-hcl-report``, YAML): board, firmware, processor, and how it went. No I/O.

It lists no functions with addresses and no groups. The dialect is a few keys whose value stands behind them or, as a
block, on the indented lines below; that is read by lines, and nothing else of YAML. Who sent it (``credit``, ``link``)
is not taken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwdb.errors import ParseError
from hwdb.importers import posted
from hwdb.importers.redact_line import without_secrets
from hwdb.importers.removal import Removal
from hwdb.importers.untyped import WORD, text_of
from hwdb.report import Bios, Board, Cpu, Iommu, Kernel, Memory, Outcome, Provenance, Report, System, Virtualization

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY = re.compile(r"(?P<indent> {0,8})(?P<item>- ++)?(?P<key>[a-z][a-z-]{1,30}):(?: ++(?P<value>.*+))?\Z")
_BLOCK = re.compile(r"[|>][+-]?")
_KNOWN = frozenset(
    {
        *("layout", "type", "hvm", "iommu", "slat", "tpm", "remap", "brand", "model", "bios", "cpu", "chipset", "gpu"),
        *("network", "memory"),
    }
)
_NEEDED = 4
_TAKEN = frozenset({*_KNOWN, "works", "qubes", "xen", "kernel", "remark"})
_MEBIBYTES = re.compile(r"[0-9]{1,9}")
_YES, _NO = ("yes", "true"), ("no", "false")
_RESULTS = {**dict.fromkeys(_YES, "works"), **dict.fromkeys(_NO, "fails"), "partial": "workaround"}
_PORTABLE = ("notebook", "laptop", "portable")
_MOST_OUTCOMES = 32
_MOST_LINES = 20
# A remark that names an address of mail or a page says more than how the machine does.
_PERSONAL = re.compile(r"@|://")


def sniff(text: str) -> bool:
    """Whether the keys of such a report stand at the beginnings of lines, ``layout: hcl`` first of all."""
    at = text.find("layout:")
    if at < 0 or "hcl" not in text[at : at + 40]:
        return False
    keys = {line.text.partition(":")[0] for line in posted.lines(text[at : at + 10_000])}
    return len(keys & _KNOWN) >= _NEEDED


def parse(text: str) -> Report:
    """Return what a report says of its machine.

    Raises:
        ParseError: It names no board.
    """
    said, versions = _read(text)
    if "brand" not in said and "model" not in said:
        raise ParseError("this is no report of qubes-hcl-report: it names no machine in 'brand:' and 'model:'")
    vendor, name = (text_of(said.get(key)) for key in ("brand", "model"))
    kind = said.get("type", "").lower()
    newest = versions[0] if versions else {}
    cpu = text_of(said.get("cpu"))
    memory = _MEBIBYTES.fullmatch(said.get("memory", ""))
    system = text_of(newest.get("qubes"))
    return Report(
        board=Board(vendor, name),
        system=System(vendor, name) if kind in _PORTABLE else System(),
        bios=Bios(version=text_of(said.get("bios"))),
        cpus=None if cpu is None else (Cpu(name=cpu),),
        memory=Memory(int(memory[0]) * 2**20 if memory and int(memory[0]) else None),
        kernel=Kernel(
            release=text_of(newest.get("kernel")), distribution=None if system is None else f"Qubes {system}"
        ),
        iommu=Iommu(state=_word(said.get("iommu"), "on", "off"), interrupt_remapping=_flag(said.get("remap"))),
        virtualization=Virtualization(stack=("Qubes OS", "Xen")),
        outcomes=tuple(_outcome(version) for version in versions[:_MOST_OUTCOMES]) or None,
        provenance=Provenance(
            source="qubes",
            problems=(
                "A report for the Qubes hardware list has neither PCI functions with their addresses nor groups.",
                "Brand and model in it are the names of the whole system, which may be another than the board's.",
            ),
        ),
    )


def _read(text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the keys of the machine, and those of each version of Qubes it was tried with."""
    said: dict[str, str] = {}
    versions: list[dict[str, str]] = []
    below = said
    for item, indent, key, value in _entries(text):
        if item and len(versions) < _MOST_OUTCOMES:
            versions.append({})
        if indent == 0 and not item:
            below = said
        elif versions:
            below = versions[-1]
        if key in _TAKEN:
            # The first statement counts: another report may follow.
            below.setdefault(key, value)
    return said, versions


def _entries(text: str) -> Iterator[tuple[bool, int, str, str]]:
    """Yield every key: whether it begins a list's item, its indentation, its name and its value."""
    match: re.Match[str] | None = None
    lines: list[str] = []
    for line in posted.lines(text):
        key = _KEY.match(line.text)
        if key is not None:
            if match is not None:
                yield _entry(match, lines)
            match, lines = key, []
        elif line.text[:1] in {" ", "\t", ""} and len(lines) < _MOST_LINES:
            lines.append(line.text.strip())
        elif line.text[:1] not in {" ", "\t", ""}:
            # A line that is neither a key nor below one ends the value: "---", or prose.
            if match is not None:
                yield _entry(match, lines)
            match = None
    if match is not None:
        yield _entry(match, lines)


def _entry(match: re.Match[str], lines: list[str]) -> tuple[bool, int, str, str]:
    value = (match["value"] or "").strip()
    parts = [part for part in (lines if not value or _BLOCK.fullmatch(value) else [value]) if part]
    # Only a remark has more than one line that is worth it; of a list of cards the first says which machine it is.
    said = "\n".join(parts if match["key"] == "remark" else parts[:1])
    if len(said) > 1 and said[0] == said[-1] and said[0] in "'\"":
        said = said[1:-1].strip()
    return bool(match["item"]), len(match["indent"]), match["key"], said


def _word(said: str | None, yes: str, no: str) -> str | None:
    lowered = (said or "").lower()
    return yes if lowered in _YES else no if lowered in _NO else None


def _flag(said: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(_word(said, "yes", "no") or "")


def _outcome(version: dict[str, str]) -> Outcome:
    lines = (line for line in version.get("remark", "").split("\n") if line and not _PERSONAL.search(line))
    remark = "\n".join(without_secrets(line, Removal()) for line in lines)
    names = (("qubes", "Qubes"), ("xen", "Xen"), ("kernel", "kernel"))
    parts = [f"{name} {version[key][:WORD]}" for key, name in names if version.get(key)]
    note = "\n".join(part for part in (", ".join(parts), remark) if part)
    return Outcome(
        device="the whole machine",
        role="other",
        guest=None,
        result=_RESULTS.get(version.get("works", "").lower()[:WORD]),
        note=note[:2000] or None,
    )
