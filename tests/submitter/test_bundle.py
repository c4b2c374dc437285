"""The single file: the same bytes from the same sources, small, and at home on every Python from 3.9 on."""

from __future__ import annotations

import hashlib
import html
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from submitter import VERSION
from submitter.bundle import build, riders
from tests.conftest import ROOT, missing
from tests.serving import serving
from tests.submitter.trees import plant

if TYPE_CHECKING:
    from tests.submitter.client import Client

OLDEST, LARGEST = (3, 9), 200_000


def interpreters() -> list[str]:
    """Return the Pythons of this machine, one of each version from 3.9 on, the running one among them."""
    places = [Path(sys.executable), *Path("/usr/bin").glob("python3*")]
    places += (Path.home() / ".pyenv" / "versions").glob("*/bin/python3")
    found: dict[str, str] = {}
    for place in places:
        if re.fullmatch(r"python3(\.\d+)?", place.name):
            ask = [str(place), "-I", "-S", "-c", "import sys; print(*sys.version_info[:2])"]
            version = subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip()
            if version and tuple(map(int, version.split())) >= OLDEST:
                found.setdefault(version, str(place))
    return [found[version] for version in sorted(found, key=lambda v: tuple(map(int, v.split())))]


PYTHONS = interpreters()


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION


def test_the_same_sources_give_the_same_bytes_elsewhere_and_with_another_python(zipapp: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    for path in [*riders(), "submitter/bundle.py"]:
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, copy / path)
        (copy / path).chmod(0o600)
    digests = {hashlib.sha256(zipapp.read_bytes()).hexdigest()}
    for number, python in enumerate(PYTHONS):
        target = tmp_path / f"{number}.pyz"
        command = [python, "-c", f"from submitter.bundle import build; build({str(target)!r})"]
        subprocess.run(command, cwd=copy, check=True, capture_output=True)
        digests.add(hashlib.sha256(target.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_it_is_small_and_holds_nothing_of_the_service(zipapp: Path) -> None:
    assert zipapp.stat().st_size < LARGEST
    names = zipfile.ZipFile(zipapp).namelist()
    assert not [name for name in names if name.startswith(("web/", "tests/")) or "models" in name or "schema" in name]
    assert "hwdb/topology/ports.json" in names


@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: Path(path).parts[-3])
def test_it_runs_without_site_packages(client: Client, tmp_path: Path, python: str) -> None:
    machine = plant(tmp_path / "machine")
    other = replace(client, python=python)
    document, expected = other.collects(machine), client.collects(machine)
    for one in (document, expected):
        del one["provenance"]["collected"]
    assert document == expected
    assert other.says("--offline", "--root", machine).startswith("ASRock X399 Taichi")


def test_the_oldest_supported_python_is_tried() -> None:
    """CI has one; elsewhere `vermin` in `make check` stands for it."""
    if not any("3.9" in python for python in PYTHONS) and not any(v in str(PYTHONS) for v in ("3.10", "3.9")):
        missing("Python 3.9 or 3.10", "pyenv or another package manager installs one")


def test_collecting_imports_neither_the_topology_nor_the_analysis(client: Client, tmp_path: Path) -> None:
    machine = plant(tmp_path / "machine")
    command = [client.python, "-I", "-S", "-X", "importtime", str(client.zipapp), "collect", "--root", str(machine)]
    done = subprocess.run(command, env=client.variables, capture_output=True, text=True, check=True)
    loaded = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if line.count("|") == 2}
    assert "submitter.collect" in loaded
    assert [name for name in loaded if name.startswith(("hwdb.topology", "hwdb.analysis", "hwdb.report"))] == []
    assert not {"socket", "ssl", "urllib.request", "dataclasses", "typing"} & loaded


def test_the_command_that_the_site_prints_fetches_checks_and_runs_it(
    zipapp: Path, tmp_path: Path, client: Client
) -> None:
    if shutil.which("curl") is None:
        missing("curl", "install the package curl")
    machine = plant(tmp_path / "machine")
    with serving(tmp_path, HWDB_SUBMITTER=str(zipapp)) as service:
        with urllib.request.urlopen(f"{service.address}/submit", timeout=60) as page:
            (printed,) = re.findall(r"<pre[^>]*>(curl .*?)</pre>", page.read().decode(), re.DOTALL)
        command = f"{html.unescape(printed)} --root {machine} --yes"
        done = subprocess.run(
            ["sh", "-c", command], cwd=tmp_path, env=client.variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "hwdb-submit.pyz: OK" in done.stdout
        assert f"{service.address}/boards/asrock/x399-taichi" in done.stdout
        assert service.get("boards/asrock/x399-taichi")["machines"] == 1


def test_help_tells_what_a_manual_would(client: Client) -> None:
    said = client.says("--help")
    for word in (
        "never read",
        "HWDB_SERVER",
        "XDG_STATE_HOME",
        "exit status",
        "examples",
        "CC0-1.0",
        "delete",
        "status",
    ):
        assert word in said
    for command in ("collect", "show", "send", "update", "delete", "status"):
        assert "--server" in client.says(command, "--help")
    assert VERSION in client.says("--version")


def test_an_unwritable_zip_is_not_left_half_made(tmp_path: Path) -> None:
    target = tmp_path / "dist" / "hwdb-submit.pyz"
    assert re.fullmatch("[0-9a-f]{64}", build(str(target)))
    assert target.stat().st_mode & 0o111
