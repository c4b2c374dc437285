"""Tables drawn by hand: any order of columns, several addresses in a cell, and tables of other things."""

from __future__ import annotations

import pytest

from hwdb import importers, schema
from hwdb.errors import ParseError
from hwdb.importers import markdown_table
from hwdb.report import to_document
from tests.importers.groups import groups, problems

SMALL = """\
| GPU PCI | NUMA | List | IOMMU Group |
|---------|:----:|------|-------------|
| 0000:1b:00.0 | 0 | [0, 1] | 50 |
| `3d:00.0` | 1 | [1, 0] | 36 |
| **0000:4e:00.0** | 1 | [1, 0] | Group 24 |
"""
GROUPS = {50: {"0000:1b:00.0"}, 36: {"0000:3d:00.0"}, 24: {"0000:4e:00.0"}}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SMALL, id="as drawn"),
        pytest.param("\n".join(f"> {line}" for line in SMALL.splitlines()), id="quoted"),
        pytest.param("\n".join(line.strip("| ") for line in SMALL.splitlines()), id="without outer bars"),
        pytest.param(SMALL.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(SMALL.replace(" ", "\u00a0"), id="no-break spaces"),
        pytest.param(f"My groups:\n\n{SMALL}\n| a | b |\n|---|---|\n| 01:00.0 | 14 |\n", id="prose and another table"),
        pytest.param(SMALL + "| 0000:5f:00.0 | 0 | | n/a |\n| | | | 7 |\n", id="rows without a group or an address"),
        pytest.param(
            "|iommu|way|BDF|\n|-|-|-|\n|50|00:01.0/1b:00.0|1b:00.0|\n|36|00:01.1|3d:00.0|\n|24||4e:00.0|",
            id="other order",
        ),
    ],
)
def test_a_table_is_read_however_it_is_drawn(text: str) -> None:
    report = importers.parse(text.replace("|way|", "|PCI path|"))
    assert groups(report) == GROUPS
    assert problems(report) == ()
    assert report.provenance.source == "markdown"
    assert schema.load(to_document(report)).report == report


def test_a_cell_may_hold_several_addresses_and_groups() -> None:
    rows = "| A | 22:00.0 / 49:00.3 | 31 / 55 |\n| B | 23:00.0, 23:00.1 | 32 |\n| C | 24:00.0 / 24:00.1 | 1 / 2 / 3 |\n"
    report = importers.parse(f"| Port | PCIe bus | IOMMU group |\n|---|---|---|\n{rows}")
    assert groups(report) == {31: {"0000:22:00.0"}, 55: {"0000:49:00.3"}, 32: {"0000:23:00.0", "0000:23:00.1"}}
    assert problems(report) == (
        "Line 5 shows addresses and groups, and not which belongs to which; it was passed over.",
    )


def test_names_and_ids_are_read_of_a_row_with_one_address() -> None:
    rows = (
        "| 1 | 01:00.0 | GP104 [GeForce GTX 1080] | 10de:1b80 |\n| 2 | 02:00.0, 02:00.1 | Two of them | 8086:1533 |\n"
    )
    report = importers.parse(f"| IOMMU | BDF | Device | IDs |\n|---|---|---|---|\n{rows}")
    assert [(f.name, f.vendor, f.device) for f in report.functions] == [
        ("GP104 [GeForce GTX 1080]", "10de", "1b80"),
        (None, None, None),
        (None, None, None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a | b\n",
        "| a | b |\n|---|---|\n| 01:00.0 | 14 |\n",
        "| BDF | IOMMU group |\n| 01:00.0 | 14 |\n",
        "| BDF | NUMA group |\n|---|---|\n| 01:00.0 | 14 |\n",
        "| Device path | IOMMU group |\n|---|---|\n| 01:00.0 | 14 |\n",
    ],
)
def test_what_is_no_table_of_groups_is_refused_with_a_sentence(text: str) -> None:
    assert not markdown_table.sniff(text)
    with pytest.raises(ParseError, match=r"^no table here has a column of addresses"):
        importers.parse(text, "markdown")
