"""From a paste to a report and out again: labelled, stored, edited, withdrawn; with and without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import SCREENSHOTS, watched
from tests.pages.forms import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

VARIANTS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "desktop-dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "phone-without-script": {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False},
}


@pytest.fixture(params=VARIANTS)
def variant(request: pytest.FixtureRequest) -> str:
    """Return the size, the scheme and whether scripts run."""
    name: str = request.param
    return name


@pytest.fixture
def page(variant: str, browser: Browser) -> Iterator[Page]:
    """Yield a page on which no script fails and nothing is loaded from elsewhere."""
    with watched(browser, status="410|422", **VARIANTS[variant]) as page:
        yield page


def looks_right(page: Page, name: str, variant: str) -> None:
    """Write a screenshot, and check that the page fits and is accessible."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{variant}.png", full_page=True)
    if "without" in variant:
        # What looks at accessibility is a script itself.
        return
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def press(page: Page, name: str, then: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url(then)


def label(page: Page, card: str, slot: str, variant: str) -> None:
    """Say which slot a card is in: by clicking the drawn board where scripts run, else by writing its name."""
    field = page.locator("tr", has_text=card).first.locator("[data-slot-field]")
    if "without" in variant:
        field.fill(slot)
        return
    field.focus()
    page.locator(f'a[data-slot="{slot}"] .d-hit, a[data-slot="{slot}"] .d-soft').first.click()
    assert field.input_value() == slot
    assert slot in page.locator("[data-slot-hint]").inner_text()


def test_a_paste_is_labelled_stored_edited_and_withdrawn(service: str, page: Page, variant: str) -> None:
    page.goto(f"{service}/submit")
    page.get_by_label("Your text").fill("Hello, is my board good?")
    press(page, "Show what you recognise", "**/submit/preview")
    looks_right(page, "unread", variant)
    assert "Hello" in page.get_by_label("Your text").input_value()
    page.get_by_label("Your text").fill("someone@tower:~$ lspci -nn\n" + listing())
    press(page, "Show what you recognise", "**/submit/preview")
    assert "67 functions in 40 groups" in page.locator("main").inner_text()
    page.get_by_label("Maker of the board").fill("ASRock")
    page.get_by_label("Board", exact=True).fill("X399 Taichi")
    page.get_by_label("Kernel", exact=True).fill(f"6.1.0-{variant}")
    press(page, "Look again with this", "**/submit/preview")
    assert page.get_by_label("Kernel", exact=True).input_value() == f"6.1.0-{variant}"
    label(page, "08:00.0", "PCIE4", variant)
    looks_right(page, "preview", variant)
    page.get_by_label("Anyone may use these facts").check()
    press(page, "Store this report", "**/submit/store")
    looks_right(page, "stored", variant)
    link = page.locator("#edit-link").inner_text()
    page.goto(f"{service}/submit")
    page.get_by_label("Your edit link").fill(link)
    press(page, "Open my report", link)
    looks_right(page, "edit", variant)
    assert page.locator("[data-slot-field]").first.input_value() == "PCIE4"
    page.get_by_label("Setting", exact=True).fill("ACS Enable")
    page.get_by_label("Value", exact=True).fill("Enabled")
    press(page, "Save changes", "**done=saved")
    report = page.locator(".title a.mono").inner_text()
    page.goto(f"{service}/reports/{report}?why=01:00.0&why=06:00.0#why")
    looks_right(page, "why", variant)
    assert "both in group 13" in page.locator("#why-says").inner_text()
    assert "ACS Enable" in page.locator("main").inner_text()
    page.goto(link)
    press(page, "Withdraw this report", "**/withdraw")
    looks_right(page, "withdrawn", variant)
    answer = page.goto(f"{service}/reports/{report}")
    assert answer is not None
    assert answer.status == 410
    looks_right(page, "gone", variant)
