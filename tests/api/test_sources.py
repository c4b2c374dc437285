"""The text of a paste: kept redacted, shown to the holder of its key and to nobody else, gone with its report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hwdb import importers
from hwdb.intake import accept, withdraw
from tests.store import NOW, row_counts, small, submit

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from hwdb.intake import Accepted
    from hwdb.models.engine import Database
    from tests.api.conftest import DocumentedClient

KEY, OTHER = "a-key-made-by-a-client-0001", "a-key-made-by-a-client-0002"
HOST = "tower" + "47"
PASTE = f"""\
someone@{HOST}:~$ ./iommu.sh
IOMMU Group 0:
\t00:01.1 PCI bridge [0604]: Advanced Micro Devices, Inc. [AMD] Device [1022:1453]
IOMMU Group 1:
\t01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP104 [10de:1b80] (rev a1)
"""


@pytest.fixture
def pasted(database: Database) -> Accepted:
    """Store what a paste says, under a key."""
    with database.writing() as session:
        accepted = accept(session, importers.parse(PASTE), now=NOW, key=KEY, text=PASTE)
        session.commit()
    return accepted


def under(key: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {key}"}}


def test_its_holder_reads_it_redacted(api: DocumentedClient, pasted: Accepted) -> None:
    answer = api.get(f"/api/v1/reports/{pasted.public_id}/source", **under(KEY))
    text = answer.get_json()["text"]
    assert HOST not in text
    assert "someone" not in text
    assert text.splitlines()[1:] == PASTE.splitlines()[1:]
    assert importers.parse(text) == importers.parse(PASTE)


@pytest.mark.parametrize(("key", "status"), [(None, 401), (OTHER, 403)])
def test_nobody_else_reads_it(api: DocumentedClient, pasted: Accepted, key: str | None, status: int) -> None:
    options = {} if key is None else under(key)
    answer = api.get(f"/api/v1/reports/{pasted.public_id}/source", **options)
    assert answer.status_code == status
    assert "IOMMU Group" not in answer.text


def test_no_page_and_no_other_answer_shows_it(client: FlaskClient, pasted: Accepted) -> None:
    for path in ("/reports/{}", "/api/v1/reports/{}"):
        answer = client.get(path.format(pasted.public_id))
        assert answer.status_code == 200
        assert "./iommu.sh" not in answer.text


def test_a_report_without_a_text_says_so(api: DocumentedClient, database: Database) -> None:
    sent = submit(database, small(), key=KEY)
    answer = api.get(f"/api/v1/reports/{sent.public_id}/source", **under(KEY))
    assert answer.status_code == 404
    assert "without a text" in answer.get_json()["detail"]


def test_it_goes_with_its_report(database: Database, pasted: Accepted) -> None:
    assert row_counts(database)["source_texts"] == 1
    with database.writing() as session:
        withdraw(session, pasted.public_id, NOW)
        session.commit()
    assert row_counts(database)["source_texts"] == 0


def test_text_that_no_column_takes_is_kept_all_the_same(database: Database) -> None:
    with database.writing() as session:
        accept(session, importers.parse(PASTE), now=NOW, text=f"{PASTE}\x00\ud800")
        session.commit()
    assert row_counts(database)["source_texts"] == 1
