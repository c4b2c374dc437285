"""``lspci`` for programs, as a tree and as hex dumps."""

from __future__ import annotations

import struct
import textwrap

import pytest

from hwdb import importers, schema
from hwdb.errors import ParseError
from hwdb.importers import lspci_machine, lspci_tree
from hwdb.report import Acs, Function, RootBus, to_document
from tests.importers.groups import groups, problems
from tests.importers.lspci_samples import QUOTED, RECORDS, SHORT, TREE, VERBOSE
from tests.submitter.trees import config, with_extended, with_pcie

ACS = 0x000D


def dumped(space: bytes) -> str:
    """Return bytes as ``lspci -xxxx`` prints them."""
    rows = (space[at : at + 16] for at in range(0, len(space), 16))
    return "".join(f"{16 * number:02x}: {row.hex(' ')}\n" for number, row in enumerate(rows))


PORT = bytes(
    with_extended(
        with_pcie(config(0x1022, 0x1453, 0x060400, header=1, buses=(0x41, 0x42)), 4, slot=11),
        (ACS, struct.pack("<HH", 0x5F, 0x1D)),
    )
)


def test_a_record_for_programs_is_read() -> None:
    report = importers.parse(RECORDS)
    assert importers.sniff(RECORDS).name == "lspci-vmm"
    assert report.functions[0] == Function(
        address="0000:41:00.0",
        iommu_group=14,
        class_="0300",
        prog_if="00",
        vendor="10de",
        device="1b80",
        subsystem_vendor="1043",
        subsystem_device="85aa",
        revision="a1",
        name="NVIDIA Corporation GP104 [GeForce GTX 1080]",
        multifunction=True,
        driver="vfio-pci",
        numa_node=1,
    )
    assert report.functions[1].driver == ""
    assert [(slot.designation, slot.address, slot.witness) for slot in report.slots or ()] == [
        ("3", "0000:41:00.0", "pci_slots")
    ]
    assert problems(report) == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(RECORDS.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(textwrap.indent(RECORDS, "> "), id="quoted"),
        pytest.param(RECORDS.expandtabs(8), id="blanks for tabs"),
        pytest.param(RECORDS.replace("\n\n", "\n"), id="no blank line between"),
        pytest.param(RECORDS.replace("Slot:\t", "Device:\t"), id="the old form"),
        pytest.param(f"$ lspci -nnvmm\n{RECORDS}Thanks!\n", id="prose"),
    ],
)
def test_records_are_read_however_they_were_pasted(text: str) -> None:
    assert importers.sniff(text).name == "lspci-vmm"
    assert importers.parse(text).functions == importers.parse(RECORDS).functions


def test_numbers_alone_and_names_alone_are_read() -> None:
    numbers = "Slot:\t0001:41:00.0\nClass:\t0300\nVendor:\t10de\nDevice:\t1b80\nIOMMUGroup:\t3\n"
    assert importers.parse(numbers, "lspci-vmm").functions == (
        Function("0001:41:00.0", 3, "0300", vendor="10de", device="1b80"),
    )
    names = "Slot:\t41:00.0\nClass:\tUSB controller\nVendor:\tExample Corp.\nDevice:\tDevice 43ba\n"
    (usb,) = importers.parse(names, "lspci-vmm").functions
    assert (usb.class_, usb.vendor, usb.device, usb.name) == ("0c03", None, "43ba", "Example Corp. Device 43ba")


def test_a_line_for_programs_is_read() -> None:
    report = importers.parse(QUOTED)
    assert importers.sniff(QUOTED).name == "lspci-vmm"
    gpu, audio = report.functions
    assert (gpu.vendor, gpu.device, gpu.subsystem_device, gpu.revision, gpu.prog_if) == (
        *("10de", "1b80", "85aa", "a1", "00"),
    )
    assert (audio.class_, audio.subsystem_vendor) == ("0403", None)
    assert problems(report)[0].startswith("The listing shows no IOMMU groups")


def test_a_record_that_stands_twice_counts_where_it_stood_first() -> None:
    report = importers.parse(RECORDS + RECORDS.replace("Group:\t14", "Group:\t15"))
    assert groups(report) == {14: {"0000:41:00.0", "0000:41:00.1"}}
    assert problems(report)[0] == "Line 23 lists 0000:41:00.0 again; the first record counts."


