"""Pasting what people have: understood before it is stored, stored only by the last form."""

from __future__ import annotations

import io
import json
import re
import tarfile
import tempfile
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hwdb import models
from tests.machines import seed_document
from tests.pages.forms import LICENCE, edit_link, fields, labelled, listing, rows, send, stored, words
from web import create_app

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

HOSTILE = '"><script>alert(1)</script>'
TURNED = "evil\u202edraob"
CARD = "0000:08:00.0"
# Nothing that tells a person or a machine stands in a file of this repository.
MAC = "-".join(f"{byte:02x}" for byte in (0x70, 0x85, 0xC2, 0x3F, 0, 1))
PROMPT = "someone@tower:~$ lspci -nn\n"


@pytest.fixture
def database_rows(app: Flask) -> Any:
    def count() -> dict[str, int]:
        with app.extensions["hwdb"].reading() as session:
            return rows(session)

    return count


def test_a_listing_is_shown_as_it_was_understood_and_nothing_is_stored(client: FlaskClient, database_rows: Any) -> None:
    before = database_rows()
    answer = send(client, "/submit/preview", {"text": listing(PROMPT)})
    assert answer.status_code == 200
    said = words(answer)
    assert "Recognised: a script's listing of IOMMU groups with lspci lines. 67 functions in 40 groups" in said
    assert re.search(r"Taken out: 1 . \w+", said)
    assert "someone" not in answer.get_data(as_text=True)
    assert "Missing: maker of the board, board, BIOS version, processor and kernel." in said
    for field in ("board_vendor", "board_name", "bios_version", "cpu", "kernel", "acs"):
        assert f'name="{field}"' in answer.get_data(as_text=True)
    assert database_rows() == before
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_only_the_last_form_stores(client: FlaskClient, database_rows: Any) -> None:
    preview = send(client, "/submit/preview", {"text": listing()})
    form = fields(preview.get_data(as_text=True), "/submit/store")
    refused = send(client, "/submit/store", form)
    assert refused.status_code == 422
    assert "under CC0-1.0. Only such facts are stored." in words(refused)
    assert database_rows()["reports"] == 0
    answer = send(client, "/submit/store", {**form, "board_vendor": "ASRock", "licence": LICENCE})
    assert answer.status_code == 201
    assert database_rows()["reports"] == 1
    assert database_rows()["source_texts"] == 1


def test_what_is_stored_holds_what_was_filled_in(client: FlaskClient) -> None:
    preview = send(client, "/submit/preview", {"text": listing()})
    form = labelled(fields(preview.get_data(as_text=True), "/submit/store"), CARD, "PCIE4")
    form |= {
        "board_vendor": ["ASRock"],
        "board_name": ["X399 Taichi"],
        "bios_version": ["P3.90"],
        "kernel": ["4.20.16"],
        "acs": ["no"],
        "setting_name": ["IOMMU", ""],
        "setting_value": ["Enabled", ""],
        "setting_note": ["", ""],
        "outcome_function": [CARD, ""],
        "outcome_result": ["works", ""],
        "outcome_guest": ["Windows 11", ""],
        "licence": [LICENCE],
    }
    answer = send(client, "/submit/store", form)
    assert answer.status_code == 201, words(answer)
    assert 'href="/boards/asrock/x399-taichi"' in answer.get_data(as_text=True)
    found = re.search(r'href="/reports/([0-9a-f]{16})"', answer.get_data(as_text=True))
    assert found is not None
    document = client.get(f"/reports/{found[1]}.json").get_json()
    assert document["board"] == {"vendor": "ASRock", "name": "X399 Taichi"}
    assert document["bios"] == {"version": "P3.90"}
    assert document["kernel"] == {"release": "4.20.16", "acs_override": False}
    assert document["cpus"] is None, "what was left blank is not stated"
    assert document["provenance"]["licence"] == LICENCE
    assert document["settings"] == [{"name": "IOMMU", "value": "Enabled"}]
    outcome = {"function": CARD, "role": "guest_gpu", "guest": "Windows 11", "result": "works"}
    assert document["outcomes"] == [outcome]
    slot = {"designation": "PCIE4", "witness": "submitter", "occupied": True, "occupant": CARD}
    assert document["slots"] == [slot]
    board = client.get("/api/v1/boards/asrock/x399-taichi").get_json()
    (pcie4,) = [one for one in board["slots"] if one["designation"] == "PCIE4"]
    assert pcie4["isolates"] is True


