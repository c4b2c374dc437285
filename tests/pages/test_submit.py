"""The page that says how to add a machine, and the file it speaks of, from the whole service."""

from __future__ import annotations

import hashlib
import html
import re
from typing import TYPE_CHECKING

import pytest

from tests.machines import seed_document
from web import create_app
from web.config import read_config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

FILE = "/hwdb-submit.pyz"
BUILD = b"PK\x05\x06 stands for a zip archive" * 3000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the client's file is looked for."""
    return tmp_path / "built" / "client.pyz"


@pytest.fixture
def app(database_url: str, path: Path) -> Iterator[Flask]:
    """Yield the service with a client's file of its own, absent to begin with."""
    path.parent.mkdir()
    made = create_app({"HWDB_DATABASE_URL": database_url, "HWDB_SUBMITTER": str(path)})
    yield made
    made.extensions["hwdb"].dispose()


def text_of(client: FlaskClient, address: str = "/submit") -> str:
    """Return the text of a page, its blanks evened out."""
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def commands(client: FlaskClient) -> list[str]:
    page = client.get("/submit").get_data(as_text=True)
    return [html.unescape(found) for found in re.findall(r"<pre [^>]*>(.*?)</pre>", page, re.DOTALL)]


def test_the_file_is_served_as_it_lies_on_disk(client: FlaskClient, path: Path) -> None:
    path.write_bytes(BUILD)
    answer = client.get(FILE)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, BUILD, "application/zip")
    assert answer.headers["Content-Disposition"] == "attachment; filename=hwdb-submit.pyz"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    head = client.head(FILE)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", answer.headers["ETag"])
    assert int(head.headers["Content-Length"]) == len(BUILD)


