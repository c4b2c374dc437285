"""Kernel logs: both spellings, every prefix of a log, and what makes a log a history."""

from __future__ import annotations

import textwrap

import pytest

from hwdb import importers, schema
from hwdb.errors import ParseError
from hwdb.importers import dmesg
from hwdb.report import to_document
from tests.importers.groups import groups, problems

MEMBERS = [("0000:00:01.0", 0), ("0000:00:01.1", 1), ("0000:01:00.0", 1), ("10000:e0:06.0", 2), ("000a:11:00.0", 12)]
GROUPS = {0: {"0000:00:01.0"}, 1: {"0000:00:01.1", "0000:01:00.0"}, 2: {"10000:e0:06.0"}, 12: {"000a:11:00.0"}}
LINES = [f"pci {address}: Adding to iommu group {group}" for address, group in MEMBERS]
BEFORE = [
    "Linux version 5.10.82.mx64.414 (root@build) (gcc 7.5.0) #1 SMP",
    "Command line: BOOT_IMAGE=/boot/vmlinuz root=UUID=secret-uuid ro quiet splash iommu=pt amd_iommu=on -- iommu=off",
    "DMI: Dell Inc. OptiPlex 5055 Ryzen CPU/0P03DX, BIOS 1.1.20 05/31/2019",
    "DMI: Memory slots populated: 2/2",
    "PCI host bridge to bus 0000:00",
    "pci 0000:00:00.2: AMD-Vi: Found IOMMU cap 0x40",
    "AMD-Vi: Found IOMMU at 0000:00:00.2 cap 0x40",
    "DEV_ALIAS_RANGE devid: ff:00.0 flags: 00 devid_to: 00:14.4",
]
LOG = [*BEFORE, *LINES]
DRIVERS = ("pcieport", "mlx5_core", "serial", "hns3", "nvme")

STAMPS = {
    "none": "{line}",
    "seconds": "[    {n}.678920] {line}",
    "level": "<6>[    {n}.678920] {line}",
    "delta": "[    {n}.000000 <    0.000235>] {line}",
    "syslog": "Jun 29 18:28:41 host kernel: {line}",
    "syslog with seconds": "Jun 29 18:28:41 host kernel: [    {n}.123456] {line}",
    "journal": "kernel: {line}",
    "python": "2024-12-17 14:39:28,478 DEBUG:\t{line}",
    "iso": "2024-12-17T14:39:28.478000+01:00 host kernel: {line}",
    "dmesg -T": "[Tue Dec 17 14:39:28 2024] {line}",
    "quoted": "> > [    {n}.678920] {line}",
    "diff": "+[    {n}.678920] {line}",
    "context of a diff": " {line}",
    "line numbers": " {n}. [    0.678920] {line}",
    "colour": "\x1b[32m[    {n}.678920] \x1b[0m\x1b[33m{line}\x1b[0m",
    "bold": "**[    {n}.678920]** {line}",
    "CRLF": "{line}\r",
}


def log(lines: list[str], stamp: str = "[    {n}.678920] {line}") -> str:
    return "\n".join(stamp.format(n=n, line=line) for n, line in enumerate(lines, start=1)) + "\n"


@pytest.mark.parametrize("stamp", list(STAMPS))
def test_a_log_is_read_whatever_stands_in_front_of_its_lines(stamp: str) -> None:
    report = importers.parse(log(LOG, STAMPS[stamp]))
    assert groups(report) == GROUPS
    assert problems(report) == ()
    assert report.provenance.source == "dmesg"
    assert schema.load(to_document(report)).report == report


@pytest.mark.parametrize("stamp", list(STAMPS))
def test_a_log_tells_board_firmware_and_kernel(stamp: str) -> None:
    report = importers.parse(log(LOG, STAMPS[stamp]))
    assert (report.system.vendor, report.system.name) == ("Dell Inc.", "OptiPlex 5055 Ryzen CPU")
    assert report.board.name == "0P03DX"
    assert (report.bios.version, report.bios.date) == ("1.1.20", "05/31/2019")
    assert report.kernel.release == "5.10.82.mx64.414"
    assert report.kernel.parameters == ("iommu=pt", "amd_iommu=on")
    assert (report.iommu.state, report.iommu.kind) == ("on", "AMD-Vi")
    assert report.kernel.acs_override is None
    said = str(to_document(report))
    assert not any(secret in said for secret in ("secret-uuid", "root@build", "host"))