def test_the_edit_link_is_given_once_and_only_its_hash_is_kept(client: FlaskClient, app: Flask) -> None:
    answer = stored(client, listing())
    link = edit_link(answer)
    key = link.rsplit("/", 1)[1]
    assert len(key) == 43
    for name, said in (("Cache-Control", "no-store"), ("X-Robots-Tag", "noindex"), ("Referrer-Policy", "no-referrer")):
        assert answer.headers[name] == said
    with app.extensions["hwdb"].reading() as session:
        assert key not in repr([vars(one) for one in session.scalars(select(models.Report))])
    assert client.get(link).status_code == 200
    own = client.get("/api/v1/reports", headers={"Authorization": f"Bearer {key}"}).get_json()
    assert len(own["reports"]) == 1, "one ownership mechanism"


def test_a_second_click_gives_the_same_link_and_no_second_report(client: FlaskClient, database_rows: Any) -> None:
    preview = send(client, "/submit/preview", {"text": listing()})
    form = {**fields(preview.get_data(as_text=True), "/submit/store"), "licence": LICENCE}
    first, second = (send(client, "/submit/store", form) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert edit_link(first) == edit_link(second)
    assert database_rows()["reports"] == 1


def test_the_same_text_of_somebody_else_grants_nothing(client: FlaskClient) -> None:
    stored(client, listing())
    again = stored(client, listing())
    assert again.status_code == 200
    assert "This report was there already" in words(again)
    assert "/edit/" not in again.get_data(as_text=True)


def test_a_form_of_another_site_is_refused(client: FlaskClient, database_rows: Any) -> None:
    preview = send(client, "/submit/preview", {"text": listing()})
    form = {**fields(preview.get_data(as_text=True), "/submit/store"), "licence": LICENCE}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ):
        for path in ("/submit/preview", "/submit/store"):
            answer = client.post(path, data=form, headers=headers)
            assert answer.status_code == 403
            assert "came from another site, so nothing was done" in words(answer)
    assert database_rows()["reports"] == 0
    assert client.post("/submit/store", data=form, headers={"Origin": "http://localhost"}).status_code == 201


@pytest.mark.parametrize("text", ["", "  \n ", "Hello, I have a question about my computer.\n"])
def test_a_paste_that_holds_nothing_says_what_is_read(client: FlaskClient, text: str) -> None:
    answer = send(client, "/submit/preview", {"text": text})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert text.strip() in page, "what was typed stays"
    assert 'aria-invalid="true"' in page
    assert "dmidecode" in words(answer)
    assert "lspci -nns" in words(answer), "how to get it"


def test_what_is_shown_again_is_without_secrets(client: FlaskClient) -> None:
    answer = send(client, "/submit/preview", {"text": f"link/ether {MAC} brd\n"})
    assert answer.status_code == 422
    assert MAC not in answer.get_data(as_text=True)


def test_a_document_is_read_and_its_own_facts_are_not_asked_for(client: FlaskClient) -> None:
    answer = send(client, "/submit/preview", {"text": json.dumps(seed_document())})
    said = words(answer)
    assert "Recognised: a report document." in said
    assert "ASRock X399 Taichi" in said
    assert "Missing: BIOS version." in said
    assert 'name="cpu"' not in answer.get_data(as_text=True)
    form = {**fields(answer.get_data(as_text=True), "/submit/store"), "licence": LICENCE}
    assert send(client, "/submit/store", form).status_code == 201


def test_files_are_taken_and_several_make_one_report(client: FlaskClient) -> None:
    board = "Handle 0x0002, DMI type 2, 15 bytes\nBase Board Information\n"
    board += "\tManufacturer: ASRock\n\tProduct Name: X399 Taichi\n"
    files = [(io.BytesIO(listing().encode()), "groups.txt"), (io.BytesIO(board.encode()), "dmi.txt")]
    answer = send(client, "/submit/preview", {"text": "", "file": files})
    said = words(answer)
    assert answer.status_code == 200, said
    assert "2 inputs about one machine. 67 functions in 40 groups" in said
    assert "ASRock X399 Taichi , not known yet: yours would be the first" in said
    form = {**fields(answer.get_data(as_text=True), "/submit/store"), "licence": LICENCE}
    assert send(client, "/submit/store", form).status_code == 201


def test_an_archive_becomes_a_document(client: FlaskClient) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz") as archive:
        text = listing().encode()
        member = tarfile.TarInfo("hw.info/logs/iommu_groups")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    packed.seek(0)
    answer = send(client, "/submit/preview", {"text": "", "file": [(packed, "hw.info.txz")]})
    assert answer.status_code == 200, words(answer)
    assert "an archive, as hw-probe makes it. 67 functions in 40 groups" in words(answer)
    carried = json.loads(fields(answer.get_data(as_text=True), "/submit/store")["text"][0])
    assert len(carried["functions"]) == 67


