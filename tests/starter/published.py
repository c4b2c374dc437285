"""What the indexes of the corpus say of a publication, as notes in the keys of the report format.

The corpus is a folder of other people's publications, each with a row in the index of its folder: where it stood, and
what was said beside it of board, processor, firmware and kernel.
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FACTER = "a public repository with a nixos-facter report"

# A model that tells processors apart (`Ryzen 5 2600X`, `E5-2670`, `GX-412TC`), not a family ("Intel 12th gen").
_MODEL = re.compile(r"(?:AMD|Intel) [\w -]*(?:\b\d{4,5}[A-Z]*\d?[A-Z]*|\b[A-Z]\d-\d{4}|\b[A-Z]{2}-\d{3}[A-Z]*)\Z")
_SEVERAL = re.compile(r"(\d)x (.+)\Z")
_VERSION_AND_DATE = re.compile(r"(.+?)\s+(\d\d/\d\d/\d{4}|\d{4}/\d\d/\d\d)\Z")
_VERSION = re.compile(r"[\w.]*\d[\w.]*\Z")
# A kernel's own version and the words of a distribution; a builder may have put a name after it.
_RELEASE = re.compile(
    r"\d+\.\d+(?:\.\d+)?(?:-rc\d+)?(?:-\d+(?:\.\d+)*)?(?:-(?:generic|pve|amd64|arch\d(?:-\d)?|gentoo|production)"
    r"|\.(?:el\d+(?:_\d+)?|fc\d+)(?:\.x86_64)?|-kali\d+-amd64)*"
)
# A message's id in a mailing list ends with the name of the machine it was written on, or is a UUID, which no report
# may hold, whatever it is of.
_UUID_MESSAGE = re.compile(r" <[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@[^<>]*>")
_MESSAGE = re.compile(r"<([^@<>\s]+)@[^<>]*>")


def read_indexes(corpus: Path) -> dict[str, dict[str, str]]:
    """Return what is said of each publication, by its path in the corpus."""
    said: dict[str, dict[str, str]] = {}
    for row in _rows(corpus / "forum" / "INDEX.tsv"):
        said[f"forum/{row['file']}"] = {
            "cpu": row["CPU"],
            "bios": row["BIOS"],
            "kernel": row["kernel"],
            "acs_override": row["ACS_override"],
            "reference": _reference(row["source"]),
        }
    for row in _rows(corpus / "facter" / "INDEX.tsv"):
        said[f"facter/{row['file']}"] = {"collected": row["report_date"], "reference": FACTER}
    for row in _rows(corpus / "lspci" / "INDEX.tsv"):
        said[f"lspci/{row['hwid']}.lspci.txt"] = {
            "kernel": row["kernel"].replace("(not given)", ""),
            "distribution": row["distribution"].replace("(not given)", ""),
            "reference": _reference(row["source_or_probe_path"]),
        }
    return said


def notes(said: Mapping[str, str], board: Mapping[str, str], known: Mapping[str, Any]) -> str:
    """Return a notes file with what was said beside a listing; what the listing itself knows is left out.

    Args:
        said: Of the publication, as ``read_indexes`` returns it.
        board: ``vendor`` and ``name``, empty when the listing knows them.
        known: The listing's own document.
    """
    tables = {
        "board": {key: value for key, value in board.items() if value},
        "bios": _bios(said.get("bios", "")),
        "kernel": _kernel(said),
        "provenance": {key: said[key] for key in ("reference", "collected") if said.get(key)},
    }
    lines = [
        line
        for table, facts in tables.items()
        for line in (f"[{table}]", *(f"{key} = {json.dumps(value)}" for key, value in facts.items()))
        if line.startswith("[") or table == "board" or line.split(" = ")[0] not in (known.get(table) or {})
    ]
    cpus = [] if known.get("cpus") else _cpus(said.get("cpu", ""))
    return "\n".join([*lines, *(f"[[cpus]]\nname = {json.dumps(name)}" for name in cpus), ""])


def without_names(release: str) -> str:
    """Return a kernel's release without what a builder appended, which may be the name of a person or a machine."""
    found = _RELEASE.match(release)
    return release if found is None else found[0]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t"))


def _reference(source: str) -> str:
    told = _MESSAGE.sub(r"message \1", _UUID_MESSAGE.sub("", source))
    return told.split(" attachment ")[0].replace("thread read by, ", "thread ")


def _cpus(said: str) -> list[str]:
    several = _SEVERAL.match(said)
    number, name = (int(several[1]), several[2]) if several else (1, said)
    return [name] * number if _MODEL.match(name) else []


def _bios(said: str) -> dict[str, str]:
    dated = _VERSION_AND_DATE.match(said)
    if dated is not None:
        return {"version": dated[1], "date": dated[2]}
    return {"version": said} if _VERSION.match(said) else {}


def _kernel(said: Mapping[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if re.match(r"\d", said.get("kernel", "")):
        facts["release"] = said["kernel"].split()[0]
    if said.get("distribution"):
        facts["distribution"] = said["distribution"]
    override = said.get("acs_override", "")
    if override.startswith("yes"):
        facts["acs_override"] = True
    elif override.startswith("no"):
        facts["acs_override"] = False
    return facts
