"""Building the single file: ``python -m submitter.bundle FILE``; ``--list`` names what rides in it.

The same sources give the same bytes: entries are sorted, carry one date and one mode, and are compressed at one level.
Only zlib-ng, which a few systems build their Python with, compresses otherwise than zlib; it is refused.
"""

from __future__ import annotations

import hashlib
import os
import sys
import zipfile
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Packages and modules that ride, whole; of the analysis what judges one machine.
_WHOLE = (
    "hwdb/__init__.py",
    "hwdb/config_space.py",
    "hwdb/smbios.py",
    "hwdb/errors.py",
    "hwdb/parameters.py",
    "hwdb/report",
    "hwdb/topology",
    "submitter",
)
_ANALYSIS = (
    *("answer", "companions", "groups", "judging", "lines", "port_evidence", "public", "sentence", "shapes", "slotmap"),
    *("verdicts", "words"),
)
_STAYS = "submitter/bundle.py"
_SHEBANG = b"#!/usr/bin/env python3\n"
_START = b"from submitter.cli import main\n\nmain()\n"
# The oldest date a zip archive can hold.
_DATE = (1980, 1, 1, 0, 0, 0)
_REGULAR = 0o100644 << 16


def riders() -> list[str]:
    """Return the paths of everything in the file, from the root of the project, sorted."""
    analysis = [f"hwdb/analysis/{name}.py" for name in ("__init__", *_ANALYSIS)]
    return sorted({path for part in (*_WHOLE, *analysis) for path in _below(part)} - {_STAYS})


def _below(part: str) -> Iterator[str]:
    if part.endswith(".py"):
        yield part
        return
    for folder, _, names in os.walk(os.path.join(ROOT, part)):
        inside = os.path.relpath(folder, ROOT).replace(os.sep, "/")
        yield from (f"{inside}/{name}" for name in names if name.endswith((".py", ".json")))


def build(target: str) -> str:
    """Write the file and return its SHA-256."""
    if "ng" in zlib.ZLIB_RUNTIME_VERSION:
        sys.exit(
            "This Python compresses with zlib-ng, so the file would differ from everybody else's; use another one."
        )
    os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
    with open(target, "wb") as out:
        out.write(_SHEBANG)
        with zipfile.ZipFile(out, "w") as archive:
            _add(archive, "__main__.py", _START)
            for path in riders():
                with open(os.path.join(ROOT, path), "rb") as source:
                    _add(archive, path, source.read())
    os.chmod(target, 0o755)  # noqa: S103 - a program, for everyone to run
    with open(target, "rb") as made:
        return hashlib.sha256(made.read()).hexdigest()


def _add(archive: zipfile.ZipFile, name: str, whole: bytes) -> None:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.external_attr = _REGULAR
    entry.compress_type = zipfile.ZIP_DEFLATED
    # Otherwise it names the system that the archive was made on.
    entry.create_system = 3
    archive.writestr(entry, whole, compresslevel=9)


def main(arguments: list[str]) -> None:
    """Build the file that is named, or list what rides in it."""
    if arguments == ["--list"]:
        print("\n".join(path for path in riders() if path.endswith(".py")))
    elif len(arguments) == 1:
        print(f"{build(arguments[0])}  {arguments[0]}")
    else:
        sys.exit("usage: python -m submitter.bundle FILE | --list")


if __name__ == "__main__":
    main(sys.argv[1:])
