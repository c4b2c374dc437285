"""``lspci -v`` and ``-vv``: what each line says, however it was pasted, and what silence means."""

from __future__ import annotations

import html
import textwrap

import pytest

from hwdb import importers, schema
from hwdb.errors import ParseError
from hwdb.importers import lspci_verbose
from hwdb.report import Acs, Function, Report, to_document
from tests.importers.groups import groups, problems
from tests.importers.lspci_samples import SHORT, VERBOSE, broken_by_mail, without_indentation

GROUPED = {None: {"0000:00:00.0"}, 1: {"0000:00:01.1"}, 14: {"0000:41:00.0", "0000:41:00.1"}, 7: {"0000:42:00.0"}}


def read(text: str) -> dict[str, Function]:
    return {function.address[5:]: function for function in importers.parse(text).functions}


def test_every_line_of_a_port_is_read() -> None:
    assert read(VERBOSE)["00:01.1"] == Function(
        address="0000:00:01.1",
        iommu_group=1,
        class_="0604",
        prog_if="00",
        vendor="1022",
        device="1453",
        subsystem_vendor="1022",
        subsystem_device="1234",
        revision="02",
        name="Example Corp. PCIe GPP Bridge",
        header_type=1,
        secondary_bus=0x41,
        subordinate_bus=0x42,
        driver="pcieport",
        port_type="root_port",
        slot_implemented=True,
        physical_slot_number=11,
        link_port_number=247,
        link_width_max=16,
        link_width=8,
        link_speed_max=8000,
        link_speed=2500,
        acs=Acs(present=True, capability=0x5F, control=0x1D),
        aer=True,
        numa_node=0,
    )


def test_every_line_of_a_card_is_read() -> None:
    assert read(VERBOSE)["41:00.0"] == Function(
        address="0000:41:00.0",
        iommu_group=14,
        class_="0300",
        prog_if="00",
        vendor="10de",
        device="1b80",
        subsystem_vendor="1043",
        subsystem_device="85aa",
        revision="a1",
        name="Example Corp. GP104 [Example 1080]",
        header_type=0,
        multifunction=True,
        driver="vfio-pci",
        port_type="legacy_endpoint",
        link_port_number=0,
        link_width_max=16,
        link_width=8,
        link_speed_max=16000,
        link_speed=2500,
        acs=Acs(present=False),
        aer=False,
        flr=True,
        sriov_total_vfs=8,
        sriov_num_vfs=2,
        numa_node=0,
    )


def test_a_function_without_pci_express_is_conventional_and_has_no_extended_space() -> None:
    bridge, network = read(VERBOSE)["00:00.0"], read(VERBOSE)["42:00.0"]
    for function in (bridge, network):
        assert (function.port_type, function.acs, function.aer) == ("conventional", Acs(present=False), False)
    assert (network.flr, bridge.flr) == (True, None)
    assert (bridge.label, bridge.driver, bridge.iommu_group) == ("Onboard IGD", "", None)


def test_a_slots_number_is_the_statement_of_a_witness() -> None:
    (slot,) = importers.parse(VERBOSE).slots or ()
    assert (slot.designation, slot.witness, slot.address, slot.id) == ("0-2", "pci_slots", "0000:41:00.0", None)
    (numbered,) = importers.parse(VERBOSE.replace("Slot: 0-2", "Slot: 3")).slots or ()
    assert (numbered.designation, numbered.id) == ("3", 3)


def test_a_device_serial_number_is_left_out() -> None:
    assert "12-34-56" not in str(to_document(importers.parse(VERBOSE)))


def test_the_short_form_says_less() -> None:
    said = read(SHORT)
    assert [said[at].iommu_group for at in ("00:00.0", "00:01.1", "41:00.0")] == [None, 1, 14]
    port, usb = said["00:01.1"], said["41:00.0"]
    assert (port.port_type, port.slot_implemented, port.numa_node) == ("root_port", False, 1)
    assert (port.acs, port.aer) == (Acs(present=True), True)
    assert (port.secondary_bus, port.link_width_max, port.vendor) == (0x41, None, None)
    # The id of a device that no list knows is its name.
    assert (usb.class_, usb.device, usb.revision, usb.prog_if) == ("0c03", "43ba", "02", "30")
    assert said["00:00.0"].subsystem_device == "8747"


