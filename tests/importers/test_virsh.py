"""libvirt's description of PCI devices, one or many, and XML that is made to harm."""

from __future__ import annotations

import html
import json
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb import importers
from hwdb.errors import ParseError
from hwdb.importers import virsh
from tests.conftest import CORPUS, missing
from tests.importers.groups import groups, problems
from tests.importers.hostile_text import answers, taken

RECORDED = "135-libvirt-nodedev-xml-h97-rx570.txt"
CARD = """\
<device>
  <name>pci_0000_0a_1f_1</name>
  <path>/sys/devices/pci0000:00/0000:00:03.1/0000:0a:1f.1</path>
  <parent>pci_0000_00_03_1</parent>
  <driver>
    <name>vfio-pci</name>
  </driver>
  <capability type='pci'>
    <class>0x030000</class>
    <domain>0</domain>
    <bus>10</bus>
    <slot>31</slot>
    <function>1</function>
    <product id='0x1b80'>GP104 [GeForce GTX 1080]</product>
    <vendor id='0x10de'>NVIDIA Corporation</vendor>
    <capability type='virt_functions' maxCount='7'/>
    <iommuGroup number='14'>
      <address domain='0x0000' bus='0x0a' slot='0x1f' function='0x1'/>
      <address domain='0x0000' bus='0x0a' slot='0x1f' function='0x2'/>
    </iommuGroup>
    <numa node='0'/>
    <pci-express>
      <link validity='cap' port='3' speed='2.5' width='16'/>
      <link validity='sta' speed='8' width='4'/>
    </pci-express>
  </capability>
</device>
"""
BRIDGE = """\
<device>
  <name>pci_0000_00_03_1</name>
  <parent>computer</parent>
  <capability type='pci'>
    <class>0x060400</class>
    <domain>0</domain>
    <bus>0</bus>
    <slot>3</slot>
    <function>1</function>
    <product id='0x1483'/>
    <vendor id='0x1022'>AMD</vendor>
    <capability type='pci-bridge'/>
    <iommuGroup number='8'>
      <address domain='0x0000' bus='0x00' slot='0x03' function='0x1'/>
    </iommuGroup>
  </capability>
</device>
"""
USB = "<device><name>usb_1_1</name><capability type='usb_device'><bus>1</bus></capability></device>\n"
GROUPS = {8: {"0000:00:03.1"}, 14: {"0000:0a:1f.1", "0000:0a:1f.2"}}
BOMB = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.corpus
def test_the_recorded_device_has_the_true_group() -> None:
    if not (CORPUS / "forum").is_dir():
        missing("the corpus of forum listings", "HWDB_CORPUS names its folder")
    entries = map(json.loads, (CORPUS / "forum" / "TRUTH.jsonl").read_text(encoding="utf-8").splitlines())
    truth = next(entry for entry in entries if entry["file"] == RECORDED)
    report = importers.parse((CORPUS / "forum" / RECORDED).read_text(encoding="utf-8"))
    taken(report)
    assert {str(group): sorted(members) for group, members in groups(report).items()} == truth["members"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BRIDGE + CARD, id="as printed"),
        pytest.param(f"# virsh nodedev-dumpxml x\n{CARD}\nand the bridge:\n{USB}{BRIDGE}", id="prose between"),
        pytest.param(html.escape(BRIDGE + CARD), id="escaped by a page"),
        pytest.param(textwrap.indent(BRIDGE + CARD, "> "), id="quoted"),
        pytest.param((BRIDGE + CARD).replace("\n", "\r\n"), id="CRLF"),
        pytest.param((BRIDGE + CARD).replace("\n", " "), id="on one line"),
        pytest.param("\n".join(map(str.strip, (BRIDGE + CARD).splitlines())), id="indentation lost"),
        pytest.param((BRIDGE + CARD).replace("'", '"'), id="other quotation marks"),
        pytest.param(BRIDGE + CARD + CARD[:300], id="cut short"),
        pytest.param(BRIDGE + "<device><name>lost" + CARD, id="cut in the middle"),
    ],
)
def test_devices_are_read_however_they_were_pasted(text: str) -> None:
    report = importers.parse(text)
    taken(report)
    assert report.provenance.source == "virsh"
    assert groups(report) == GROUPS


def test_every_part_of_a_description_is_read() -> None:
    bridge, card, companion = importers.parse(BRIDGE + CARD).functions
    assert (card.class_, card.prog_if, card.vendor, card.device) == ("0300", "00", "10de", "1b80")
    assert (card.parent, card.driver, card.name) == (
        *("0000:00:03.1", "vfio-pci", "NVIDIA Corporation GP104 [GeForce GTX 1080]"),
    )
    assert (card.link_width_max, card.link_width, card.link_speed_max, card.link_speed) == (16, 4, 2500, 8000)
    assert (card.link_port_number, card.numa_node, card.sriov_total_vfs) == (3, 0, 7)
    assert (bridge.header_type, bridge.parent, bridge.driver) == (1, None, None)
    assert (companion.address, companion.iommu_group, companion.vendor) == ("0000:0a:1f.2", 14, None)


