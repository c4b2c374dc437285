"""Outputs of several tools pasted into one text make one report, with the facts of each."""

from __future__ import annotations

from itertools import permutations

import pytest

from hwdb import importers, schema
from hwdb.report import to_document
from tests.importers.groups import groups, problems

LSPCI = """\
00:00.0 Host bridge [0600]: Advanced Micro Devices, Inc. [AMD] Family 17h Root Complex [1022:1450]
\tFlags: fast devsel

00:03.1 PCI bridge [0604]: Advanced Micro Devices, Inc. [AMD] PCIe GPP Bridge [1022:1453] (prog-if 00 [Normal decode])
\tFlags: bus master, fast devsel, latency 0, IRQ 27
\tBus: primary=00, secondary=0a, subordinate=0a, sec-latency=0
\tCapabilities: [58] Express Root Port (Slot+), MSI 00
\tCapabilities: [2a0] Access Control Services
\tKernel driver in use: pcieport

0a:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP104 [GeForce GTX 1080] [10de:1b80] (rev a1)
\tFlags: bus master, fast devsel, latency 0, IRQ 68
\tKernel driver in use: vfio-pci

0a:00.1 Audio device [0403]: NVIDIA Corporation GP104 High Definition Audio Controller [10de:10f0] (rev a1)
\tKernel driver in use: vfio-pci
"""
PLAIN = "".join(f"{line}\n" for line in LSPCI.splitlines() if line[:1].isdigit())
PLACES = {"00:00.0": 0, "00:03.1": 1, "0a:00.0": 14, "0a:00.1": 14}
GROUPS = {0: {"0000:00:00.0"}, 1: {"0000:00:03.1"}, 14: {"0000:0a:00.0", "0000:0a:00.1"}}
DMESG = """\
[    0.000000] Linux version 6.1.0-18-amd64 (build) #1 SMP
[    0.000000] DMI: ASRock X399 Example/X399 Example, BIOS P1.50 09/05/2017
""" + "".join(
    f"[    0.47256{at}] pci 0000:{place}: Adding to iommu group {group}\n"
    for at, (place, group) in enumerate(PLACES.items())
)
LISTING = "".join(f"IOMMU Group {PLACES[line[:7]]} {line}\n" for line in PLAIN.splitlines())
DMIDECODE = """\
# dmidecode 3.4
Handle 0x0002, DMI type 2, 15 bytes
Base Board Information
\tManufacturer: ASRock
\tProduct Name: X399 Example

Handle 0x0004, DMI type 4, 48 bytes
Processor Information
\tFlags:
\t\tFPU (Floating-point unit on-chip)
\tVersion: Example CPU

Handle 0x0029, DMI type 9, 17 bytes
System Slot Information
\tDesignation: PCIE1
\tType: x16 PCI Express 3
\tCurrent Usage: In Use
\tBus Address: 0000:0a:00.0
"""


@pytest.mark.parametrize("listing", [LSPCI, PLAIN, LISTING], ids=["lspci -v", "lspci", "a script's listing"])
@pytest.mark.parametrize("between", ["", "\n", "\nuser@host:~$ sudo cat /x\n"])
def test_every_part_of_a_paste_is_read(listing: str, between: str) -> None:
    for parts in permutations((listing, DMESG, DMIDECODE)):
        (report,) = importers.parse_all(between.join(parts))
        assert importers.parse(between.join(parts)) == report
        assert groups(report) == GROUPS
        assert (report.board.name, report.kernel.release) == ("X399 Example", "6.1.0-18-amd64")
        assert [slot.designation for slot in report.slots or ()] == ["PCIE1"]
        assert {f.device for f in report.functions} == {"1450", "1453", "1b80", "10f0"}
        assert not any("no IOMMU groups" in said or "no PCI functions" in said for said in problems(report))
        assert schema.load(to_document(report)).report == report


def test_details_below_a_listing_of_groups_are_read() -> None:
    report = importers.parse(f"{LISTING}\n{LSPCI}")
    assert groups(report) == GROUPS
    port = next(f for f in report.functions if f.address == "0000:00:03.1")
    assert (port.port_type, port.secondary_bus, port.acs and port.acs.present) == ("root_port", 10, True)


def test_what_follows_the_last_device_is_not_about_it() -> None:
    alone, beside = importers.parse(PLAIN), importers.parse(f"{PLAIN}\n{DMIDECODE}")
    assert beside.functions == alone.functions
    assert beside.provenance.source == "dmidecode+lspci"


def test_a_few_lines_of_a_log_take_nothing_from_what_lspci_shows() -> None:
    own = LSPCI.replace("fast devsel", "fast devsel, IOMMU group 7")
    report = importers.parse(f"{own}\n[    0.472568] pci 0000:0a:00.1: Adding to iommu group 14\n")
    assert {f.address: f.iommu_group for f in report.functions} == {
        "0000:00:00.0": 7,
        "0000:00:03.1": 7,
        "0000:0a:00.0": 7,
        "0000:0a:00.1": 14,
    }


def test_the_log_of_another_machine_is_not_mixed_in() -> None:
    other = DMIDECODE.replace("X399 Example", "B450 Example")
    report = importers.parse(f"{DMESG}\n{PLAIN}\n{other}")
    assert report.board.name == "X399 Example"
    assert report.slots is None
