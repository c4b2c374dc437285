"""One person's way through the site: search, board, compare, plan, paste, label, store, edit, withdraw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import watched
from tests.browser.test_submitting import label, press
from tests.pages.forms import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
VARIANTS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": WIDE},
    "desktop-without-script": {"viewport": WIDE, "java_script_enabled": False},
    "phone": {"viewport": NARROW},
    "phone-without-script": {"viewport": NARROW, "java_script_enabled": False},
}


@pytest.fixture(params=VARIANTS)
def variant(request: pytest.FixtureRequest) -> str:
    """Return the size, and whether scripts run."""
    name: str = request.param
    return name


@pytest.fixture
def page(variant: str, browser: Browser) -> Iterator[Page]:
    """Yield a page on which nothing fails and nothing is loaded from elsewhere."""
    with watched(browser, status="410", **VARIANTS[variant]) as page:
        yield page


def test_from_the_search_to_a_report_and_out_again(starter: str, page: Page, variant: str) -> None:
    _search_and_compare(starter, page)
    _plan(page)
    report, link = _submit(starter, page, variant)
    page.goto(f"{starter}/reports/{report}")
    assert "PCIE4" in page.locator("main").inner_text()
    page.goto(link)
    page.get_by_label("BIOS version").fill("P3.90")
    press(page, "Save changes", "**done=saved")
    corrected = page.locator(".title a.mono").inner_text()
    page.goto(f"{starter}/reports/{corrected}")
    assert "P3.90" in page.locator("main").inner_text()
    page.goto(link)
    press(page, "Withdraw this report", "**/withdraw")
    gone = page.goto(f"{starter}/reports/{corrected}")
    assert gone is not None
    assert gone.status == 410


def _search_and_compare(starter: str, page: Page) -> None:
    page.goto(starter)
    page.get_by_role("searchbox").or_(page.get_by_role("combobox", name="Search")).first.fill("x570")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/?*q=x570*")
    page.get_by_role("link", name="ASRock X570 Steel Legend").click()
    page.wait_for_url("**/boards/asrock/x570-steel-legend")
    assert "isolate" in page.locator(".verdict").first.inner_text()
    page.get_by_role("link", name="Compare").first.click()
    page.wait_for_url("**/compare?board=asrock/x570-steel-legend")
    page.get_by_label("Maker and board").fill("x399 taichi")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Add ASRock X399 Taichi").click()
    page.wait_for_url(re.compile("/compare[?].*board=asrock/x399-taichi"))


def _plan(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Plan").click()
    page.wait_for_url("**/plan")
    page.get_by_label("Board I own").fill("X399 Taichi")
    for place, card in enumerate(("GPU", "GPU", "USB card")):
        page.get_by_label("What", exact=True).nth(place).select_option(label=card)
    page.get_by_role("button", name="Find a place for every card").click()
    page.wait_for_url(re.compile("/plan[?].*#answer"))
    assert "Your board: ASRock X399 Taichi" in page.locator("#best").inner_text()


def _submit(starter: str, page: Page, variant: str) -> tuple[str, str]:
    """Paste a listing, say what it does not, store it; return the report's id and the link that edits it."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Submit").click()
    page.wait_for_url("**/submit")
    page.get_by_label("Your text").fill(listing())
    press(page, "Show what you recognise", "**/submit/preview")
    page.get_by_label("Maker of the board").fill("ASRock")
    page.get_by_label("Board", exact=True).fill("X399 Taichi")
    page.get_by_label("Kernel", exact=True).fill(f"6.2.0-{variant}")
    press(page, "Look again with this", "**/submit/preview")
    label(page, "08:00.0", "PCIE4", variant)
    page.get_by_label("Anyone may use these facts").check()
    press(page, "Store this report", "**/submit/store")
    link = page.locator("#edit-link").inner_text()
    page.goto(link)
    return page.locator(".title a.mono").inner_text(), link
