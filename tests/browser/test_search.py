"""The search in a browser: filters in a column or a phone's sheet, without script too; suggestions by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.test_site import BOARD, SIZES, assert_accessible, assert_fits, shoot
from tests.browser.test_site import page as page  # noqa: PLC0414 (a fixture)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(params=list(SIZES))
def scriptless(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Yield a page that runs no script, at each size."""
    context = browser.new_context(viewport=SIZES[request.param], java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_filters_work_without_script(service: str, scriptless: Page) -> None:
    page = scriptless
    page.goto(service)
    opener = page.locator(".filters-open")
    if opener.is_visible():
        opener.click()
    page.get_by_label("At least").select_option("4")
    page.get_by_label("TR4").check()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**/?*socket=TR4*")
    assert page.locator(".result").count() == 1
    assert "4 isolated slots." in page.locator(".result").inner_text()
    page.get_by_role("link", name="Remove: at least 4 isolated slots").click()
    assert page.locator(".token").count() == 1
    page.get_by_label("Compare").first.check()
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/compare?board=asrock%2Fx399-taichi")


def test_the_filters_are_accessible_open_or_in_the_column(
    service: str, page: Page, request: pytest.FixtureRequest
) -> None:
    page.goto(f"{service}/?q=x399&slots=2&lanes=8")
    assert_accessible(page)
    assert_fits(page)
    shoot(page, "search-filtered", request)
    opener = page.locator(".filters-open")
    if opener.is_visible():
        opener.click()
        assert_accessible(page)
        shoot(page, "search-sheet", request)


def test_a_suggestion_is_chosen_by_keyboard(service: str, page: Page, request: pytest.FixtureRequest) -> None:
    page.goto(service)
    box = page.get_by_role("combobox", name="Search boards, chipsets, sockets and devices")
    box.press_sequentially("x399 ta")
    option = page.get_by_role("option", name="ASRock X399 Taichi board")
    option.wait_for()
    assert_accessible(page)
    shoot(page, "search-suggestions", request)
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    box.press("ArrowDown")
    box.press("ArrowDown")
    chosen: Any = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    box.press("Enter")
    page.wait_for_url(f"**{BOARD}")


def test_the_address_says_only_what_was_asked(service: str, page: Page) -> None:
    page.goto(service)
    opener = page.locator(".filters-open")
    if opener.is_visible():
        opener.click()
    page.get_by_label("TR4").check()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**/?socket=TR4")
