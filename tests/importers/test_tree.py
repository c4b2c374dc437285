"""Drawn trees of groups: the seed's, variants of a small one, and texts that are none."""

from __future__ import annotations

import json
import textwrap
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb import importers, schema
from hwdb.errors import ParseError
from hwdb.importers import annotate, tree
from hwdb.report import Report, to_document
from tests.conftest import CORPUS, missing
from tests.machines import SEED, seed_document

PAGE = CORPUS.parent / "seed" / "qemu-kvm-gpu-passthrough-on-threadripper.md"
FORUM = CORPUS / "forum"
DRAWN = "139-tree-asrock-x399-taichi.txt"

SMALL = """\
IOMMU
├── 0
│   └── 00:01.1 PCI bridge [0604]: Advanced Micro Devices, Inc. [AMD] Family 17h PCIe GPP Bridge [1022:1453]
├── 13
│   ├── 01:00.0 USB controller [0c03]: Advanced Micro Devices, Inc. [AMD] X399 xHCI Controller [1022:43ba] (rev 02)
│   └── 01:00.1 SATA controller [0106]: Advanced Micro Devices, Inc. [AMD] FCH SATA [AHCI mode] [1022:7901] (rev 51)
└── 14
    └── 08:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP104 [GeForce GTX 1080] [10de:1b80] (rev a1)
"""
GROUPS = {
    0: {"0000:00:01.1"},
    13: {"0000:01:00.0", "0000:01:00.1"},
    14: {"0000:08:00.0"},
}
ASCII = str.maketrans({"│": "|", "├": "|", "└": "`", "─": "-"})
PLUS = str.maketrans({"│": "|", "├": "+", "└": "\\", "─": "-"})


def groups(report: Report) -> dict[int | None, set[str]]:
    found: dict[int | None, set[str]] = {}
    for function in report.functions:
        found.setdefault(function.iommu_group, set()).add(function.address)
    return found


def problems(report: Report) -> tuple[str, ...]:
    return report.provenance.problems or ()


def seed_page() -> str:
    if not PAGE.is_file():
        missing("the seed's page", "it belongs beside the corpus, in seed/")
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.corpus
def test_the_seeds_tree_is_read_whole_out_of_its_page() -> None:
    report = importers.parse(seed_page())
    assert (len(report.functions), len(groups(report))) == (67, 40)
    assert problems(report) == ()


@pytest.mark.corpus
def test_the_committed_report_is_what_the_page_and_its_notes_make() -> None:
    notes = SEED.with_suffix(".notes.toml").read_text(encoding="utf-8")
    document = annotate(to_document(importers.parse(seed_page())), notes)
    loaded = schema.load(document)
    assert loaded.ignored == ()
    assert to_document(loaded.report) == seed_document()


def test_the_committed_report_is_canonical() -> None:
    loaded = schema.load(seed_document())
    assert loaded.ignored == ()
    assert to_document(loaded.report) == seed_document()


@pytest.mark.corpus
def test_the_recorded_listing_has_the_true_groups() -> None:
    if not FORUM.is_dir():
        missing("the corpus of forum listings", "HWDB_CORPUS names its folder")
    entries = map(json.loads, (FORUM / "TRUTH.jsonl").read_text(encoding="utf-8").splitlines())
    truth = next(entry for entry in entries if entry["file"] == DRAWN)
    report = importers.parse((FORUM / DRAWN).read_text(encoding="utf-8"))
    assert {str(group): sorted(members) for group, members in groups(report).items()} == truth["members"]


