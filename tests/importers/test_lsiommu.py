"""puavo-os's lsiommu, as text and as JSON, written from its source."""

from __future__ import annotations

import json

import pytest

from hwdb import importers, schema
from hwdb.errors import ParseError
from hwdb.importers import lsiommu
from hwdb.report import Function, to_document
from tests.importers.groups import groups

TEXT = """\
Group 001 Address 0000:00:01.1 Class 060400 ID 1022:1453
Group 042 Address 0000:43:00.0 Class 030000 ID 10de:2204 Revision a1
Group 042 0000:43:00.1 N/A
"""
FUNCTIONS = (
    Function("0000:00:01.1", 1, "0604", "00", "1022", "1453"),
    Function("0000:43:00.0", 42, "0300", "00", "10de", "2204", revision="a1"),
    Function("0000:43:00.1", 42),
)
JSON = {
    "iommu_groups": [
        {"id": 1, "devices": [{"address": "0000:00:01.1", "class": "060400", "vendor": "1022", "device": "1453"}]},
        {
            "id": 42,
            "devices": [
                {
                    "address": "0000:43:00.0",
                    "class": "0x030000",
                    "vendor": "0x10DE",
                    "device": "2204",
                    "revision": "a1",
                },
                {"address": "0000:43:00.1"},
                {"address": "00:00"},
                7,
            ],
        },
        {"id": "x", "devices": [{"address": "0000:44:00.0"}]},
    ]
}


@pytest.mark.parametrize(
    "text", [TEXT, json.dumps(JSON), json.dumps(JSON, indent=4), f"$ lsiommu --json\n{json.dumps(JSON)}"]
)
def test_both_forms_are_read(text: str) -> None:
    report = importers.parse(text)
    assert report.functions == FUNCTIONS
    assert groups(report) == {1: {"0000:00:01.1"}, 42: {"0000:43:00.0", "0000:43:00.1"}}
    assert report.provenance.source == "lsiommu"
    assert schema.load(to_document(report)).report == report


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"iommu_groups": [{"id": 1', "cut off"),
        ('{"iommu_groups": ' + "[" * 1000, "nested"),
        ('{"iommu_groups": 7}', "lists no IOMMU groups"),
        ("Group 001\n", "^no function stands in a group here"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ParseError, match=sentence):
        importers.parse(text, "lsiommu")


@pytest.mark.parametrize("text", ["", "Group 001", '{"groups": []}', "IOMMU Group 1 00:01.0 PCI bridge: Intel"])
def test_other_texts_are_left_alone(text: str) -> None:
    assert not lsiommu.sniff(text)