def test_elements_are_decimal_and_attributes_hexadecimal() -> None:
    [card, _] = importers.parse(CARD).functions
    assert card.address == "0000:0a:1f.1"
    by_hex = CARD.replace("<bus>10<", "<bus>0x0a<").replace("<slot>31<", "<slot>0x1f<")
    assert importers.parse(by_hex).functions == importers.parse(CARD).functions


def test_the_members_of_a_virtual_function_and_its_physical_one_are_told_apart() -> None:
    physical = (
        "<capability type='phys_function'><address domain='0x0' bus='0x0a' slot='0x0' function='0x0'/></capability>"
    )
    text = CARD.replace("<capability type='virt_functions' maxCount='7'/>", physical)
    report = importers.parse(text)
    assert report.functions[0].physical_function == "0000:0a:00.0"
    assert groups(report) == {14: GROUPS[14]}


def test_a_device_without_a_group_is_in_none() -> None:
    start, end = CARD.index("    <iommuGroup"), CARD.index("    <numa")
    report = importers.parse(CARD[:start] + CARD[end:])
    assert groups(report) == {None: {"0000:0a:1f.1"}}
    assert report.iommu.state is None


def test_what_could_not_be_read_is_said_by_its_line() -> None:
    broken = BRIDGE.replace("</class>", "</clas>").replace("03_1", "04_1")
    report = importers.parse(f"{CARD}{broken}{CARD}{BRIDGE}<device>")
    assert groups(report) == GROUPS
    assert problems(report) == (
        "Line 32 is no XML; the device that holds it was passed over.",
        "Line 45 describes 0000:0a:1f.1 again; the first description counts.",
        "Line 89 begins a device that was cut off.",
        "Members of groups that are not described themselves, and so have no ids: 1.",
    )


def test_a_function_in_two_groups_stays_in_the_first() -> None:
    other = CARD.replace("number='14'", "number='15'").replace("1f_1", "1f_3").replace("<function>1", "<function>3")
    report = importers.parse(CARD + other)
    assert {f.address: f.iommu_group for f in report.functions}["0000:0a:1f.2"] == 14
    assert "0000:0a:1f.2 stands in groups 14 and 15; the first one counts." in problems(report)


@pytest.mark.parametrize("where", ["before", "inside"])
@pytest.mark.parametrize("bomb", [BOMB, '<!doctype d SYSTEM "file:///etc/passwd">', '<!ENTITY a SYSTEM "http://x/">'])
def test_a_document_type_is_refused(where: str, bomb: str) -> None:
    text = f"\n{bomb}\n{CARD}" if where == "before" else "\n" + CARD.replace("  <name>", f"{bomb}<name>", 1)
    with pytest.raises(ParseError, match=r"^line \d: this XML declares a document type"):
        virsh.parse(text)
    with pytest.raises(ParseError, match="declares a document type"):
        importers.parse(text)


def test_an_entity_that_nobody_declared_is_no_xml() -> None:
    assert groups(importers.parse(BRIDGE + CARD.replace("GP104", "&lol;"))) == {8: {"0000:00:03.1"}}


def test_a_device_of_unlikely_size_is_passed_over() -> None:
    large = CARD.replace("NVIDIA Corporation", "N" * 300_000)
    assert groups(importers.parse(large + BRIDGE)) == {8: {"0000:00:03.1"}}


def test_a_device_nested_deeply_is_read_or_refused() -> None:
    deep = CARD.replace("<numa node='0'/>", "<a>" * 30_000 + "</a>" * 30_000)
    assert groups(importers.parse(deep + BRIDGE)) == GROUPS


@pytest.mark.parametrize("number", ["4294967295", "0xffffffff", "-1", "", "x", "99999999999999"])
def test_numbers_that_are_none_are_left_out(number: str) -> None:
    report = importers.parse(CARD.replace("number='14'", f"number='{number}'").replace("node='0'", f"node='{number}'"))
    taken(report)
    assert [(f.iommu_group, f.numa_node) for f in report.functions] == [(None, None)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<device>",
        USB,
        "<device><capability type='pci'></capability></device>",
        "<domain><devices></devices></domain>",
    ],
)
def test_what_describes_no_pci_device_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="no PCI device is described here"):
        virsh.parse(text)


PIECES = st.sampled_from(
    [CARD, BRIDGE, USB, *CARD.splitlines(), "<device>", "</device>", "&lt;device&gt;", "\n", "\x00"]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("\n".join)))
def test_no_text_raises_anything_but_a_parse_error(text: str) -> None:
    answers(virsh, text)