def test_a_tree_shows_what_hangs_where() -> None:
    report = importers.parse(TREE)
    assert importers.sniff(TREE).name == "lspci-tree"
    assert {f.address[5:]: (f.parent or "")[5:] for f in report.functions} == {
        "40:00.0": "",
        "40:01.1": "",
        "41:00.0": "40:01.1",
        "40:03.1": "",
        "42:00.0": "40:03.1",
        "42:01.0": "40:03.1",
        "44:00.0": "42:01.0",
        "44:00.1": "42:01.0",
        "00:00.0": "",
        "00:07.0": "",
    }
    bridges = {f.address[5:]: (f.secondary_bus, f.subordinate_bus) for f in report.functions if f.secondary_bus}
    assert bridges == {
        "40:01.1": (0x41, 0x41),
        "40:03.1": (0x42, 0x44),
        "42:00.0": (0x43, 0x43),
        "42:01.0": (0x44, 0x44),
    }
    assert report.root_buses == (RootBus("0000:40"), RootBus("0000:00"))
    assert [(f.vendor, f.device, f.name) for f in report.functions if f.address == "0000:44:00.0"] == [
        ("10de", "1b80", "Example Corp. GP104 [Example 1080]")
    ]
    assert {f.iommu_group for f in report.functions} == {None}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(textwrap.indent(TREE, "    "), id="indented"),
        pytest.param(textwrap.indent(TREE, "> "), id="quoted"),
        pytest.param("".join(line + " | |\n" for line in TREE.splitlines()), id="of a table on a web page"),
        pytest.param(f"$ lspci -tvnn\n{TREE}\nThat is all.\n", id="prose"),
        pytest.param(TREE.replace("\n", "\r\n"), id="CRLF"),
    ],
)
def test_a_tree_is_read_however_it_was_pasted(text: str) -> None:
    assert importers.sniff(text).name == "lspci-tree"
    assert importers.parse(text).functions == importers.parse(TREE).functions


def test_a_tree_whose_blanks_are_lost_is_refused() -> None:
    lost = "\n".join(" ".join(line.split()) for line in TREE.splitlines())
    assert not lspci_tree.sniff(lost)
    with pytest.raises(ParseError, match=r"^the blanks of this drawing are lost"):
        importers.parse(lost, "lspci-tree")


def test_a_branch_that_hangs_from_nothing_is_passed_over() -> None:
    report = importers.parse(TREE.replace(" |           +-01.1", " |       +-01.1"))
    assert "0000:41:00.0" not in {f.address for f in report.functions}
    assert problems(report)[1] == "Line 2 hangs from nothing that is drawn above it; it was passed over."


def test_a_hex_dump_holds_everything() -> None:
    text = f"00:01.1 0604: 1022:1453\n{dumped(PORT)}\n00:00.0 0600: 1022:1450\n{dumped(PORT[:64])}\n"
    assert importers.sniff(text).name == "lspci"
    port = importers.parse(text).functions[0]
    assert (port.port_type, port.slot_implemented, port.physical_slot_number) == ("root_port", True, 11)
    assert (port.acs, port.aer) == (Acs(present=True, capability=0x5F, control=0x1D), False)
    assert (port.secondary_bus, port.subordinate_bus, port.header_type) == (0x41, 0x42, 1)
    assert (port.class_, port.prog_if, port.revision) == ("0604", "00", "00")


def test_a_hex_dump_tells_the_ids_that_names_hide() -> None:
    text = f"00:01.1 PCI bridge: Example Corp. Bridge\n{dumped(PORT[:256])}\n"
    (port,) = importers.parse(text).functions
    assert (port.vendor, port.device, port.class_, port.port_type) == ("1022", "1453", "0604", "root_port")
    # The extended space was not dumped.
    assert (port.acs, port.aer) == (None, None)


def test_a_hex_dump_between_the_lines_adds_what_they_do_not_say() -> None:
    mixed = VERBOSE.replace("\tKernel driver in use: pcieport\n", f"\tKernel driver in use: pcieport\n{dumped(PORT)}")
    said, alone = importers.parse(mixed).functions[1], importers.parse(VERBOSE).functions[1]
    # What stands in words counts: the driver of the example says more than its bytes.
    assert (said.link_width_max, said.revision, said.aer) == (16, "02", True)
    assert (said.flr, alone.flr) == (False, None)


def test_bytes_that_are_missing_are_said() -> None:
    rows = dumped(PORT).splitlines(keepends=True)
    report = importers.parse(f"00:01.1 PCI bridge: Example Corp. Bridge\n{''.join(rows[:4] + rows[6:])}\n")
    assert problems(report)[1] == "Bytes are missing in the hex dump of the function on line 1."
    assert (report.functions[0].secondary_bus, report.functions[0].port_type) == (0x41, None)


@pytest.mark.parametrize("module", [lspci_machine, lspci_tree], ids=["records", "tree"])
def test_other_shapes_and_prose_are_not_taken(module: object) -> None:
    for text in ("", "hello", VERBOSE, SHORT, dumped(PORT), RECORDS if module is lspci_tree else TREE):
        assert not module.sniff(text)  # type: ignore[attr-defined]
        with pytest.raises(ParseError):
            module.parse(text)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", [RECORDS, QUOTED, TREE])
def test_the_schema_takes_every_fact_as_it_is(text: str) -> None:
    report = importers.parse(text)
    loaded = schema.load(to_document(report))
    assert (loaded.report, loaded.ignored) == (report, ())
