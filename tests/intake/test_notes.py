"""A board's answer tells what its slots depend on, from all reports of its machines and not only the newest."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.store import NOW, board_of, small, submit

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from hwdb.models.engine import Database

KEY = "a-key-made-by-a-client-0001"


def sent(database: Database, version: str, date: str, day: int, *, shared: bool, key: str | None = KEY) -> None:
    document = small(shared=shared, bios={"version": version, "date": date})
    submit(database, document, key=key, now=NOW + dt.timedelta(days=day))


def test_a_machine_that_updated_its_firmware_shows_a_regression(database: Database, client: FlaskClient) -> None:
    sent(database, "P3.90", "12/04/2019", 0, shared=False)
    sent(database, "P4.00", "01/10/2020", 1, shared=True)
    board = board_of(database, submit(database, small("1b81")))
    (note,) = board.notes
    assert note.kind == "regression"
    assert note.text.startswith("Since BIOS P4.00 PCIE1 does not isolate; P3.90 was the last version that was good.")
    assert [(cell.bios, cell.grade) for cell in board.matrix if cell.bios] == [
        ("P3.90", "isolated"),
        ("P4.00", "shared_onboard"),
    ]
    page = client.get("/boards/example-inc/board-one").text
    assert "Regression." in page
    assert "P3.90 was the last version that was good" in page


def test_dates_order_versions_that_their_spelling_does_not(database: Database) -> None:
    sent(database, "A.10", "05/01/2019", 0, shared=True)
    sent(database, "9.80", "05/01/2018", 1, shared=False)
    board = board_of(database, submit(database, small(shared=True, bios={"version": "A.10", "date": "05/01/2019"})))
    assert board.bios_versions == ("9.80",)
    assert board.notes[0].text.startswith("Since BIOS A.10 PCIE1 does not isolate; 9.80")
