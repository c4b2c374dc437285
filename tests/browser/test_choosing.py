"""Choosing a board in a browser: compared, planned with, and looked up by its devices, with and without JavaScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import watched
from tests.browser.test_site import BOARD, SIZES, assert_accessible, assert_fits, get, shoot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SEED, OTHER = "asrock/x399-taichi", "asrock/x570-steel-legend"
LIGHT = 100_000


VARIANTS = [(size, scheme, script) for size in SIZES for scheme, script in (("light", True), ("dark", False))]


@pytest.fixture(params=VARIANTS, ids=lambda one: f"{one[0]}-{one[1]}{'' if one[2] else '-plain'}")
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Yield a page at each size, light with scripts and dark without; nothing may fail on it or go elsewhere."""
    size, scheme, script = request.param
    options = {"viewport": SIZES[size], "color_scheme": scheme, "java_script_enabled": script}
    with watched(browser, **options) as page:
        yield page


def look(page: Page, name: str, request: pytest.FixtureRequest) -> None:
    """Check what is on the screen, and keep a picture of it; axe needs scripts, which the plain pages do without."""
    if request.node.callspec.params["page"][2]:
        assert_accessible(page)
    assert_fits(page)
    shoot(page, name, request)


def rows(page: Page) -> dict[str, Any]:
    return {name: page.locator(f"tr.{name}:visible").count() for name in ("same", "differs")}


def test_two_boards_are_compared_and_like_rows_hidden(starter: str, page: Page, request: pytest.FixtureRequest) -> None:
    page.goto(f"{starter}/compare?board={SEED}")
    look(page, "compare-one", request)
    page.get_by_label("Maker and board").fill("x570 steel legend")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/compare?*q=*")
    page.get_by_role("link", name="Add ASRock X570 Steel Legend").click()
    page.wait_for_url(f"**/compare?board={SEED}&board={OTHER}")
    look(page, "compare-two", request)
    before = rows(page)
    assert before["same"]
    page.get_by_label("Show only what differs").check()
    assert rows(page) == {"same": 0, "differs": before["differs"]}
    shoot(page, "compare-differs", request)
    page.get_by_role("link", name="Remove ASRock X399 Taichi").click()
    page.wait_for_url(f"**/compare?board={OTHER}")


def test_four_boards_and_one_that_is_not_known(starter: str, page: Page, request: pytest.FixtureRequest) -> None:
    more = "&".join(
        f"board={one['vendor_slug']}/{one['slug']}" for one in get(f"{starter}/api/v1/boards")["boards"][:3]
    )
    page.goto(f"{starter}/compare?board={SEED}&{more}")
    look(page, "compare-four", request)
    page.goto(f"{starter}/compare?board=no/such&board={SEED}")
    assert "No board is known by the address no/such" in page.locator("main").inner_text()
    look(page, "compare-unknown", request)


def test_cards_are_planned_and_drawn_in_their_slots(starter: str, page: Page, request: pytest.FixtureRequest) -> None:
    page.goto(starter)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Plan").click()
    page.wait_for_url("**/plan")
    look(page, "plan-empty", request)
    page.get_by_role("button", name="Add a card").click()
    page.wait_for_url("**/plan?*rows=4*")
    cards = page.get_by_label("What", exact=True)
    assert cards.count() == 4
    for place, card in enumerate(("GPU", "GPU", "USB card", "NVMe drive")):
        cards.nth(place).select_option(label=card)
    page.get_by_label("Board I own").fill("X399 Taichi")
    page.get_by_role("button", name="Find a place for every card").click()
    page.wait_for_url("**/plan?*#answer")
    look(page, "plan-own", request)
    assert "Your board: ASRock X399 Taichi" in page.locator("#best").inner_text()
    drawn = page.locator("figure.drawn svg[role=img]")
    assert "GPU 1 in PCIE" in (drawn.get_attribute("aria-label") or "")
    assert "NVMe drive" in (drawn.text_content() or "")
    page.get_by_role("link", name="All boards").click()
    page.wait_for_url(re.compile(r"/plan\?need=gpu[^#]*$"))
    look(page, "plan-all", request)
    found = get(f"{starter}/api/v1/plans?need=gpu&need=gpu&need=usb&need=nvme")
    assert found["plans"][0]["name"] in page.locator("#best").inner_text()


def test_what_is_wrong_with_a_wish_is_said(starter: str, page: Page, request: pytest.FixtureRequest) -> None:
    page.goto(f"{starter}/plan?need=foo&need=gpu&min_machines=many&board=x570")
    look(page, "plan-wrong", request)
    assert page.locator("[aria-invalid=true]").count() == 3
    page.get_by_role("link", name="ASRock X570 Steel Legend").click()
    page.wait_for_url(f"**board={OTHER}*")


def test_a_device_is_reached_from_a_board_and_from_the_index(
    starter: str, page: Page, request: pytest.FixtureRequest
) -> None:
    page.goto(starter + BOARD)
    page.locator("main a[href='/devices/10de:1b80']").first.click()
    page.wait_for_url("**/devices/10de:1b80")
    look(page, "device", request)
    sentence = get(f"{starter}/api/v1/devices/10de:1b80")["sentence"]
    assert sentence in page.locator(".verdict").inner_text()
    page.get_by_role("link", name="Plan a slot for it").click()
    page.wait_for_url("**/plan?need=gpu")
    page.get_by_role("contentinfo").get_by_role("link", name="Devices").click()
    page.wait_for_url("**/devices")
    look(page, "devices", request)
    page.locator("main a[href='/devices/1022:149c']").click()
    page.wait_for_url("**/devices/1022:149c")
    look(page, "device-with-note", request)
    assert page.locator("#notes").count() == 1


@pytest.mark.parametrize(
    "path",
    [
        f"/compare?board={SEED}&board={OTHER}&board=msi/b450m-mortar&board=msi/mag-b550m-mortar",
        "/plan?need=gpu:x8&need=usb&limit=20",
        f"/plan?{'need=usb&' * 16}limit=20",
        "/devices",
        "/devices/1022:149c",
    ],
)
def test_a_page_is_light_and_readable_after_two_requests(starter: str, browser: Browser, path: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto(starter + path)
    page.wait_for_load_state("networkidle")
    # The page, its stylesheet, and the icon, which nobody waits for.
    assert len(sizes) <= 3
    assert sum(sizes) < LIGHT
    page.close()
