from __future__ import annotations

import re
from dataclasses import replace
from html import unescape as html_unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, render_template
from jinja2 import StrictUndefined

from hwdb.analysis.changes import BoardNote
from hwdb.analysis.sentence import verdict_sentence
from hwdb.importers import FORMATS
from hwdb.queries import BoardName, KnownMachine
from hwdb.queries.views import BoardHit, FirmwareSetting
from tests.pages.views import BOARD, HIT, ONBOARD, OUTCOMES, REPORT, SLOTS, SPEC, SUMMARY, UNKNOWN, _group, found
from web import pages
from web.pages import words
from web.pages.client import ClientFile, command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Page = Callable[..., str]

HOSTILE = '"><script>alert(1)</script>'
TURNED = "evil\u202eDRAOB"
CLIENT = ClientFile(b"PK")
SUBMIT: dict[str, Any] = {
    "asked": dict.fromkeys(("board_vendor", "board_name", "bios_version", "cpu"), HOSTILE),
    "known": None,
    "client": CLIENT,
    "server": "https://hwdb.example",
    "command": command("https://hwdb.example", CLIENT),
    "problem": None,
    "text": "",
    "formats": FORMATS,
}
NAMED = BoardName("ASRock", "asrock", "X399 Taichi", "x399-taichi")
KNOWN = KnownMachine("exact", f"{TURNED} is known.", NAMED, 2, 1, 0, (TURNED, "P3.90"), ())
RELATED = KnownMachine("related", "It is not known.", None, 0, 0, 0, (), (NAMED, replace(NAMED, name=TURNED)))


@pytest.fixture
def page() -> Iterator[Page]:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(pages.blueprint())
    # A misspelled attribute would otherwise read as an absent fact.
    app.jinja_env.undefined = StrictUndefined
    with app.test_request_context("/"):
        yield render_template


EVERY_PAGE = [
    pytest.param("search.html", found("", HIT), id="start"),
    pytest.param("search.html", found(HOSTILE, HIT, said=HOSTILE), id="found"),
    pytest.param("search.html", found(HOSTILE), id="none found"),
    pytest.param("search.html", found(known=0), id="none known"),
    pytest.param("board.html", {"board": BOARD}, id="board"),
    pytest.param(
        "board.html",
        {"board": replace(BOARD, slots=(), reports=(), groups=(), groups_from=None, machines=0)},
        id="empty board",
    ),
    pytest.param("report.html", {"report": REPORT}, id="report"),
    pytest.param(
        "report.html",
        {"report": replace(REPORT, slots=(), groups=(), cards=(), document={}, settings=(), outcomes=())},
        id="empty report",
    ),
    pytest.param(
        "words.html",
        {"grades": words.GRADES, "evidence": words.EVIDENCE, "confidence": words.CONFIDENCE},
        id="words",
    ),
    pytest.param("submit.html", {**SUBMIT, "client": None, "command": None}, id="submit without the client"),
    pytest.param("submit.html", {**SUBMIT, "known": KNOWN}, id="submit, known"),
    pytest.param("submit.html", {**SUBMIT, "known": RELATED}, id="submit, related"),
    pytest.param("submit.html", {**SUBMIT, "problem": HOSTILE, "text": HOSTILE}, id="submit, unread"),
    pytest.param("error.html", {"status": 404, "title": "Not Found", "detail": HOSTILE}, id="error"),
    pytest.param("docs.html", {"spec": SPEC, "spec_url": "/api/v1/openapi.json"}, id="docs"),
]