def test_who_has_the_file_need_not_fetch_it_again(client: FlaskClient, path: Path) -> None:
    path.write_bytes(BUILD)
    tag = client.get(FILE).headers["ETag"]
    again = client.get(FILE, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    # Another build of the same length in the same second is another file.
    path.write_bytes(BUILD[::-1])
    changed = client.get(FILE, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.data) == (200, BUILD[::-1])
    rest = client.get(FILE, headers={"Range": "bytes=10-"})
    assert (rest.status_code, rest.data) == (206, BUILD[::-1][10:])


def test_the_command_is_for_this_site_and_these_bytes(client: FlaskClient, path: Path) -> None:
    for build in (BUILD, BUILD[::-1]):
        path.write_bytes(build)
        checksum = hashlib.sha256(client.get(FILE).data).hexdigest()
        assert commands(client)[0] == (
            "curl -fsSLO http://localhost/hwdb-submit.pyz &&\n"
            f'echo "{checksum}  hwdb-submit.pyz" |\n'
            "sha256sum -c && python3 hwdb-submit.pyz --server http://localhost"
        )
        page = text_of(client)
        assert f"SHA-256 {checksum}" in page
        assert "hwdb-submit.pyz , 87 kB, needs Python 3.9 or later" in page


def test_a_machine_without_network_has_commands_too(client: FlaskClient, path: Path) -> None:
    path.write_bytes(BUILD)
    assert commands(client)[1:3] == [
        "python3 hwdb-submit.pyz --offline collect -o report.json",
        "python3 hwdb-submit.pyz --server http://localhost send report.json",
    ]


def test_the_page_says_what_is_sent_and_whose_it_is(client: FlaskClient, path: Path) -> None:
    path.write_bytes(BUILD)
    page = text_of(client)
    for said in ("without root", "sudo", "Never read:", "MAC addresses", "CC0-1.0", "random key", "update", "delete"):
        assert said in page


@pytest.mark.parametrize("lies_there", ["nothing", "a folder"])
def test_without_the_file_the_page_says_so_and_how_to_send(client: FlaskClient, path: Path, lies_there: str) -> None:
    if lies_there == "a folder":
        path.mkdir()
    send, _, delete = (command.replace(" \\\n ", "") for command in commands(client))
    to = "http://localhost/api/v1/reports"
    key = "-H 'Authorization: Bearer KEY'"
    assert send == f"curl -H 'Content-Type: application/json' {key} --data-binary @report.json {to}"
    assert delete == f"curl -X DELETE {key} {to}/ID"
    page = text_of(client)
    assert "is not on this server yet" in page
    assert "make submitter" in page
    assert "hwdb-submit.pyz" not in page
    answer = client.get(FILE)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    missing = answer.get_data(as_text=True)
    for said in ("The client is not on this server yet", "<code>make submitter</code>", "HWDB_SUBMITTER", "/submit"):
        assert said in missing


def test_behind_a_proxy_the_command_names_the_address_people_see(database_url: str, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(BUILD)
    environ = {"HWDB_DATABASE_URL": database_url, "HWDB_SUBMITTER": str(path), "HWDB_PROXY_HOPS": "1"}
    app = create_app(environ)
    answer = app.test_client().get(
        "/submit", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "hwdb.example"}
    )
    assert "curl -fsSLO https://hwdb.example/hwdb-submit.pyz" in answer.get_data(as_text=True)
    app.extensions["hwdb"].dispose()


def test_a_hostile_host_is_no_part_of_a_command(client: FlaskClient, path: Path) -> None:
    path.write_bytes(BUILD)
    for host in ("x;reboot", "x$(reboot)", "x`reboot`", "x y", "x'y", 'x"y', "x&y"):
        answer = client.get("/submit", headers={"Host": host})
        assert answer.status_code in {200, 400}
        assert host not in html.unescape(answer.get_data(as_text=True))


def test_the_file_is_looked_for_beside_the_service() -> None:
    path = read_config({}).submitter
    assert path.parts[-2:] == ("dist", "hwdb-submit.pyz")
    assert (path.parent.parent / "web").is_dir()
    assert read_config({"HWDB_SUBMITTER": ""}).submitter == path


def test_is_my_machine_known_is_answered_on_the_page(client: FlaskClient) -> None:
    client.post("/api/v1/reports", json=seed_document())
    known = client.get("/submit?board_vendor=ASRock&board_name=X399+Taichi&bios_version=P3.90")
    page = known.get_data(as_text=True)
    asked = client.get("/api/v1/known?board_vendor=ASRock&board_name=X399+Taichi&bios_version=P3.90").get_json()
    assert asked["sentence"] in page
    assert 'href="/boards/asrock/x399-taichi"' in page
    assert 'value="P3.90"' in page, "what was asked can be corrected"
    related = client.get("/submit?board_vendor=ASRock&board_name=X399+Phantom+Gaming+6").get_data(as_text=True)
    assert "is not known yet" in related
    assert 'href="/boards/asrock/x399-taichi"' in related
    assert "is not known yet" not in text_of(client)


@pytest.mark.parametrize(
    "query",
    [
        "board_name=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&board_vendor=%3Cb%3E",
        "board_name=%00&board_vendor=%ed%a0%80",
        "board_name=" + "x" * 5000,
        "board_name=%E2%80%AEDRAOB&board_vendor=%E2%80%AEx",
        "board_name=a&board_name=b&other=c",
        "board_name=%20",
    ],
    ids=lambda query: query[:30],
)
def test_anything_may_be_asked(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/submit?{query}")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "<script>" not in page
    assert "\u202e" not in re.sub(r"<bdi>.*?</bdi>|<[^>]*>", "", page, flags=re.DOTALL)


def test_every_page_leads_here(client: FlaskClient) -> None:
    for address in ("/", "/words", "/api/docs", "/boards/no/such", "/?q=zzz", "/submit"):
        assert 'href="/submit"' in client.get(address).get_data(as_text=True)
    assert "Add yours" in text_of(client, "/")
    client.post("/api/v1/reports", json=seed_document())
    assert "add your machine" in text_of(client, "/?q=zzz")
