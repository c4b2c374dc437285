"""A board's page in a browser: the drawing answers to pointer and keyboard, and what is copied is one click away."""

from __future__ import annotations

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
def page(request: pytest.FixtureRequest, browser: Browser, service: str) -> Iterator[Page]:
    """Yield the board's page without JavaScript, at each size, light and dark; nothing may fail on it."""
    size, scheme = request.param
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, java_script_enabled=False)
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda failed: troubles.extend(broken(failed)))
    page.on("request", lambda asked: troubles.append(asked.url) if "127.0.0.1" not in asked.url else None)
    page.goto(service + BOARD)
    yield page
    context.close()
    assert troubles == []


def test_pointing_at_a_slot_shows_what_shares_its_group(page: Page) -> None:
    inspector = page.locator(".inspect")
    assert inspector.inner_text().startswith("Point at a slot")
    slot = page.locator("a.d-slot", has_text="PCIE3")
    slot.scroll_into_view_if_needed()
    slot.hover()
    for said in ("PCIE3", "shared with onboard", "USB", "SATA", "Wi-Fi"):
        assert said in inspector.inner_text()
    assert "Point at a slot" not in inspector.inner_text()


def test_the_keyboard_reaches_every_slot_and_its_row(page: Page) -> None:
    slots = page.locator("a.d-slot")
    names = [slot.text_content() or "" for slot in slots.all()]
    assert [name.split()[0] for name in names] == [
        *("PCIE1", "PCIE2", "PCIE3", "PCIE4", "PCIE5", "M2_1", "M2_2", "M2_3", "U.2"),
    ]
    slots.first.focus()
    page.keyboard.press("Tab")
    assert "PCIE2" in page.locator(".inspect").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**#slot-2")
    assert "PCIE2" in page.locator("tr:target").inner_text()


def test_one_click_selects_the_markdown(browser: Browser, service: str) -> None:
    page = browser.new_page()
    page.goto(service + BOARD)
    page.get_by_role("group", name="Markdown, one click selects all").first.click()
    selected: str = page.evaluate("getSelection().toString()")
    assert selected.startswith("**ASRock X399 Taichi**: 4 of 5 slots isolate cleanly.")
    assert f"{service}{BOARD}" in selected
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_open_folds_and_a_focused_slot_are_accessible(browser: Browser, service: str, size: str, scheme: Any) -> None:
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme)
    page = context.new_page()
    page.goto(service + BOARD)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    page.locator("a.d-slot").nth(2).focus()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"board-open-{size}-{scheme}.png", full_page=True)
    context.close()


def test_what_is_read_first_weighs_little(browser: Browser, service: str) -> None:
    page = browser.new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    page.goto(service + BOARD)
    page.wait_for_load_state("networkidle")
    assert sum(sizes.values()) < 100_000
    # The page and its stylesheet; the icon and scripts that only add to it are waited for by nobody.
    needed = [url for url in sizes if not url.endswith((".js", "icon.svg"))]
    assert len(needed) == 2
    page.close()


def test_the_badge_draws_in_a_page_of_somebody_else(browser: Browser, service: str) -> None:
    page = browser.new_page()
    page.set_content(f'<img src="{service}{BOARD}/badge.svg" alt="">')
    page.wait_for_function("document.images[0].complete")
    assert page.evaluate("document.images[0].naturalHeight") == 20
    assert page.evaluate("document.images[0].naturalWidth") > 100
    page.close()
    with urllib.request.urlopen(f"{service}{BOARD}/card.png", timeout=60) as fetched:
        assert fetched.headers["Content-Type"] == "image/png"