def test_of_several_machines_one_is_chosen(client: FlaskClient) -> None:
    other = "IOMMU Group 0 00:00.0 Host bridge [0600]: Example Corp. Root [8086:0001]\n"
    other += "IOMMU Group 1 00:02.0 VGA compatible controller [0300]: Example Corp. Card [8086:0002]\n"
    text = f"{listing()}\n\nAnd the old machine:\n\n{other}"
    answer = send(client, "/submit/preview", {"text": text})
    said = words(answer)
    if "Which one is it?" not in said:
        pytest.skip("the importer takes these two listings for one")
    assert "67 functions in 40 groups" in said
    form = fields(answer.get_data(as_text=True), "/submit/store")
    assert form["machine"] == ["0"]
    chosen = send(client, "/submit/preview", {**form, "machine": ["1"]})
    assert "2 functions in 2 groups" in words(chosen)


def test_a_known_board_brings_the_names_of_its_slots(client: FlaskClient) -> None:
    client.post("/api/v1/reports", json=seed_document())
    preview = send(client, "/submit/preview", {"text": listing()})
    assert '<option value="X399 Taichi">' in preview.get_data(as_text=True)
    form = fields(preview.get_data(as_text=True), "/submit/store")
    answer = send(client, "/submit/preview", {**form, "board_vendor": ["ASRock"], "board_name": ["X399 Taichi"]})
    page = answer.get_data(as_text=True)
    assert "known: 1 machine counted" in words(answer)
    for name in ("PCIE1", "PCIE5"):
        assert f'<option value="{name}">' in page
    assert 'value="X399 Taichi"' in page, "what was typed stays"


def test_too_much_is_refused_with_a_sentence(client: FlaskClient) -> None:
    answer = send(client, "/submit/preview", {"text": "x" * (6 * 1024 * 1024 + 1)})
    assert answer.status_code == 413
    assert "This is too large: at most 4,194,304 bytes of text" in words(answer)
    answer = send(client, "/submit/preview", {"text": "", "file": [(io.BytesIO(b"x" * 20_000_000), "x")]})
    assert answer.status_code == 413


def test_a_paste_of_four_mebibytes_goes_through_both_forms(client: FlaskClient) -> None:
    text = listing() + f"# {'says nothing ' * 80}\n" * 3_950
    assert 4_000_000 < len(text) < 4 * 1024 * 1024
    assert stored(client, text).status_code == 201


def test_an_upload_is_written_to_no_temporary_file(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    text = listing() + f"# {'says nothing ' * 80}\n" * 800
    answer = send(client, "/submit/preview", {"text": "", "file": [(io.BytesIO(text.encode()), "groups.txt")]})
    assert answer.status_code == 200
    assert "67 functions in 40 groups" in words(answer)


def test_hostile_words_are_text_on_every_page(client: FlaskClient) -> None:
    for hostile in (HOSTILE, TURNED):
        text = listing().replace("GP104 [GeForce GTX 1080]", hostile)
        preview = send(client, "/submit/preview", {"text": text, "board_name": hostile, "kernel": hostile})
        form = {**fields(preview.get_data(as_text=True), "/submit/store"), "licence": LICENCE}
        form["setting_name"] = [hostile, ""]
        form["setting_value"] = [hostile, ""]
        again = send(client, "/submit/preview", form)
        answer = send(client, "/submit/store", form)
        assert answer.status_code == 201
        pages = [preview, again, answer, client.get(edit_link(answer))]
        for page in pages:
            html = page.get_data(as_text=True)
            assert "<script>" not in html
            outside = re.sub(r"<bdi>.*?</bdi>|<[^>]*>", "", html, flags=re.DOTALL)
            assert "\u202e" not in outside


def test_what_is_too_long_is_named_and_stays(client: FlaskClient, database_rows: Any) -> None:
    preview = send(client, "/submit/preview", {"text": listing(), "board_name": "B" * 201})
    assert preview.status_code == 422
    assert "Board: " in words(preview)
    form = {**fields(preview.get_data(as_text=True), "/submit/store"), "licence": LICENCE}
    assert form["board_name"] == ["B" * 201]
    assert send(client, "/submit/store", form).status_code == 422
    assert database_rows()["reports"] == 0


def test_pages_made_of_forms_lead_back_when_they_are_opened(client: FlaskClient) -> None:
    for path in ("/submit/preview", "/submit/store"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/submit#paste")


def test_one_address_may_store_only_so_often(database_url: str) -> None:
    app = create_app({"HWDB_DATABASE_URL": database_url, "HWDB_SUBMIT_LIMIT": "2 per hour"})
    client = app.test_client()
    statuses = [send(client, "/submit/preview", {"text": listing()}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    app.extensions["hwdb"].dispose()