def test_what_needs_root_is_unknown_without_it() -> None:
    usb = read(SHORT)["41:00.0"]
    assert (usb.port_type, usb.acs, usb.aer, usb.flr) == (None, None, None, None)
    assert problems(importers.parse(SHORT))[0] == (
        "The capabilities of 1 function could not be read without root, so whether they have ACS is not known; run "
        "lspci as root to see them."
    )


@pytest.mark.parametrize("shown", ["&lt;access denied&gt;", "", "<available only to root>"])
def test_web_pages_may_have_taken_the_refusal_for_a_tag(shown: str) -> None:
    assert read(SHORT.replace("<access denied>", shown))["41:00.0"].acs is None


def test_extended_space_that_nobody_could_read_says_nothing() -> None:
    blind = "".join(line for line in SHORT.splitlines(keepends=True) if "[150]" not in line and "[2a0]" not in line)
    assert (read(blind)["00:01.1"].acs, read(blind)["00:01.1"].aer) == (None, None)


@pytest.mark.parametrize(
    ("change", "address"),
    [
        (("\tKernel driver in use: pcieport\n", "\t[...]\n"), "00:01.1"),
        (("Capabilities: [150 v2] Advanced Error Reporting", "Capabilities: [150 v2] <chain broken>"), "41:00.1"),
    ],
)
def test_what_was_left_out_may_have_been_there(change: tuple[str, str], address: str) -> None:
    cut = VERBOSE.replace(*change)
    if address == "00:01.1":
        cut = "".join(line for line in cut.splitlines(keepends=True) if "2a0" not in line and "ACSC" not in line)
        assert read(cut)[address].acs is None
    else:
        assert read(cut)["00:01.1"].aer is None


def test_a_text_that_ends_in_the_middle_of_a_line_is_cut() -> None:
    ended = VERBOSE[: VERBOSE.index("PCI Advanced Features")]
    network = read(ended)["42:00.0"]
    assert (network.port_type, network.acs, network.iommu_group) == (None, None, 7)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(VERBOSE.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(textwrap.indent(VERBOSE, "> "), id="quoted"),
        pytest.param(textwrap.indent(VERBOSE, "    "), id="indented"),
        pytest.param(VERBOSE.expandtabs(8), id="blanks for tabs"),
        pytest.param(VERBOSE.replace("\t", "\u00a0" * 8), id="no-break spaces for tabs"),
        pytest.param(without_indentation(VERBOSE), id="indentation lost"),
        pytest.param(broken_by_mail(VERBOSE), id="broken by mail"),
        pytest.param(textwrap.indent(broken_by_mail(VERBOSE), "> "), id="broken by mail and quoted"),
        pytest.param(html.escape(VERBOSE), id="escaped for a web page"),
        pytest.param(VERBOSE.replace("\n", "\n\n"), id="a blank line after each"),
        pytest.param(VERBOSE.replace("IntMsgNum 0", "MSI 00").replace("LnkDisable-", "Disabled-"), id="older words"),
        pytest.param(VERBOSE.replace("\n\n", "\n"), id="no blank line between"),
        pytest.param("".join(f" {n}. {x}\n" for n, x in enumerate(VERBOSE.splitlines(), 1)), id="lines numbered"),
        pytest.param(f"user@host:~$ sudo lspci -vvnn\n{VERBOSE}user@host:~$\nThanks for any help!\n", id="prose"),
        pytest.param("lspci: Unable to load libkmod resources: error -2\n" + VERBOSE, id="an error before it"),
    ],
)
def test_a_listing_is_read_however_it_was_pasted(text: str) -> None:
    assert importers.sniff(text).name == "lspci"
    assert importers.parse(text).functions == importers.parse(VERBOSE).functions
    assert groups(importers.parse(text)) == GROUPED
    assert importers.parse(text).iommu.state == "on"


