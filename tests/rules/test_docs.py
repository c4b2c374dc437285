"""The documents say what the code does: settings, commands, grades, links between files."""

from __future__ import annotations

import re
import subprocess

from hwdb.analysis import ISOLATES
from hwdb.analysis.answer import EVIDENCE
from hwdb.cli import _COMMANDS
from hwdb.importers import FORMATS
from tests.conftest import ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


def test_every_setting_has_a_heading_and_every_heading_a_setting() -> None:
    read = {
        name
        for folder in ("hwdb", "web")
        for source in (ROOT / folder).rglob("*.py")
        for name in re.findall(r'environ(?:\.get\(|\[)"(HWDB_\w+)"', source.read_text(encoding="utf-8"))
    }
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### `(HWDB_\w+)`", operations, re.MULTILINE)) == read


def test_every_grade_and_kind_of_evidence_is_explained() -> None:
    explained = (ROOT / "docs" / "how-verdicts-work.md").read_text(encoding="utf-8")
    assert [grade for grade in ISOLATES if f"`{grade}`" not in explained] == []
    assert [kind for kind in EVIDENCE if f"**{kind}**" not in explained] == []


def test_every_format_is_listed() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)) == {known.name for known in FORMATS}


def test_every_command_is_in_the_changelog() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert [name for name in _COMMANDS if not re.search(rf"`(?:hwdb )?{name}`", changes)] == []


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{document.name}: {target}"
        for document in DOCUMENTS
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]
    assert broken == []


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)", makefile, re.MULTILINE)[1].split())  # type: ignore[index]  # it stands there
    told = subprocess.run(["make", "-s", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert {line.split()[0] for line in told.splitlines()} == targets
