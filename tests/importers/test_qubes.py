"""Reports of qubes-hcl-report: which machine, and how Qubes went on it; never who sent it."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb import importers
from hwdb.errors import ParseError
from hwdb.importers import qubes
from tests.importers.hostile_text import answers, taken

DESKTOP = """\
---
layout:
  'hcl'
type:
  'Desktop'
hvm:
  'yes'
iommu:
  'yes'
slat:
  'yes'
tpm:
  'unknown'
remap:
  'no'
brand: |
  ASRock
model: |
  X399 Taichi
bios: |
  P3.90
cpu: |
  AMD Ryzen Threadripper 1900X 8-Core Processor
cpu-short: |
  FIXME
chipset: |
  Advanced Micro Devices, Inc. [AMD] Root Complex [1022:1450]
gpu: |
  NVIDIA Corporation GP104 [10de:1b80]
network: |
  Intel Corporation I211 (rev 03)
  Intel Corporation Device 24fb (rev 10)
memory: |
  16265
scsi: |

usb: |
  3
versions:

- works:
    'partial'
  qubes: |
    R4.1
  xen: |
    4.14.3
  kernel: |
    5.10.90-1
  remark: |
    The second slot needs a workaround.
    Write to someone@example.org
  credit: |
    SECRET
  link: |
    https://example.org/SECRET

---
"""


def test_board_firmware_processor_kernel_and_outcome_are_read() -> None:
    report = importers.parse(DESKTOP)
    taken(report)
    assert (report.board.vendor, report.board.name, report.bios.version) == ("ASRock", "X399 Taichi", "P3.90")
    assert [cpu.name for cpu in report.cpus or ()] == ["AMD Ryzen Threadripper 1900X 8-Core Processor"]
    assert (report.kernel.release, report.kernel.distribution) == ("5.10.90-1", "Qubes R4.1")
    assert (report.iommu.state, report.iommu.interrupt_remapping) == ("on", False)
    assert report.memory.bytes == 16265 * 2**20
    [outcome] = report.outcomes or ()
    assert (outcome.result, outcome.function) == ("workaround", None)
    assert outcome.note == "Qubes R4.1, Xen 4.14.3, kernel 5.10.90-1\nThe second slot needs a workaround."


def test_there_are_no_functions_and_no_groups_and_that_is_said() -> None:
    report = importers.parse(DESKTOP)
    assert report.functions == ()
    assert "neither PCI functions with their addresses nor groups" in (report.provenance.problems or ("",))[0]


def test_who_sent_it_is_not_taken() -> None:
    assert "SECRET" not in repr(importers.parse(DESKTOP))
    assert "someone" not in repr(importers.parse(DESKTOP))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(DESKTOP.replace("'yes'", "true").replace("'no'", "false"), id="booleans"),
        pytest.param(DESKTOP.replace("'yes'", "yes"), id="unquoted"),
        pytest.param(DESKTOP.replace("'", '"'), id="other quotation marks"),
        pytest.param(DESKTOP.replace(": |\n  ", ": "), id="values behind their keys"),
        pytest.param(textwrap.indent(DESKTOP, "> "), id="quoted"),
        pytest.param(DESKTOP.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(f"Hello list,\nhere it is:\n\n{DESKTOP}\nregards\nSECRET", id="prose around it"),
        pytest.param(DESKTOP[: DESKTOP.index("  credit")], id="cut short"),
        pytest.param(DESKTOP.replace("- works", "  - works").replace("\n  qubes", "\n    qubes"), id="indented items"),
    ],
)
def test_a_report_is_read_however_it_was_pasted(text: str) -> None:
    report = importers.parse(text)
    assert report.provenance.source == "qubes"
    assert (report.board.name, report.bios.version, report.iommu.state) == ("X399 Taichi", "P3.90", "on")
    assert [outcome.result for outcome in report.outcomes or ()] == ["workaround"]
    assert "SECRET" not in repr(report)


@pytest.mark.parametrize(
    ("works", "result"), [("'yes'", "works"), ("no", "fails"), ("true", "works"), ("FIXME", None), ("", None)]
)
def test_how_it_went_is_one_of_three_words_or_unknown(works: str, result: str | None) -> None:
    [outcome] = importers.parse(DESKTOP.replace("'partial'", works)).outcomes or ()
    assert outcome.result == result


def test_every_version_that_was_tried_is_an_outcome() -> None:
    again = (
        DESKTOP[DESKTOP.index("- works") : DESKTOP.index("  credit")].replace("partial", "no").replace("R4.1", "R4.0")
    )
    report = importers.parse(DESKTOP.replace("\n---\n", f"\n{again}\n---\n"))
    assert [(o.result, (o.note or "")[:10]) for o in report.outcomes or ()] == [
        *(("workaround", "Qubes R4.1"), ("fails", "Qubes R4.0")),
    ]
    assert report.kernel.distribution == "Qubes R4.1"


def test_a_laptops_names_are_also_the_systems() -> None:
    laptop = importers.parse(DESKTOP.replace("'Desktop'", "laptop"))
    assert (laptop.system.name, laptop.board.name) == ("X399 Taichi", "X399 Taichi")
    assert importers.parse(DESKTOP).system.name is None


def test_a_report_with_blanks_in_it_leaves_facts_unknown() -> None:
    report = importers.parse("layout:\n  hcl\nbrand: |\n  ASUS\nmodel: |\n\ncpu: |\n\nbios: |\n\niommu:\n  ''\n")
    taken(report)
    assert (report.board.vendor, report.board.name, report.cpus, report.iommu.state) == ("ASUS", None, None, None)


@pytest.mark.parametrize(
    "text", ["", "layout:\n  hcl\n", "layout:\n  'hcl'\ntype:\n  desktop\nhvm:\n  yes\niommu:\n  yes\n"]
)
def test_what_names_no_machine_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="names no machine"):
        qubes.parse(text)


@pytest.mark.parametrize(
    "text", ["", "brand: x\nmodel: y\n", "The layout: of hcl and the type: of iommu", "layout:\n  post\n"]
)
def test_other_texts_are_not_taken(text: str) -> None:
    assert not qubes.sniff(text)


PIECES = st.sampled_from([*DESKTOP.splitlines(), "- works:", "  ", "\x00", "layout: hcl", "brand: |", "'", "\t", "---"])


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("\n".join)))
def test_no_text_raises_anything_but_a_parse_error(text: str) -> None:
    answers(qubes, text)
    answers(qubes, "layout:\n  hcl\nbrand: A\n" + text)
