"""Nothing the client writes, prints or sends holds what must never be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.submitter.trees import SECRETS, plant

if TYPE_CHECKING:
    from pathlib import Path

    from tests.submitter.client import Client


def found(*texts: str) -> list[str]:
    return [name for name, secret in SECRETS.items() if any(secret.casefold() in text.casefold() for text in texts)]


def test_planted_secrets_are_nowhere(client: Client, tmp_path: Path) -> None:
    machine = plant(tmp_path / "machine")
    planted = b"".join(path.read_bytes() for path in machine.rglob("*") if path.is_file())
    assert [name for name, secret in SECRETS.items() if secret.encode() not in planted] == []
    report = tmp_path / "report.json"
    runs = [
        client.run("-v", "collect", "--root", machine, "-o", report),
        client.run("-v", "--offline", "--root", machine),
        client.run("--json", "--offline", "--root", machine),
        client.run("show", report),
    ]
    assert [run.returncode for run in runs] == [0, 0, 0, 0], runs
    assert found(*(run.stdout + run.stderr for run in runs)) == []
    written = [path for path in (report, *client.home.rglob("*")) if path.is_file()]
    assert len(written) == 2
    assert found(*(path.read_text(encoding="utf-8") for path in written)) == []


def test_only_the_list_of_allowed_files_is_opened(client: Client, tmp_path: Path) -> None:
    """Files that hold secrets are not even opened: a tree without them gives the same document."""
    machine = plant(tmp_path / "machine")
    whole = client.collects(machine)
    for path in [path for path in machine.rglob("*") if path.is_file()]:
        hidden = ("serial", "uuid", "asset_tag", "address", "edid", "vpd", "passwd", "hostname")
        if path.name.endswith(hidden) and "slots" not in path.parts:
            path.unlink()
            path.mkdir()
    again = client.collects(machine)
    for document in (whole, again):
        del document["provenance"]["collected"]
    assert again == whole
