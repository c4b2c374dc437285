"""What iommu.info's script uploads and leaves behind: JSON, a printed dict, and dicts that are made to harm."""

from __future__ import annotations

import json
import pprint
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb import importers
from hwdb.errors import ParseError
from hwdb.importers import iommu_info
from tests.importers.groups import groups, problems
from tests.importers.hostile_text import answers, taken

BRIDGE = {
    "slot": "00:01.0",
    "dev_class": "PCI bridge [0604]",
    "vendor": {"name": "Intel Corporation", "vendorid": "8086"},
    "device": "12th Gen Core Processor PCI Express x16 Controller #1 [460d]",
    "svendor": {"name": "ASUSTeK Computer Inc.", "vendorid": "1043"},
    "sdevice": "Device [8694]",
    "rev": "02",
    "progif": "00",
}
CARD = {
    "slot": "01:00.0",
    "dev_class": "VGA compatible controller [0300]",
    "vendor": {"name": "NVIDIA Corporation", "vendorid": "10de"},
    "device": "Device [2684]",
}
ALONE = {"slot": "00:1f.5", "device": "An 'odd' \"name\" \\ with a tab\t [7aa4]"}
PAYLOAD: dict[str, Any] = {
    "board": {
        "name": "PRIME Z690-P D4",
        "board_vendor": {"name": "ASUSTeK", "vendorid": "1043"},
        "version": "Rev 1.xx",
    },
    "bios": {"date": "2025-06-20", "release": "16.60", "bios_vendor": {}, "version": "__unknown__"},
    "chassis": {"type": "3"},
    "product": {"family": "To be filled by O.E.M.", "name": "System Product Name"},
    "groups": [
        {"devices": [BRIDGE, CARD], "iommugroup": "14"},
        {"devices": [ALONE], "iommugroup": None},
    ],
}
GROUPS = {14: {"0000:00:01.0", "0000:01:00.0"}, None: {"0000:00:1f.5"}}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(json.dumps(PAYLOAD), id="JSON"),
        pytest.param(json.dumps(PAYLOAD, indent=2), id="JSON over lines"),
        pytest.param(str(PAYLOAD), id="printed"),
        pytest.param(pprint.pformat(PAYLOAD), id="printed over lines"),
        pytest.param(pprint.pformat(PAYLOAD, width=30), id="printed in a narrow column"),
        pytest.param(f"It doesn't work:\n```\n{PAYLOAD}\n```\nI've no idea.", id="prose around it"),
        pytest.param(str(PAYLOAD).replace("None", "-1"), id="no number"),
    ],
)
def test_a_payload_is_read_however_it_was_written(text: str) -> None:
    report = importers.parse(text)
    taken(report)
    assert report.provenance.source == "iommu-info"
    assert groups(report) == GROUPS
    assert (report.board.vendor, report.board.name, report.board.version) == (
        *("ASUSTeK", "PRIME Z690-P D4", "Rev 1.xx"),
    )
    assert (report.bios.vendor, report.bios.version, report.bios.date) == (None, None, "2025-06-20")
    assert (report.chassis.type, report.system.name) == (3, "System Product Name")
    assert report.functions[2].name == "An 'odd' \"name\" \\ with a tab\ufffd"


def test_every_part_of_a_device_is_read() -> None:
    bridge, card, _ = importers.parse(str(PAYLOAD)).functions
    assert (bridge.class_, bridge.vendor, bridge.device, bridge.revision) == ("0604", "8086", "460d", "02")
    assert (bridge.subsystem_vendor, bridge.subsystem_device, bridge.prog_if) == ("1043", "8694", "00")
    assert bridge.name == "Intel Corporation 12th Gen Core Processor PCI Express x16 Controller #1"
    # lspci prints no revision 00, and "Device" for what its list does not know.
    assert (card.revision, card.name, card.subsystem_vendor) == ("00", "NVIDIA Corporation", None)


def test_a_device_without_an_address_is_said() -> None:
    odd = {**PAYLOAD, "groups": [*PAYLOAD["groups"], {"devices": [{"slot": "x"}, CARD, 5], "iommugroup": "15"}]}
    assert problems(importers.parse(str(odd))) == (
        "Entry 3 of groups holds a device without an address; it was passed over.",
        "Entry 3 of groups holds a device at 0000:01:00.0, which another one has; it was passed over.",
    )


@pytest.mark.parametrize("escaped", [r"\x41", r"\u0041", r"\U00000041", r"\'", r"\\", r"\q", r"\n"])
def test_the_escapes_of_a_printed_string_are_known(escaped: str) -> None:
    text = str(PAYLOAD).replace("PRIME", f"{escaped}PRIME")
    assert (importers.parse(text).board.name or "").endswith("PRIME Z690-P D4")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "this is no payload"),
        ("{'board': {}, 'groups': []}", "no device with a slot stands in the groups"),
        ("{'board': {}, 'groups': [__import__('os').abort()]}", r"line 1, column \d+: this is not JSON"),
        (str(PAYLOAD)[:30], r"line 1, column \d+: the JSON ends in the middle"),
        (pprint.pformat(PAYLOAD)[:20], r"line \d, column \d+: the JSON ends in the middle"),
        ("{'board': {}, 'x': " + "[" * 5000, "nested deeper"),
        ("{'board': {}, 'x': " + "9" * 5000, "this is no number"),
        ("{'board': {}, 'x': '" + "a" * 5_000_000, "this printed dict has 5,000,020 characters"),
        ("{'board': {" + "('a' " * 200_000, "this is not JSON|ends in the middle"),
    ],
)
def test_what_is_no_payload_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ParseError, match=sentence):
        iommu_info.parse(text)


def test_prose_about_groups_is_no_payload() -> None:
    assert not iommu_info.sniff("{'board': 'mine'} has iommugroup, devices and slot")
    assert not iommu_info.sniff(str({"board": {}}))


PIECES = st.sampled_from([*str(PAYLOAD).split(" "), "{'board': {", "'groups': [", "'", '"', "\\", "\n", "None", "\x00"])


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map(" ".join)))
def test_no_text_raises_anything_but_a_parse_error(text: str) -> None:
    answers(iommu_info, text)
    answers(iommu_info, "{'board': {" + text)


@given(st.integers(0, len(str(PAYLOAD))), st.integers(0, len(str(PAYLOAD))), st.text(max_size=3))
def test_no_damage_raises_anything_but_a_parse_error(at: int, end: int, put: str) -> None:
    text = str(PAYLOAD)
    answers(iommu_info, text[:at] + put + text[max(at, end) :])