def test_older_kernels_say_it_in_other_words() -> None:
    lines = [f"iommu: Adding device {address} to group {group}" for address, group in MEMBERS]
    assert groups(importers.parse(log(lines))) == GROUPS


def test_a_bound_driver_stands_where_the_bus_stood() -> None:
    lines = [line.replace("pci ", f"{driver} ") for line, driver in zip(LINES, DRIVERS, strict=True)]
    assert groups(importers.parse(log(lines))) == GROUPS


@pytest.mark.parametrize("width", [24, 36, 44, 60])
def test_lines_that_mail_has_broken_are_whole_again(width: int) -> None:
    broken = "\n".join(textwrap.fill(line, width) for line in log(LINES).splitlines())
    assert groups(dmesg.parse(broken)) == GROUPS
    assert groups(dmesg.parse(textwrap.indent(broken, "> "))) == GROUPS


def test_several_lines_in_one_are_read() -> None:
    assert groups(importers.parse(log(LINES).replace("\n", " "))) == GROUPS


@pytest.mark.parametrize(
    ("dmi", "vendor", "product", "board", "version"),
    [
        ("ASUS System Product Name/ROG STRIX B550-F GAMING (WI-FI), BIOS 2006 03/19/2021", "ASUS",
         "System Product Name", "ROG STRIX B550-F GAMING (WI-FI)", "2006"),
        ("Supermicro X9DRi-LN4+/X9DR3-LN4+/X9DRi-LN4+/X9DR3-LN4+, BIOS 3.4 11/20/2019", "Supermicro",
         "X9DRi-LN4+/X9DR3-LN4+", "X9DRi-LN4+/X9DR3-LN4+", "3.4"),
        ("To Be Filled By O.E.M. To Be Filled By O.E.M./X299 Taichi XE, BIOS P1.70 05/21/2019",
         "To Be Filled By O.E.M.", "To Be Filled By O.E.M.", "X299 Taichi XE", "P1.70"),
        ("HP ProLiant DL388p Gen8, BIOS P70 07/01/2015", "HP", "ProLiant DL388p Gen8", None, "P70"),
        ("LENOVO 20NECTO1WW/20NECTO1WW, BIOS R11ET32W (1.12 ) 12/23/2019", "LENOVO", "20NECTO1WW", "20NECTO1WW",
         "R11ET32W (1.12 )"),
        ("Micro-Star International Co., Ltd. MS-7A37/B350M MORTAR (MS-7A37), BIOS 1.M1 05/13/2019",
         "Micro-Star International Co., Ltd.", "MS-7A37", "B350M MORTAR (MS-7A37)", "1.M1"),
        ("Nobody Knows Ltd. Thing/Board 1, BIOS 0.1 2021/04/15", None, "Nobody Knows Ltd. Thing", "Board 1", "0.1"),
    ],
)  # fmt: skip
def test_the_dmi_line_is_taken_apart(dmi: str, vendor: str, product: str, board: str, version: str) -> None:
    report = importers.parse(log([f"DMI: {dmi}", *LINES]))
    assert (report.system.vendor, report.system.name, report.board.name) == (vendor, product, board)
    assert report.bios.version == version


def test_acs_override_is_known_by_its_warning() -> None:
    warning = "Warning: PCIe ACS overrides enabled; This may allow non-IOMMU protected peer-to-peer DMA"
    assert importers.parse(log([warning, *LINES])).kernel.acs_override is True


def test_a_command_line_that_may_be_cut_is_no_claim_that_nothing_was_in_it() -> None:
    whole = "Command line: BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet splash vt.handoff=7 loglevel=3 nowatchdog"
    assert importers.parse(log([whole, *LINES], "{line}")).kernel.parameters == ()
    assert importers.parse(log([whole[:70], *LINES], "{line}")).kernel.parameters is None
    assert importers.parse(log([f"{whole} ...", *LINES], "{line}")).kernel.parameters is None