def test_domains_are_read() -> None:
    text = VERBOSE.replace("\n41:", "\n10000:41:").replace("\n00:", "\n0000:00:")
    assert {f.address for f in importers.parse(text).functions if f.class_ == "0300"} == {"10000:41:00.0"}


def test_a_listing_of_the_devices_alone_comes_before_it() -> None:
    plain = "".join(line for line in VERBOSE.splitlines(keepends=True) if line[:1].isdigit())
    for text in (plain + VERBOSE, VERBOSE + plain):
        assert importers.parse(text).functions == importers.parse(VERBOSE).functions
        assert len(importers.parse_all(text)) == 1


def test_of_two_machines_the_larger_is_read_and_they_are_not_mixed() -> None:
    text = SHORT + VERBOSE
    assert len(importers.parse_all(text)) == 2
    report = importers.parse(text)
    assert len(report.functions) == 5
    assert problems(report)[0] == "Line 1 begins another listing, which was passed over."


@pytest.mark.parametrize("option", ["-nn", "-n", ""])
def test_device_lines_alone_have_no_groups(option: str) -> None:
    lines = [line for line in VERBOSE.splitlines() if line[:1].isdigit()]
    if option == "-n":
        lines = ["00:00.0 0600: 1022:1450", "00:01.1 0604: 1022:1453 (rev 02)", "41:00.0 0300: 10de:1b80 (rev a1)"]
    elif not option:
        lines = [line.split(" [0", 1)[0] + ": Example Corp. Thing" for line in lines]
    report = importers.parse("\n".join(lines))
    assert importers.sniff("\n".join(lines)).name == "lspci-plain"
    assert {function.address[5:]: function.class_ for function in report.functions}["41:00.0"] == "0300"
    assert (report.iommu.state, report.slots) == (None, None)
    assert problems(report)[0].startswith("The listing shows no IOMMU groups")
    assert (report.functions[0].vendor == "1022") == bool(option)


def test_groups_that_another_tool_printed_are_not_lost() -> None:
    script = (
        "IOMMU Group 1:\n\t00:01.1 PCI bridge [0604]: Example Corp. Bridge [1022:1453]\n\t\tKernel modules: shpchp\n"
    )
    assert not lspci_verbose.sniff(script)
    assert not lspci_verbose.sniff_plain(script * 3)


def test_more_functions_in_the_kernels_log_than_below_lspci_are_its_own() -> None:
    log = "".join(f"[    0.4] pci 0000:01:00.{n}: Adding to iommu group 2\n" for n in range(8))
    assert not lspci_verbose.sniff(log + VERBOSE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "I put the card into 01:00.0 VGA compatible controller: NVIDIA GP104, and nothing works.\n",
        "01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP104 [10de:1b80] (rev a1)\nThat is my card.\n",
        "At 12:30.5 somebody said: Flags: none\n",
        "[    0.1] pci 0000:00:01.0: PME# supported\n",
    ],
)
def test_prose_is_no_listing(text: str) -> None:
    assert not lspci_verbose.sniff(text)
    assert not lspci_verbose.sniff_plain(text)


def test_what_is_no_listing_is_refused_with_a_sentence() -> None:
    with pytest.raises(ParseError, match=r"^no device line of lspci stands here"):
        importers.parse("hello", "lspci")
    with pytest.raises(ParseError, match=r"^no device line of lspci stands here"):
        importers.parse_all("hello", "lspci")


@pytest.mark.parametrize("text", [VERBOSE, SHORT, SHORT + VERBOSE])
def test_the_schema_takes_every_fact_as_it_is(text: str) -> None:
    report: Report = importers.parse(text)
    loaded = schema.load(to_document(report))
    assert (loaded.report, loaded.ignored) == (report, ())
