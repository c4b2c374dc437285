"""What other people published keeps its meaning, and nearly all of its lines: it was scrubbed before."""

from __future__ import annotations

import pytest

from hwdb import importers
from hwdb.errors import ParseError
from hwdb.importers.redact import redactions
from tests.conftest import CORPUS
from tests.importers.test_redact import keeps_the_laws

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the recorded machines of other people are not here"),
]
FOLDERS = ("forum", "lspci", "facter")
# Lines that hold a prompt, a host in a log, a command line or a maker's own string: those are to change.
MOST_CHANGED = {"forum": 140, "lspci": 180, "facter": 4}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_text_keeps_its_meaning(folder: str) -> None:
    kept, changed, lines = 0, 0, 0
    for path in sorted((CORPUS / folder).rglob("*")):
        if path.suffix not in {".txt", ".json"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        try:
            importers.sniff(text)
        except ParseError:
            continue
        made = keeps_the_laws(text)
        pairs = zip(text.splitlines(), made.splitlines(), strict=True)
        changed += sum(one != other for one, other in pairs)
        lines += len(text.splitlines())
        kept += 1
    print(f"{folder}: {kept} texts mean the same when redacted; {changed} of {lines} lines changed")
    assert kept
    assert changed <= MOST_CHANGED[folder]


def test_a_listing_without_secrets_stays_byte_for_byte() -> None:
    for path in sorted((CORPUS / "forum").glob("0[03][1-9]-arch-oneline-*.txt")):
        text = path.read_text(encoding="utf-8")
        if "BOOT_IMAGE" not in text:
            assert redactions(text).text == text
