"""JSON as people post it: quoted, escaped by a page, indented, with prose around it, or without its end."""

from __future__ import annotations

import html
import json
import pprint
from typing import TYPE_CHECKING, Any

import pytest

from hwdb import importers, schema
from hwdb.report import to_document
from tests.importers.groups import groups, problems

if TYPE_CHECKING:
    from collections.abc import Callable

PLACES = [(f"0000:0{bus}:00.0", bus + 10) for bus in range(1, 5)]


def ids(vendor: int, device: int) -> dict[str, Any]:
    return {"vendor": {"value": vendor}, "device": {"value": device}, "base_class": {"value": 3}}


FACTER: dict[str, Any] = {
    "version": 1,
    "hardware": {
        "graphics_card": [
            {"sysfs_bus_id": place, "sysfs_iommu_group_id": group, **ids(0x10DE, 0x1B80)} for place, group in PLACES
        ]
    },
    "smbios": {"board": {"manufacturer": "A <B> & C", "product": "Example"}, "slot": [{"designation": "PCIE1"}]},
}
PVESH = [
    {"id": place, "class": "0x030000", "vendor": "0x10de", "device": "0x1b80", "iommugroup": group}
    for place, group in PLACES
]
LSIOMMU = {
    "iommu_groups": [
        {"id": group, "devices": [{"address": place, "vendor": "10de", "device": "1b80"}]} for place, group in PLACES
    ]
}
IOMMU_INFO = {
    "board": {"name": "Example"},
    "groups": [
        {"iommugroup": str(group), "devices": [{"slot": place, "dev_class": "VGA [0300]", "device": "GP104 [1b80]"}]}
        for place, group in PLACES
    ],
}
DOCUMENTS: dict[str, Any] = {"facter": FACTER, "pvesh": PVESH, "lsiommu": LSIOMMU, "iommu-info": IOMMU_INFO}
WAYS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "quoted": lambda text: "".join(f"> {line}\n" for line in text.splitlines()),
    "quoted twice": lambda text: "".join(f"> > {line}\n" for line in text.splitlines()),
    "escaped": html.escape,
    "escaped, in a page": lambda text: f"<p>Mine:</p><pre><code>{html.escape(text)}\n</code></pre><p>Good?</p>",
    "indented": lambda text: "".join(f"        {line}\n" for line in text.splitlines()),
    "in prose": lambda text: f"See this:\n\n```json\n{text}\n```\nIs that good?",
    "quoted, with Windows line ends": lambda text: "Hi\r\n" + "".join(f"> {line}\r\n" for line in text.splitlines()),
    "with no-break spaces": lambda text: text.replace("  ", "\u00a0 "),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("indent", [None, 2, 4])
def test_json_is_read_however_it_was_posted(name: str, way: str, indent: int | None) -> None:
    report = importers.parse(WAYS[way](json.dumps(DOCUMENTS[name], indent=indent)))
    assert report.provenance.source == name
    assert groups(report) == {group: {place} for place, group in PLACES}
    assert schema.load(to_document(report)).report == report


def test_names_in_an_escaped_page_are_as_they_were() -> None:
    assert importers.parse(html.escape(json.dumps(FACTER, indent=1))).board.vendor == "A <B> & C"


@pytest.mark.parametrize("way", ["as it is", "quoted"])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_of_json_that_was_cut_off_the_whole_entries_are_read(name: str, indent: int | None, way: str) -> None:
    whole = json.dumps(DOCUMENTS[name], indent=indent)
    cut = whole.index(PLACES[2][0]) + 14
    report = importers.parse(WAYS[way](whole[:cut]))
    assert {f.address for f in report.functions} == {place for place, _ in PLACES[:2]}
    assert any("ends in the middle" in sentence for sentence in problems(report))


def test_of_a_printed_dict_that_was_cut_off_the_whole_entries_are_read() -> None:
    printed = pprint.pformat(IOMMU_INFO, width=60)
    report = importers.parse(printed[: printed.index(PLACES[2][0]) + 5])
    assert {f.address for f in report.functions} == {place for place, _ in PLACES[:2]}
    assert any("ends in the middle" in sentence for sentence in problems(report))


def test_what_may_have_followed_is_not_denied() -> None:
    without = {**FACTER, "hardware": {"graphics_card": [{"sysfs_bus_id": place} for place, _ in PLACES]}}
    assert importers.parse(json.dumps(without)).iommu.state == "off"
    text = json.dumps(without)
    report = importers.parse(text[: text.index('"slot"')])
    assert (report.iommu.state, report.slots, report.memory.bytes) == (None, None, None)
    assert report.board.name == "Example"