@pytest.mark.corpus
def test_other_listings_are_not_taken_for_trees() -> None:
    if not FORUM.is_dir():
        missing("the corpus of forum listings", "HWDB_CORPUS names its folder")
    others = [path for path in sorted(FORUM.glob("*.txt")) if path.name != DRAWN]
    texts = {path.name: path.read_bytes().decode("utf-8", errors="replace") for path in others}
    assert len(texts) > 100
    assert [name for name, text in texts.items() if tree.sniff(text)] == []
    for text in texts.values():
        with pytest.raises(ParseError):
            tree.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SMALL, id="as drawn"),
        pytest.param(SMALL.translate(ASCII), id="ASCII"),
        pytest.param(SMALL.translate(PLUS), id="ASCII with plus signs and backslashes"),
        pytest.param(textwrap.indent(SMALL, "> "), id="quoted"),
        pytest.param(textwrap.indent(SMALL, ">>> "), id="quoted deeply"),
        pytest.param(textwrap.indent(SMALL.translate(ASCII), "> "), id="ASCII, quoted"),
        pytest.param(SMALL.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(SMALL.replace(" ", "\u00a0"), id="no-break spaces everywhere"),
        pytest.param(SMALL.replace("│   ", "│\u00a0\u00a0 "), id="no-break spaces as tree(1) draws them"),
        pytest.param(textwrap.indent(SMALL, "    "), id="indented"),
        pytest.param(textwrap.indent(SMALL, "\t"), id="indented by a tab"),
        pytest.param("\n".join(line.lstrip("│ ") for line in SMALL.splitlines()), id="indentation lost"),
        pytest.param("\n".join(line + "   \t" for line in SMALL.splitlines()), id="blanks at line ends"),
        pytest.param(SMALL.replace("├── 13", "├── IOMMU Group 13:"), id="groups in words"),
        pytest.param(f"My groups:\n\n```\n{SMALL}```\n\n| a | b |\n|---|---|\n- 14\n", id="prose around it"),
        pytest.param(SMALL.rstrip(), id="no newline at the end"),
        pytest.param("\ufeff" + SMALL, id="byte order mark"),
    ],
)
def test_a_tree_is_read_however_it_was_pasted(text: str) -> None:
    report = importers.parse(text)
    assert groups(report) == GROUPS
    assert report.functions == importers.parse(SMALL).functions
    assert problems(report) == ()


def test_every_part_of_a_device_line_is_read() -> None:
    usb = importers.parse(SMALL).functions[1]
    assert (usb.class_, usb.vendor, usb.device, usb.revision) == ("0c03", "1022", "43ba", "02")
    assert usb.name == "Advanced Micro Devices, Inc. [AMD] X399 xHCI Controller"
    assert usb.prog_if is None


def test_brackets_in_names_are_neither_class_nor_ids() -> None:
    _, _, sata, gpu = importers.parse(SMALL).functions
    assert (sata.name, sata.vendor) == ("Advanced Micro Devices, Inc. [AMD] FCH SATA [AHCI mode]", "1022")
    assert (gpu.name, gpu.device) == ("NVIDIA Corporation GP104 [GeForce GTX 1080]", "1b80")


def test_a_programming_interface_is_read() -> None:
    line = "│   └── 02:00.0 USB controller [0c03]: NEC uPD720201 [1912:0014] (rev 03) (prog-if 30 [XHCI])"
    [function] = importers.parse(f"├── 1\n{line}\n").functions
    assert (function.revision, function.prog_if, function.name) == ("03", "30", "NEC uPD720201")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("0000:01:00.0", "0000:01:00.0"),
        ("0001:01:00.0", "0001:01:00.0"),
        ("000A:11:00.0", "000a:11:00.0"),
        ("10000:e0:06.0", "10000:e0:06.0"),
        ("00000000:01:00.0", "0000:01:00.0"),
        ("FF:1F.7", "0000:ff:1f.7"),
    ],
)
def test_one_place_has_one_spelling(written: str, address: str) -> None:
    report = importers.parse(f"├── 1\n│   └── {written} USB controller [0C03]: AMD [1022:43BA]\n")
    assert [(f.address, f.class_, f.device) for f in report.functions] == [(address, "0c03", "43ba")]
    assert schema.load(to_document(report)).report == report


def test_a_function_listed_twice_counts_where_it_stood_first() -> None:
    again = SMALL + SMALL.splitlines()[4].replace("│   ├──", "    └──") + "\n"
    report = importers.parse(again)
    assert groups(report) == GROUPS
    assert problems(report) == ("Line 9 lists 0000:01:00.0 again; the first line counts.",)


def test_a_device_above_the_first_group_is_in_no_group_and_passed_over() -> None:
    report = importers.parse("├── 00:00.0 Host bridge [0600]: AMD [1022:1450]\n" + SMALL)
    assert groups(report) == GROUPS
    assert problems(report) == ("Line 1 is a device above the first group; it was passed over.",)


@pytest.mark.parametrize(
    ("cut_at", "device", "said"),
    [
        ("(rev a1)", "1b80", ()),
        ("1b80] (rev", None, ("Line 8 shows no ids of 0000:08:00.0, like [1022:43ba]; it may be cut off.",)),
        ("GTX 1080] [10de", None, ("Line 8 shows no ids of 0000:08:00.0, like [1022:43ba]; it may be cut off.",)),
    ],
)
def test_a_tree_cut_in_the_middle_of_its_last_line_keeps_what_is_there(
    cut_at: str, device: str | None, said: tuple[str, ...]
) -> None:
    report = importers.parse(SMALL[: SMALL.index(cut_at)])
    assert groups(report) == GROUPS
    assert report.functions[-1].device == device
    assert (report.functions[-1].name or "").startswith("NVIDIA Corporation GP104")
    assert "10de" not in (report.functions[-1].name or "")
    assert problems(report) == said


