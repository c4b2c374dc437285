"""Nothing in the repository tells where it was written, and nothing in the data tells whose machine it is."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

# Spelled so that this file does not hold what it looks for.
REGISTRIES = re.compile(r"[p]ypi\.org|[p]ythonhosted\.org|[n]pmjs\.(?:org|com)|[d]eb\.debian\.org")
FOLDERS = re.compile(r"/[r]oot/|/[h]ome/[a-z]|/[U]sers/[A-Za-z]")
MAC = re.compile(r"(?<![0-9A-Fa-f:])[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?![0-9A-Fa-f:])")
UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
SERIAL = re.compile(r"serial", re.IGNORECASE)


def texts() -> Iterator[tuple[str, str]]:
    """Yield every text file that is or would be committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        # Deleted and not yet committed, or a picture.
        if path.is_file() and b"\0" not in (raw := path.read_bytes()):
            yield name, raw.decode("utf-8")


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def starter_lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        path.name
        for path in sorted(Path(ROOT, "hwdb", "starter").iterdir())
        if pattern.search(path.read_text(encoding="utf-8"))
    ]


def test_no_package_registry_is_named() -> None:
    assert lines_with(REGISTRIES) == []


def test_no_folder_of_a_developer_is_named() -> None:
    assert lines_with(FOLDERS) == []


def test_the_committed_facts_identify_no_machine() -> None:
    assert [starter_lines_with(pattern) for pattern in (MAC, UUID, SERIAL)] == [[], [], []]


def test_the_patterns_find_what_they_are_for() -> None:
    assert MAC.search('"note": "70:85:c2:3f:00:01"')
    assert not MAC.search("0000:43:00.0")
    assert UUID.search("03000200-0400-0500-0006-000700080009")
    assert REGISTRIES.search("https://{}.org/simple".format("pypi"))
    assert FOLDERS.search("/{}/someone".format("home"))
