"""What is copied from a board's page: Markdown, BBCode, badge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hwdb.analysis.sentence import Sentence
from tests.pages.views import BOARD, SLOTS
from web.pages.share import badge_grade, badge_text, bbcode, in_bbcode, in_markdown, markdown

URL = "https://hwdb.example/boards/asrock/x399-taichi"


def test_markdown_is_a_table_with_the_verdict_first() -> None:
    text = markdown(BOARD, URL)
    lines = text.splitlines()
    assert lines[0].startswith("**ASRock X399 Taichi**: 4 of 5 slots isolate cleanly. PCIE3")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    assert rows[0] == ["slot", "lanes", "wired to", "verdict", "seen on"]
    assert rows[3] == ["PCIE3", "x1", "not known", "shared with onboard", "1 of 1, declared"]
    assert len({len(line) for line in lines if line.startswith("|")}) == 1
    assert lines[-1] == URL


@pytest.mark.parametrize(
    "name",
    [
        "[click](https://evil.example)",
        "![x](https://evil.example/x.png)",
        '"><script>alert(1)</script>',
        "a | b",
        "**bold** _it_ `code` ~~gone~~",
        "https://evil.example",
        "www.evil.example",
        "&lt;b&gt;",
        "line\n# heading",
        "back\\[slash](x)",
    ],
)
def test_a_hostile_name_is_text_in_markdown(name: str) -> None:
    written = in_markdown(name)
    assert "\n" not in written
    # Every character that could begin something has an odd number of backslashes before it.
    for at, letter in enumerate(written):
        if letter in "`*_[]<>#|~&:":
            before = len(written[:at]) - len(written[:at].rstrip("\\"))
            assert before % 2 == 1, written
    assert "www.evil" not in written
    row = markdown(replace(BOARD, slots=(replace(SLOTS[0], designation=name),)), URL).splitlines()[4]
    assert row.replace("\\|", "").count("|") == 6


@pytest.mark.parametrize("name", ["[url=https://evil.example]x[/url]", "[img]https://evil.example/x.png[/img]"])
def test_a_hostile_name_is_text_in_bbcode(name: str) -> None:
    written = in_bbcode(name)
    assert "[" not in written
    assert "]" not in written
    assert "://" not in written
    assert "evil.example" in written
    text = bbcode(replace(BOARD, name=name), URL)
    assert text.count("[url]") == 1
    assert "[img]" not in text


def test_marks_that_turn_the_direction_are_left_out() -> None:
    for write in (in_markdown, in_bbcode):
        assert write("evil\u202eDRAOB") == "evilDRAOB"


@pytest.mark.parametrize(
    ("headline", "says", "grade"),
    [
        ("4 of 5 slots isolate cleanly.", "4 of 5 slots isolate", "isolated"),
        ("All 3 known slots isolate cleanly.", "all 3 known slots isolate", "isolated"),
        ("The one slot known isolates cleanly.", "the one slot known isolates", "isolated"),
        ("0 of 2 slots isolate cleanly.", "0 of 2 slots isolate", "shared_onboard"),
        ("Not known yet: no report shows how these slots are grouped.", "not known yet", "unknown"),
        ("Not known: no report names a slot of this board.", "not known", "unknown"),
    ],
)
def test_a_badge_says_the_verdict_shortly(headline: str, says: str, grade: str) -> None:
    board = replace(BOARD, verdict=Sentence(headline, "", ""))
    assert (badge_text(board), badge_grade(board)) == (says, grade)