def test_a_tree_cut_in_the_middle_of_an_address_says_so() -> None:
    report = importers.parse(SMALL[: SMALL.index("00.0 VGA")])
    assert groups(report) == {group: members for group, members in GROUPS.items() if group != 14}
    assert problems(report) == (
        "Line 8 is a branch of the tree, but neither a group number nor a device line; it was passed over.",
        "Line 7 opens group 14, and no function stands below it.",
    )


def test_a_group_of_functions_without_ids_is_read_by_address() -> None:
    report = importers.parse("├── 7\n│   └── 00:08.0 Host bridge [0600]: AMD Dummy Host Bridge (rev 02)\n")
    [function] = report.functions
    assert (function.vendor, function.device, function.revision) == (None, None, "02")
    assert function.name == "AMD Dummy Host Bridge"


def test_of_two_trees_the_larger_is_read_and_they_are_not_mixed() -> None:
    after = SMALL.replace("01:00.1", "02:00.0") + "    └── 08:00.1 Audio device [0403]: NVIDIA [10de:10f0]\n"
    report = importers.parse(f"Before:\n{SMALL}\nAfter:\n{after}")
    assert {f.address for f in report.functions} == {
        "0000:00:01.1",
        "0000:01:00.0",
        "0000:02:00.0",
        "0000:08:00.0",
        "0000:08:00.1",
    }
    assert problems(report) == ("Line 1 begins another listing, which was passed over.",)


def test_problems_name_lines_and_quote_nothing() -> None:
    secret = "├── backup-of-alice\n│   └── Serial 1234ABCD\n"
    report = importers.parse(SMALL + secret)
    assert len(problems(report)) == 2
    assert all(sentence.startswith(("Line 9 ", "Line 10 ")) for sentence in problems(report))
    assert not any(word in " ".join(problems(report)) for word in ("alice", "Serial", "1234ABCD", "backup"))


def test_more_problems_than_a_report_holds_are_cut() -> None:
    report = importers.parse(SMALL + "├── what\n" * 1000)
    assert schema.load(to_document(report)).report == report


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "├── 1\n",
        "├── 00:01.0 PCI bridge [0604]: Intel Corporation [8086:1901] (rev 05)\n├── 1\n",
    ],
)
def test_what_is_no_tree_is_refused_with_a_sentence(text: str) -> None:
    assert not tree.sniff(text)
    with pytest.raises(ParseError, match=r"^no function stands below a group"):
        importers.parse(text, "tree")
    with pytest.raises(ParseError, match=r"^this text is no listing hwdb can read"):
        importers.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "├── 1\n│   └── 0000:00:0b.0 -> ../../../../devices/pci0000:00/0000:00:0b.0\n",
        "IOMMU Group 1:\n\t00:01.0 PCI bridge [0604]: Intel Corporation [8086:1901] (rev 05)\n",
        " |           +-01.1-[41]----00.0 Samsung Electronics Co Ltd NVMe SSD Controller\n",
    ],
)
def test_what_another_format_reads_is_no_tree(text: str) -> None:
    assert not tree.sniff(text)
    with pytest.raises(ParseError, match=r"^no function stands below a group"):
        importers.parse(text, "tree")


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ParseError, match="there is no format 'prose'; the formats are tree"):
        importers.parse(SMALL, "prose")


PIECES = st.sampled_from(
    [
        *(
            "├── ",
            "│   ",
            "└── ",
            "|-- ",
            "`-- ",
            "> ",
            "\u00a0",
            "\n",
            "\r\n",
            "\x85",
            "\x00",
            "13",
            "IOMMU Group ",
            "٣",
        ),
        *("01:00.0 ", "0000:", "USB controller ", "[0c03]: ", "[1022:43ba]", "[AHCI mode]", " (rev 02)", "[", "]"),
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
def test_no_text_raises_anything_but_a_parse_error(text: str) -> None:
    sniffed = tree.sniff(text)
    try:
        report = tree.parse(text)
    except ParseError:
        assert not sniffed
        return
    loaded: Any = schema.load(to_document(report))
    assert [f.address for f in loaded.report.functions] == [f.address for f in report.functions]


def test_the_starter_notes_are_toml() -> None:
    for path in SEED.parent.glob("*.toml"):
        assert tomllib.loads(path.read_text(encoding="utf-8"))