class _Reader(HTMLParser):
    """Reads a page as a person does: its text, row by row, and what it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.loaded: list[str] = []
        self.rows: list[str] = []
        self.bdi: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        known = dict(attrs)
        self.ids += [known["id"] or ""] if "id" in known else []
        loads = tag == "link" and known.get("rel") in {"stylesheet", "icon"}
        self.loaded += [value or "" for name, value in attrs if name == "src" or (loads and name == "href")]
        if tag == "tr":
            self.rows.append("")
        if tag == "bdi":
            self.bdi.append("")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "tr" in self.open:
            self.rows[-1] += data
        if "bdi" in self.open:
            self.bdi[-1] += data

    def row(self, name: str) -> str:
        """Return the text of the row that begins with a name, its blanks evened out."""
        found = [" ".join(row.split()) for row in self.rows]
        return next(row for row in found if row.startswith(name))


@pytest.mark.parametrize(("template", "context"), EVERY_PAGE)
def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing(
    page: Page, template: str, context: dict[str, Any]
) -> None:
    html = page(template, **context)
    assert re.findall(r"<script.*", html) == ['<script src="/static/search.js" defer></script>']
    assert not re.search(r"<[^>]*\s(style|on\w+)=", html)
    reader = _Reader(html)
    assert reader.loaded == ["/static/style.css", "/static/icon.svg", "/static/search.js"]
    assert len(reader.ids) == len(set(reader.ids))
    assert html.count("<h1") == 1
    assert re.search(r"<title>\S.* · hwdb</title>", html)


def test_a_board_answers_slot_by_slot(page: Page) -> None:
    html = page("board.html", board=BOARD)
    reader = _Reader(html)
    assert "<title>ASRock X399 Taichi: 4 of 5 slots isolate cleanly · hwdb</title>" in html
    for slot in SLOTS:
        row = reader.row(slot.designation or "")
        assert words.grade_word(slot) in row
        assert slot.evidence is not None
        assert slot.evidence in row
        assert "low confidence" in row
        assert "Named by the owner" in row
    assert "the owner says so" in reader.row("PCIE5")
    assert "one machine's word" in reader.row("PCIE1")


def test_companions_are_named(page: Page) -> None:
    row = _Reader(page("board.html", board=BOARD)).row("PCIE3")
    for said in ("USB AMD X399 USB 3.1", "SATA AMD X399 SATA", "2 \u00d7 LAN Intel I211", "Wi-Fi Intel Wireless-AC"):
        assert said in row


def test_what_is_not_known_is_never_a_no(page: Page) -> None:
    slots = (*SLOTS, UNKNOWN)
    html = page("board.html", board=replace(BOARD, slots=slots, verdict=verdict_sentence(slots, 1, 0)))
    row = _Reader(html).row("PCIE6")
    assert "not known" in row
    assert "no report shows it" in row
    assert "lanes not known" in row
    assert "port not known" in row
    assert "A report with a card in it would tell." in html.split('id="unknown"')[1]
    assert not re.search(r"\b(None|null|False|does not isolate)\b", html)


def test_gaps_say_what_would_tell(page: Page) -> None:
    gaps = page("board.html", board=BOARD).split('id="unknown"')[1]
    for said in ("PCIE5", "a report with a card in it", "BIOS version", "A second machine", "USB card", "the name is"):
        assert said in gaps


def test_groups_that_decided_a_slot_come_first(page: Page) -> None:
    html = page("board.html", board=BOARD)
    order = [html.index(mark) for mark in ('id="group-16"', 'id="group-34"', 'id="group-13"', "All 4 groups")]
    assert order == sorted(order)
    assert 'href="/reports/01d83464ff49c75e"' in html
    assert re.search(r'<li class="bridge"><code>01:00.2</code> bridge', html)


def test_machines_say_whether_they_count(page: Page) -> None:
    held = replace(SUMMARY, id="feedfeedfeedfeed", collected="2022-06-30", counted=False, held="ACS override is on.")
    older = replace(SUMMARY, id="beefbeefbeefbeef", collected="2018-01-01", counted=False)
    reader = _Reader(page("board.html", board=replace(BOARD, reports=(SUMMARY, held, older), held_out=1)))
    assert reader.row("2019-03-23").endswith("not stated 4.20.16 tree listing of its groups counted")
    assert "held out ACS override is on." in reader.row("2022-06-30")
    assert "a newer report of this machine counts" in reader.row("2018-01-01")


def test_contradictions_are_notes(page: Page) -> None:
    slots = (replace(SLOTS[0], conflicts=("The firmware says x8, the owner says x16.",)), *SLOTS[1:])
    assert "The firmware says x8, the owner says x16." in page("board.html", board=replace(BOARD, slots=slots))


def test_a_report_says_what_its_machine_holds(page: Page) -> None:
    html = page("report.html", report=REPORT)
    reader = _Reader(html)
    assert "One machine's report, March 2019" in html
    assert "NVIDIA GeForce GTX 1060 6GB" in reader.row("PCIE1")
    assert "host graphics, 43:00.0, 43:00.1" in reader.row("PCIE1")
    assert "empty" in reader.row("PCIE5")
    assert "a card, not stated which" in reader.row("PCIE2")
    assert re.search(r'BIOS</dt><dd class="dim"><bdi>not stated', html)
    for said in ("16 GB", "67 functions in 4 groups", "ACS override: not stated", "A real machine: not stated"):
        assert said in html
    assert 'href="/api/v1/reports/01d83464ff49c75e"' in html


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"kernel": {"acs_override": False}}, "ACS override: no."),
        ({"kernel": {"parameters": ["iommu=pt"]}}, "ACS override: no."),
        ({"kernel": {"parameters": ["pcie_acs_override=downstream"]}}, "ACS override: yes."),
        ({"virtualization": {"hypervisor": "none"}}, "A real machine: yes."),
        ({"virtualization": {"hypervisor": "kvm"}}, "A real machine: no."),
        ({"iommu": {"interrupt_remapping": True}}, "Interrupt remapping: on."),
        ({"iommu": {"interrupt_remapping": False}}, "Interrupt remapping: off."),
        ({"iommu": None, "kernel": None, "functions": None}, "Interrupt remapping: not stated."),
    ],
)
def test_what_speaks_for_counting(page: Page, part: dict[str, Any], said: str) -> None:
    assert f"<b>{said}</b>" in page("report.html", report=replace(REPORT, document={**REPORT.document, **part}))


def test_a_held_out_report_says_why(page: Page) -> None:
    summary = replace(SUMMARY, counted=False, held="ACS override is in effect.")
    html = page("report.html", report=replace(REPORT, summary=summary, taints=("ACS override is in effect.",)))
    assert "It does not count for the board" in html
    assert "ACS override is in effect." in html
    assert "it counts for the board" not in html


@pytest.mark.parametrize("text", [HOSTILE, TURNED])
def test_hostile_names_are_text_of_their_own_direction(page: Page, text: str) -> None:
    companion = replace(ONBOARD[0], name=text, slot=None)
    slots = (replace(SLOTS[2], designation=text, companions=(companion,), reason=text, conflicts=(text,)),)
    said = replace(OUTCOMES[0], device=text, note=text, guest=text, slot=text)
    setting = FirmwareSetting(text, text, text, SUMMARY.id)
    summary = replace(SUMMARY, cpu=text, bios=text, kernel=text, source=text, held=text)
    groups = (_group(13, ("0000:01:00.0", "USB", text), slot=text),)
    shared: dict[str, Any] = {
        "vendor": text,
        "name": text,
        "slots": slots,
        "groups": groups,
        "verdict": verdict_sentence(slots, 1, 0),
        "settings": (setting,),
        "outcomes": (said,),
    }
    told: dict[str, Any] = {
        "bios_versions": (text,),
        "kernels": (text,),
        "notes": (BoardNote("regression", text, text, (SUMMARY.id,)),),
        "chipset": text,
        "socket": text,
    }
    board = replace(BOARD, reports=(summary,), **told, **shared)
    document = {"board": {"name": text}, "provenance": {"collector": text}}
    report = replace(
        REPORT, summary=summary, taints=(text,), problems=(text,), reference=text, document=document, **shared
    )
    hit = BoardHit(text, "a", text, "b", board.verdict, slots, 1, None, None, None)
    for html in (
        page("board.html", board=board),
        page("report.html", report=report),
        page("search.html", **found(text, hit, said=text)),
    ):
        reader = _Reader(html)
        assert "<script>" not in html
        assert any(text in said for said in reader.bdi)
        # Outside of <bdi> (and of attributes, which show nothing else) no mark may turn what follows.
        outside = re.sub(r"<bdi>.*?</bdi>|<[^>]*>", "", html, flags=re.DOTALL)
        assert "\u202e" not in outside


def test_only_a_web_address_is_linked(page: Page) -> None:
    html = page("report.html", report=replace(REPORT, reference="javascript:alert(1)"))
    assert "javascript:alert(1)" in html
    assert 'href="javascript' not in html
    assert 'href="https://example.org/guide" rel="nofollow' in page(
        "report.html", report=replace(REPORT, reference="https://example.org/guide")
    )


def test_an_empty_database_says_so_and_what_to_do(page: Page) -> None:
    html = page("search.html", **found(known=0))
    assert "No board is known yet" in html
    assert "hwdb import FILE" in html


def test_a_search_without_result_keeps_the_words(page: Page) -> None:
    html = page("search.html", **found("x399 tachi", known=2))
    assert "No board matches" in html
    assert 'value="x399 tachi"' in html


def test_the_api_is_described_operation_by_operation(page: Page) -> None:
    html = page("docs.html", spec=SPEC, spec_url="/api/v1/openapi.json")
    text = " ".join(re.sub(r"<[^>]+>", "", html).split())
    for said in (
        "POST /api/v1/reports",
        "GET /api/v1/boards/{slug}",
        "slots list of Report.Slot",
        "404There is none.",
        "slug string in the path, required",
        "--data-binary @report.json &#39;http://localhost/api/v1/reports&#39;",
        "boards/{slug}?isolates=true",
    ):
        assert said in text.replace("'", "&#39;")
    assert "<code>null</code>" in html


def test_an_example_that_needs_a_key_shows_where_it_goes(page: Page) -> None:
    operation = {"summary": "Withdraw.", "security": [{"key": []}], "responses": {"204": {"description": "Gone."}}}
    asked = [{"in": "query", "name": name, "schema": {"type": "string", "example": "A B"}} for name in ("one", "two")]
    spec = {**SPEC, "paths": {"/own": {"delete": operation, "get": {"parameters": asked}}}}
    text = html_unescape(re.sub(r"<[^>]+>", "", page("docs.html", spec=spec, spec_url="/x")))
    assert "curl -X DELETE -H 'Authorization: Bearer KEY' 'http://localhost/own'" in text
    assert "curl 'http://localhost/own?one=A+B&two=A+B'" in text


def test_names_of_known_boards_keep_their_direction(page: Page) -> None:
    for known in (KNOWN, RELATED):
        html = page("submit.html", **{**SUBMIT, "known": known})
        assert "\u202e" not in re.sub(r"<bdi>.*?</bdi>|<[^>]*>", "", html, flags=re.DOTALL)
        assert 'href="/boards/asrock/x399-taichi"' in html


def test_every_error_says_what_to_do(page: Page) -> None:
    for status in (400, 404, 410, 429, 500, 503):
        assert "What to do" in page("error.html", status=status, title="An Error", detail="It broke.")
