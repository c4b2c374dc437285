"""Proxmox's list of PCI devices: the drawn table, cut or whole, and JSON."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb import importers
from hwdb.errors import ParseError
from hwdb.importers import pvesh
from tests.conftest import CORPUS, missing
from tests.importers.groups import groups, problems
from tests.importers.hostile_text import answers, taken

CUT = "112-pvesh-table-cut-gigabyte-b650m-proxmox.txt"
HEADING = "│ class    │ device │ id           │ iommugroup │ vendor │ device_name       │ mdev │ subsystem_device │ sub"
RULE = "├──────────┼────────┼──────────────┼────────────┼────────┼───────────────────┼──────┼──────────────────┼────"
ROWS = [
    "│ 0x060400 │ 0x1483 │ 0000:00:03.1 │          8 │ 0x1022 │ GPP Bridge        │      │ 0x0000           │ ",
    "│ 0x030000 │ 0x1b80 │ 0000:0a:00.0 │         14 │ 0x10de │ GP104 [GTX 1080]  │      │ 0x8591           │ ",
    "│ 0x040300 │ 0x10f0 │ 0000:0a:00.1 │         14 │ 0x10de │                   │      │ 0x8591           │ ",
    "│ 0x080600 │ 0x1481 │ 0000:00:00.2 │         -1 │ 0x1022 │                   │      │                  │ ",
]
TABLE = "\n".join(["┌" + RULE[1:], HEADING, RULE.replace("─", "═"), *(f"{row}\n{RULE}" for row in ROWS)])
GROUPS = {8: {"0000:00:03.1"}, 14: {"0000:0a:00.0", "0000:0a:00.1"}, None: {"0000:00:00.2"}}
OBJECTS: list[dict[str, Any]] = [
    {"id": "0000:43:00.0", "class": "0x030000", "vendor": "0x10de", "device": "0x2204", "iommugroup": 42}
    | {"vendor_name": "NVIDIA Corporation", "device_name": "GA102 [GeForce RTX 3090]", "mdev": 1}
    | {"subsystem_vendor": "0x19da", "subsystem_device": "0x1613"},
    {"id": "0000:00:00.0", "class": "0x060000", "vendor": "0x1022", "device": "0x1450", "iommugroup": -1},
]


@pytest.mark.corpus
def test_the_recorded_table_has_the_true_groups() -> None:
    if not (CORPUS / "forum").is_dir():
        missing("the corpus of forum listings", "HWDB_CORPUS names its folder")
    entries = map(json.loads, (CORPUS / "forum" / "TRUTH.jsonl").read_text(encoding="utf-8").splitlines())
    truth = next(entry for entry in entries if entry["file"] == CUT)
    report = importers.parse((CORPUS / "forum" / CUT).read_text(encoding="utf-8"))
    taken(report)
    assert {str(group): sorted(members) for group, members in groups(report).items()} == truth["members"]
    [said] = problems(report)
    assert '--pci-class-blacklist ""' in said


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TABLE, id="as drawn"),
        pytest.param("\n".join(line[:80] for line in TABLE.splitlines()), id="cut at the width of the terminal"),
        pytest.param("\n".join(line[:58] for line in TABLE.splitlines()), id="cut behind the fifth column"),
        pytest.param("\n".join(ROWS), id="rows alone, as grep leaves them"),
        pytest.param(TABLE.replace("│", "|").replace("─", "-"), id="ASCII"),
        pytest.param("\n".join(row.replace("│ ", "") for row in ROWS), id="without borders"),
        pytest.param(textwrap.indent(TABLE, "> "), id="quoted"),
        pytest.param(textwrap.indent(TABLE, "    "), id="indented"),
        pytest.param(TABLE.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(TABLE.replace(" ", "\u00a0"), id="no-break spaces"),
        pytest.param(f"root@pve:~# pvesh get /nodes/pve/hardware/pci\n{TABLE}\nWhat now?", id="prose around it"),
        pytest.param(TABLE + "\n" + TABLE, id="twice"),
    ],
)
def test_a_table_is_read_however_it_was_pasted(text: str) -> None:
    report = importers.parse(text)
    taken(report)
    assert report.provenance.source == "pvesh"
    assert groups(report) == GROUPS
    assert {f.address: (f.class_, f.prog_if, f.vendor, f.device) for f in report.functions}["0000:0a:00.0"] == (
        *("0300", "00", "10de", "1b80"),
    )


def test_the_columns_behind_the_fifth_are_told_by_the_heading() -> None:
    bridge, card, audio, _ = importers.parse(TABLE).functions
    assert (card.name, card.subsystem_device, audio.name) == ("GP104 [GTX 1080]", "8591", None)
    assert (bridge.name, bridge.subsystem_vendor) == ("GPP Bridge", None)
    assert problems(importers.parse(TABLE)) == ()


def test_a_table_cut_in_its_fifth_column_keeps_its_groups() -> None:
    report = importers.parse("\n".join(line[:54] for line in TABLE.splitlines()))
    taken(report)
    assert groups(report) == GROUPS
    assert {f.vendor for f in report.functions} == {None}


def test_a_row_cut_in_its_first_columns_is_left_out() -> None:
    report = importers.parse(TABLE + "\n│ 0x0300")
    assert groups(report) == GROUPS


def test_two_tables_are_two_machines() -> None:
    other = TABLE.replace("0000:0a", "0000:0b") + "\n" + ROWS[1].replace("0a:00.0", "0c:00.0")
    report = importers.parse(TABLE + "\n" + other)
    assert len(report.functions) == 5
    assert problems(report) == ("Line 1 begins another table, which was passed over.",)
    assert [len(r.functions) for r in importers.parse_all(TABLE + "\n" + other)] == [4, 5]
    assert [len(r.functions) for r in importers.parse_all(TABLE + "\n" + TABLE)] == [4]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(OBJECTS),
        json.dumps(OBJECTS, indent=3),
        json.dumps(OBJECTS, sort_keys=True),
        json.dumps({"data": OBJECTS}),
        f"# pvesh get /nodes/pve/hardware/pci --output-format json\n{json.dumps(OBJECTS)}\nAny idea?",
    ],
)
def test_json_is_read_with_subsystems_and_without_the_group_of_minus_one(text: str) -> None:
    report = importers.parse(text)
    taken(report)
    card, bridge = report.functions
    assert (card.iommu_group, bridge.iommu_group, report.iommu.state) == (42, None, "on")
    assert (card.subsystem_vendor, card.subsystem_device, card.class_) == ("19da", "1613", "0300")
    assert card.name == "NVIDIA Corporation GA102 [GeForce RTX 3090]"
    assert problems(report) == ()


def test_a_list_in_which_nothing_has_a_group_tells_that_the_iommu_is_off() -> None:
    assert importers.parse(json.dumps([{**one, "iommugroup": -1} for one in OBJECTS])).iommu.state == "off"
    unknown = [{key: fact for key, fact in one.items() if key != "iommugroup"} for one in OBJECTS]
    assert importers.parse(json.dumps(unknown) + '"iommugroup"').iommu.state is None


def test_objects_that_are_none_of_pveshs_are_passed_over_with_a_sentence() -> None:
    report = importers.parse(json.dumps([*OBJECTS, OBJECTS[0], {"id": "gpu"}, 5]))
    assert problems(report) == (
        "Object 3 lists 0000:43:00.0 again; the first one counts.",
        "Object 4 has no address of a PCI function in id; it was passed over.",
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no device is listed here"),
        ("│ class │ device │", "no device is listed here"),
        ('[{"id": 5, "class": "", "iommugroup": 1}]', "no device is listed here"),
        ('[{"class": "0x030000", "id": "x", "iommugroup": 1', r"^line 1, column \d+: the JSON ends in the middle"),
        (json.dumps(OBJECTS).replace("42", "NaN"), r"^line 1, column \d+: this is no number"),
        (json.dumps(OBJECTS).replace("42", "4" * 5000), r"^line 1, column \d+: this is no number"),
        ("\n\n" + json.dumps(OBJECTS).replace('"mdev": 1', '"mdev": ' + "[" * 99), r"^line 3, column .* nested deeper"),
    ],
)
def test_what_is_no_list_is_refused_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(ParseError, match=sentence):
        pvesh.parse(text)


PIECES = st.sampled_from([*ROWS, HEADING, *ROWS[1].split(" "), "\n", json.dumps(OBJECTS), '[{"id": ', "}]", '"', "> "])


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES, max_size=40).map("".join)))
def test_no_text_raises_anything_but_a_parse_error(text: str) -> None:
    answers(pvesh, text)
