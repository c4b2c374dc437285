"""The real service in a process of its own, and Debian's Chromium looking at it."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from submitter.bundle import build
from tests.conftest import ROOT, missing
from tests.machines import SEED
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Request

SCREENSHOTS = ROOT / "screenshots"


def broken(failed: Request) -> list[str]:
    """Return a request that failed; one that was only given up, because the page was left, did not."""
    return [] if failed.failure == "net::ERR_ABORTED" else [f"{failed.url} failed: {failed.failure}"]


@contextmanager
def watched(browser: Browser, *, status: str = "", **options: Any) -> Iterator[Page]:
    """Open a page; when it is left, no script has failed on it and nothing was loaded from elsewhere.

    Args:
        browser: Running.
        status: Statuses, as a pattern, of pages that say what is wrong; Chromium reports them as errors.
        options: Of the browser's context.
    """
    context = browser.new_context(**options)
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("request", lambda asked: troubles.append(asked.url) if "127.0.0.1" not in asked.url else None)
    yield page
    context.close()
    assert [one for one in troubles if not (status and re.search(f"status of ({status})", one))] == []


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the starter report and the client, and yield the service's address."""
    folder = tmp_path_factory.mktemp("service")
    client = folder / "hwdb-submit.pyz"
    build(str(client))
    with serving(folder, imported=SEED, HWDB_SUBMITTER=str(client)) as running:
        yield running.address


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the whole starter set, and yield the service's address."""
    with serving(tmp_path_factory.mktemp("starter"), imported=ROOT / "hwdb" / "starter") as running:
        yield running.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield a running Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("Chromium", "install the package chromium, or run `make browser` as root")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield running
        running.close()
