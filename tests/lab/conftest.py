"""Guests, booted two at a time before the first test that needs one asks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT, missing
from tests.lab.debian import NoPackages
from tests.lab.guest import QEMU
from tests.lab.image import Image, image
from tests.lab.topologies import TOPOLOGIES
from tests.lab.visit import Visit, visit
from tests.serving import Service, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRANSCRIPTS = ROOT / "lab-transcripts"
_HOW = "run `make lab` as root on Debian, which installs QEMU and lets apt-get find packages"


@pytest.fixture(scope="session")
def booted_from() -> Image:
    """Return what guests boot."""
    if shutil.which(QEMU) is None:
        missing("QEMU", _HOW)
    try:
        return image()
    except NoPackages as error:
        missing(f"The lab's kernel ({error})", _HOW)
        raise


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the client as it is shipped, made from this tree."""
    path = tmp_path_factory.mktemp("client") / "hwdb-submit.pyz"
    subprocess.run([sys.executable, "-m", "submitter.bundle", str(path)], cwd=ROOT, check=True, capture_output=True)
    return path.read_bytes()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield the service that the guests report to."""
    with serving(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture(scope="session")
def visits(
    request: pytest.FixtureRequest, booted_from: Image, client: bytes, service: Service
) -> Iterator[dict[str, Future[Visit]]]:
    """Boot every guest that a test of this run asks for, as many at once as there are processors."""
    asked = [item.callspec.params.get("guest") for item in request.session.items if hasattr(item, "callspec")]
    names = [name for name in TOPOLOGIES if name in asked]
    with ThreadPoolExecutor(os.cpu_count()) as several:
        yield {name: several.submit(visit, booted_from, TOPOLOGIES[name], client, service) for name in names}
        several.shutdown(cancel_futures=True)


@pytest.fixture
def guest(request: pytest.FixtureRequest, visits: dict[str, Future[Visit]]) -> Visit:
    """Return the visit of the guest a test names, and keep what the client printed in it as a file."""
    visited = visits[request.param].result()
    _keep(visited, TRANSCRIPTS)
    return visited


def _keep(visited: Visit, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    printed = "\n\n".join(f"== as {who} ==\n{visited.parts[who].printed}" for who in visited.topology.senders)
    (folder / f"{visited.topology.name}.txt").write_text(f"{printed}\n", encoding="utf-8")
