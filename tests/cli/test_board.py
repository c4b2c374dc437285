"""``hwdb board``: an operator's word on boards, told and taken back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.store import small

if TYPE_CHECKING:
    from tests.cli.commands import Shell

ONE, TWO = "example-inc/board-one", "example-inc/board-two"


@pytest.fixture
def boards(shell: Shell) -> Shell:
    """Return a place whose database holds two boards."""
    for card, name in (("1b80", "Board One"), ("1b81", "Board Two")):
        document = small(card, board={"vendor": "Example Inc.", "name": name})
        shell.says("import", "-", given=json.dumps(document).encode())
    return shell


def machines(shell: Shell) -> dict[str, int]:
    found = json.loads(shell.says("query", "board", "--json"))["boards"]
    return {board["slug"]: board["machines"] for board in found}


def test_boards_are_merged_and_parted_again(boards: Shell) -> None:
    said = boards.says("board", "merge", TWO, ONE)
    assert "Noted as entry 1" in said
    assert "1 report judged again." in said
    assert machines(boards) == {"board-one": 2}
    assert "Board Two is Example Inc. Board One." in boards.says("board", "undo", "1")
    assert machines(boards) == {"board-one": 1, "board-two": 1}
    history = boards.says("board", "history", ONE)
    assert "Example Inc. Board Two is Example Inc. Board One.  (undone" in history


def test_a_spelling_and_a_revision(boards: Shell) -> None:
    boards.says("board", "alias", "EXAMPLE", "B1", ONE)
    spelled = small("1b82", board={"vendor": "Example", "name": "b1"})
    boards.says("import", "-", given=json.dumps(spelled).encode())
    revised = small("1b83", board={"vendor": "Example Inc.", "name": "Board One", "version": "2.0"})
    boards.says("import", "-", given=json.dumps(revised).encode())
    assert machines(boards)["board-one"] == 3
    boards.says("board", "split", ONE, "--revision", "2.0", "--name", "Board One Mk2")
    assert machines(boards) == {"board-one": 2, "board-two": 1, "board-one-mk2": 1}
    assert len(boards.says("board", "history").splitlines()) == 2


def test_what_does_not_fit_is_one_sentence(boards: Shell) -> None:
    assert "no board has the address nobody/nothing" in boards.refuses("board", "merge", "nobody/nothing", ONE)
    assert "already" in boards.refuses("board", "merge", ONE, ONE)
    assert "no entry 7" in boards.refuses("board", "undo", "7")
    assert boards.says("board", "history") == "Nothing was said.\n"
