"""Forms of the pages, filled and sent as a browser does."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from hwdb import models
from tests.machines import seed

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

HERE = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
LICENCE = "CC0-1.0"


def listing(prefix: str = "") -> str:
    """Return the groups of the X399 Taichi as a script lists them, without anything else."""
    lines = (
        f"IOMMU Group {f.iommu_group} {f.address.removeprefix('0000:')} Device [{f.class_}]: {f.name}"
        f" [{f.vendor}:{f.device}]"
        for f in seed().functions
    )
    return prefix + "\n".join(lines) + "\n"


class _Form(HTMLParser):
    """Reads the fields of the form with an action, each with the value that a browser would send."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._action, self._inside, self._select = action, False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = said.get("action", "").endswith(self._action)
        elif self._inside:
            self._field(tag, said)

    def _field(self, tag: str, said: dict[str, str]) -> None:
        if tag == "select":
            self._select = said["name"]
            self.fields.setdefault(self._select, []).append("")
        elif tag == "option" and self._select and "selected" in said:
            self.fields[self._select][-1] = said["value"]
        elif tag == "input" and "name" in said and _sends(said):
            self.fields.setdefault(said["name"], []).append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"
        self._select = "" if tag == "select" else self._select


def _sends(said: dict[str, str]) -> bool:
    kind = said.get("type")
    return kind != "file" and (kind not in {"radio", "checkbox"} or "checked" in said)


def fields(page: str, action: str) -> dict[str, list[str]]:
    """Return the fields of a form as they stand in a page; line ends as browsers send them."""
    found = _Form(page, action).fields
    return {name: [re.sub(r"\r?\n", "\r\n", value) for value in values] for name, values in found.items()}


def labelled(sent: dict[str, list[str]], address: str, slot: str) -> dict[str, list[str]]:
    """Return a form with the slot of one place filled in."""
    at = sent["place"].index(address)
    return {**sent, "slot": [*sent["slot"][:at], slot, *sent["slot"][at + 1 :]]}


def send(client: FlaskClient, path: str, data: dict[str, Any], **headers: str) -> TestResponse:
    """Send a form from the service's own page; files are tuples of an open file and its name."""
    files = [FileStorage(opened, filename=name) for opened, name in data.get("file", ())]
    # Flask's own test client writes a large form to a temporary file and leaves it open.
    boundary, body = encode_multipart({**data, **({"file": files} if files else {})})
    content_type = f'multipart/form-data; boundary="{boundary}"'
    return client.post(path, data=body, headers={**HERE, **headers}, content_type=content_type)


def words(answer: TestResponse) -> str:
    """Return the text of a page, its blanks evened out."""
    page = re.sub(r"<(style|script).*?</\1>", "", answer.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def rows(session: Session) -> dict[str, int]:
    """Return how many rows every table of the database has."""
    tables = models.Base.metadata.sorted_tables
    return {table.name: session.execute(table.select()).all().__len__() for table in tables}


def edit_link(answer: TestResponse) -> str:
    """Return the path of the edit link on the page that says a report is stored."""
    found = re.search(r'id="edit-link"[^>]*>http://localhost(/edit/[^<]+)<', answer.get_data(as_text=True))
    assert found is not None, words(answer)
    return found[1]


def stored(client: FlaskClient, text: str, **said: str) -> TestResponse:
    """Paste a text, fill in what is given, store it, and return the answer."""
    preview = send(client, "/submit/preview", {"text": text})
    assert preview.status_code == 200, words(preview)
    form = {**fields(preview.get_data(as_text=True), "/submit/store"), **said, "licence": LICENCE}
    return send(client, "/submit/store", form)