def test_what_was_unplugged_is_read_as_it_was_before() -> None:
    gone = ["pci 0000:01:00.0: Removing from iommu group 1", "pci 0000:00:01.1: Removing from iommu group 1"]
    report = importers.parse(log([*LINES, *gone]))
    assert groups(report) == GROUPS
    assert problems(report) == ("Functions that left their groups later in the log: 2; the time before is read.",)


def test_what_comes_back_elsewhere_counts_where_it_came() -> None:
    moved = ["pci 0000:01:00.0: Removing from iommu group 1", "vfio-pci 0000:01:00.0: Adding to iommu group 7"]
    report = importers.parse(log([*LINES, *moved]))
    assert groups(report) == {**GROUPS, 1: {"0000:00:01.1"}, 7: {"0000:01:00.0"}}
    assert problems(report) == ()


def test_two_boots_are_not_mixed_and_the_fuller_counts() -> None:
    crash = ["Linux version 5.10.82.mx64.414", "pci 0000:00:01.0: Adding to iommu group 5"]
    report = importers.parse(log(LOG) + log(crash))
    assert groups(report) == GROUPS
    assert problems(report) == ("Line 14 begins another boot of this machine, which was passed over.",)
    assert len(importers.parse_all(log(LOG) + log(crash))) == 1


def test_a_clock_that_falls_back_begins_another_boot_and_of_equal_ones_the_last_counts() -> None:
    again = [line.replace("group 1", "group 9") for line in LINES]
    report = importers.parse(log(LINES) + log(again))
    assert groups(report)[9] == {"0000:00:01.1", "0000:01:00.0"}
    assert problems(report) == ("Line 1 begins another boot of this machine, which was passed over.",)


def test_the_logs_of_two_machines_are_two_reports() -> None:
    other = ["Linux version 6.1", "DMI: LENOVO 82XT/LNVNB161216, BIOS LYCN45WW 04/01/2025", *LINES[:2]]
    first, second = importers.parse_all(log(LOG) + log(other))
    assert (first.board.name, second.board.name) == ("0P03DX", "LNVNB161216")
    assert groups(second) == {0: {"0000:00:01.0"}, 1: {"0000:00:01.1"}}


def test_devices_that_are_no_pci_functions_are_not_counted() -> None:
    others = [
        f"{name}: Adding to iommu group 3"
        for name in ("arm-smmu 15000000.iommu", "hns_dsaf HISI00B2:00", "fsl_mc_dprc dprc.1", "pci 0001:01")
    ]
    report = importers.parse(log([*LINES, *others]))
    assert groups(report) == GROUPS
    assert problems(report) == ("4 devices in groups are no PCI functions; they are not counted.",)
    alone = importers.parse(log(others))
    assert (alone.functions, alone.iommu.state) == ((), "on")


def test_a_console_that_lost_bytes_does_not_make_up_a_domain() -> None:
    lines = log([*LINES, "pci 0000:20:00.1: Adding to iommu group 27"])
    lost = "[   20000:20:00.0: Adding to iommu group 26\n[   25.416b.0: Adding to iommu group 57\n"
    report = importers.parse(lines + lost + "[   30000:33:00.0: Adding to iommu group 28\n")
    assert groups(report) == {**GROUPS, 26: {"0000:20:00.0"}, 27: {"0000:20:00.1"}}
    assert [said.split(" has")[0] for said in problems(report)] == ["Line 7", "Line 8", "Line 9"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It says: Adding to iommu group 5",
        'dev_info(dev, "Adding to iommu group %d\\n", group->id);',
        "[    0.1] pci 0000:00:00.2: AMD-Vi: IOMMU performance counters supported",
        "IOMMU Group 1 00:01.0 PCI bridge [0604]: Intel [8086:1901]",
    ],
)
def test_what_is_no_log_is_refused_with_a_sentence(text: str) -> None:
    assert not dmesg.sniff(text)
    if "says" not in text:
        with pytest.raises(ParseError, match=r"^no device is put in an IOMMU group here"):
            importers.parse(text, "dmesg")
