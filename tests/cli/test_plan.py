"""``hwdb plan`` and ``hwdb device``: which slot for which card, and what is known of a device, on a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.commands import Shell

TAICHI = ("--board", "asrock/x399-taichi")


def test_the_cards_of_the_seed_find_their_slots(filled: Shell) -> None:
    said = filled.says("plan", "--need", "gpu:x8", "--need", "gpu:x8", "--need", "usb", "--socket", "TR4")
    assert said.startswith("ASRock X399 Taichi: fits\n  Every card gets a slot of its own that isolates.\n")
    assert "GPU 1 goes into PCIE1 (x16" in said
    assert "Boards: 1; 1 fit, 0 may fit, 0 miss." in said


def test_a_miss_says_what_is_in_the_way(filled: Shell) -> None:
    said = filled.says("plan", *TAICHI, *["--need", "gpu"] * 5)
    assert "ASRock X399 Taichi: misses" in said
    assert "GPU 5 (x8) has no slot. PCIE3" in said


def test_json_is_the_shape_of_the_api(filled: Shell) -> None:
    found = json.loads(filled.says("plan", *TAICHI, "--need", "usb", "--min-machines", "2", "--json"))
    assert [plan["fits"] for plan in found["plans"]] == [None]
    assert found["plans"][0]["possible"][0]["slot"]["evidence"] == "observed"


def test_a_wish_that_cannot_be_read_is_one_sentence(filled: Shell) -> None:
    assert "like gpu:x8 or usb" in filled.refuses("plan", "--need", "tv")
    assert "at most 16 cards" in filled.refuses("plan", *["--need", "usb"] * 17)
    assert "no board is known by the address" in filled.refuses("plan", "--need", "usb", "--board", "nobody")
    assert filled.refuses("plan", "--need", "\udcff")


def test_a_device_is_told(filled: Shell) -> None:
    said = filled.says("device", "10de:1b80")
    assert "[10de:1b80]" in said
    assert "ASRock X399 Taichi, PCIE4: 1 seen; alone in its group on 1" in said
    assert json.loads(filled.says("device", "[10DE:1B80]", "--json"))["machines"] == 1
    assert filled.refuses("device", "dead:beef").startswith("no report lists a device dead:beef")
    assert filled.refuses("device", "gtx 1080").startswith("gtx 1080 is no PCI id")
