"""What someone with a browser sees: from the search to a board to one machine's report, on a desk and on a phone."""

from __future__ import annotations

import hashlib
import json
import re
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import SCREENSHOTS, broken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

BOARD = "/boards/asrock/x399-taichi"
SIZES: dict[str, Any] = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(params=[(size, scheme) for size in SIZES for scheme in ("light", "dark")], ids="-".join)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Yield a page without JavaScript of its own, at each size, light and dark; nothing may fail on it."""
    size, scheme = request.param
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme)
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda failed: troubles.extend(broken(failed)))
    page.on("request", lambda asked: troubles.append(asked.url) if "127.0.0.1" not in asked.url else None)
    yield page
    context.close()
    # Chromium reports the status of a page that was asked for to show what a missing one looks like.
    assert [trouble for trouble in troubles if "404" not in trouble] == []


def shoot(page: Page, name: str, request: pytest.FixtureRequest) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    variant = re.sub(r".*\[(\w+-\w+).*\]", r"\1", request.node.name)
    page.screenshot(path=SCREENSHOTS / f"{name}-{variant}.png", full_page=True)


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def assert_fits(page: Page) -> None:
    """No sideways scrolling of the page itself."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def get(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(address, timeout=60) as answer:
        body: dict[str, Any] = json.loads(answer.read())
        return body


def test_from_the_search_to_the_board_to_the_report(service: str, page: Page, request: pytest.FixtureRequest) -> None:
    page.goto(service)
    assert_accessible(page)
    shoot(page, "home", request)
    page.locator("main input[name=q], header input[name=q]").first.fill("taichi x399")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=*")
    assert_accessible(page)
    assert_fits(page)
    shoot(page, "search", request)
    page.get_by_role("link", name=re.compile("X399 Taichi")).first.click()
    page.wait_for_url(f"**{BOARD}")
    assert_accessible(page)
    assert_fits(page)
    shoot(page, "board", request)
    assert "4 of 5 slots isolate cleanly." in page.locator(".verdict").inner_text()
    page.locator("main a[href^='/reports/']").first.click()
    page.wait_for_url("**/reports/*")
    assert_accessible(page)
    assert_fits(page)
    shoot(page, "report", request)
    assert "67 functions" in page.locator("main").inner_text()


@pytest.mark.parametrize("path", ["/words", "/api/docs", "/boards/no/such", "/?q=zzzzzz"])
def test_every_other_page_is_accessible(service: str, page: Page, request: pytest.FixtureRequest, path: str) -> None:
    answer = page.goto(service + path)
    assert answer is not None
    assert answer.status == (404 if "such" in path else 200)
    assert_accessible(page)
    assert_fits(page)
    shoot(page, re.sub(r"\W+", "-", path).strip("-"), request)


def test_how_to_add_a_machine_and_whether_it_is_known(service: str, page: Page, request: pytest.FixtureRequest) -> None:
    page.goto(service)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Submit").click()
    page.wait_for_url("**/submit")
    page.get_by_text("No network on that machine?").click()
    assert_accessible(page)
    assert_fits(page)
    shoot(page, "submit", request)
    command = page.get_by_role("group", name="Command, one click selects all").inner_text()
    with urllib.request.urlopen(f"{service}/hwdb-submit.pyz", timeout=60) as fetched:
        assert hashlib.sha256(fetched.read()).hexdigest() in command
    assert f"{service}/hwdb-submit.pyz" in command
    for board, said in (("X399 Phantom Gaming 6", "not known yet"), ("X399 Taichi", "is known")):
        page.get_by_label("Maker", exact=True).fill("ASRock")
        page.get_by_label("Board", exact=True).fill(board)
        page.get_by_role("button", name="Look up").click()
        page.wait_for_url("**/submit?*#known")
        assert_accessible(page)
        assert_fits(page)
        assert said in page.locator("#known .note").inner_text()
        shoot(page, f"submit-{said.split()[0]}-known", request)
    page.locator("#known .note").get_by_role("link").click()
    page.wait_for_url(f"**{BOARD}")


def test_the_page_and_the_api_give_the_same_answer(service: str, browser: Browser) -> None:
    answer = get(f"{service}/api/v1{BOARD}")
    page = browser.new_page()
    page.goto(service + BOARD)
    rows = page.locator("#slots tbody tr")
    assert rows.count() == len(answer["slots"]) == 9
    for row, slot in zip(rows.all(), answer["slots"], strict=True):
        words = row.inner_text()
        assert slot["designation"] in words
        assert (slot["evidence"] or "") in words
        assert ("isolates" in words) is (slot["isolates"] is True)
        assert row.get_by_text(slot["reason"]).count() or slot["reason"].split(". ")[-1] in words
        for companion in slot["companions"]:
            assert companion["name"] in words
    verdict = page.locator(".verdict").inner_text()
    assert answer["verdict"]["headline"] in verdict
    assert answer["verdict"]["detail"] in verdict
    page.close()


def test_a_page_needs_two_requests_and_little_data(service: str, browser: Browser) -> None:
    page = browser.new_page()
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto(service + BOARD)
    page.wait_for_load_state("networkidle")
    # The page and its stylesheet; nobody waits for the icon and the script.
    assert len(sizes) <= 4
    assert sum(sizes) < 150_000
    page.close()
