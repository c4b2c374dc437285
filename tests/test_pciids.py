"""Names of devices out of a pci.ids."""

from __future__ import annotations

import pytest

from hwdb.pciids import DeviceName, named, parse, short_vendor, version
from hwdb.report import Function, Report

LIST = """\
#
#	List of PCI ID's
#
#	Version: 2024.05.31
#	Date:    2024-05-31 03:15:02
#

# Vendors, devices and subsystems.

0001  SafeNet (wrong ID)
1022  Advanced Micro Devices, Inc. [AMD]
	43ba  X399 Series Chipset USB 3.1 xHCI Controller
# A comment between devices
	7901  FCH SATA Controller [AHCI mode]
		1849 ffff  A subsystem is no device
10de  NVIDIA Corporation
	1b80  GP104 [GeForce GTX 1080]
broken line
	0123  Device of nobody
ffff  Illegal Vendor ID

# List of known device classes
C 03  Display controller
	00  VGA compatible controller
C 0c  Serial bus controller
	43ba  no device either
"""


def test_devices_are_named_with_their_vendor() -> None:
    assert list(parse(LIST)) == [
        DeviceName("1022", "43ba", "AMD X399 Series Chipset USB 3.1 xHCI Controller"),
        DeviceName("1022", "7901", "AMD FCH SATA Controller [AHCI mode]"),
        DeviceName("10de", "1b80", "NVIDIA GP104 [GeForce GTX 1080]"),
    ]


def test_line_ends_of_windows_do_not_matter() -> None:
    assert list(parse(LIST.replace("\n", "\r\n"))) == list(parse(LIST))


def test_the_list_says_which_version_it_is() -> None:
    assert version(LIST) == "2024.05.31"
    assert version("") is None
    assert list(parse("")) == []


def test_names_have_a_limit() -> None:
    [device] = parse(f"1022  AMD\n\t43ba  {'x' * 1000}\n")
    assert len(device.name) == 200


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Advanced Micro Devices, Inc. [AMD]", "AMD"),
        ("Advanced Micro Devices, Inc. [AMD/ATI]", "AMD"),
        ("Intel Corporation", "Intel"),
        ("Samsung Electronics Co Ltd", "Samsung"),
        ("Renesas Technology Corp.", "Renesas"),
        ("Realtek Semiconductor Co., Ltd.", "Realtek"),
        ("Kingston Technology Company, Inc.", "Kingston"),
        ("Western Digital", "Western Digital"),
        ("Corporation", "Corporation"),
    ],
)
def test_a_vendor_is_called_what_people_call_it(name: str, short: str) -> None:
    assert short_vendor(name) == short


def test_a_report_takes_the_names_of_the_list_and_keeps_its_own_where_there_is_none() -> None:
    names = {(n.vendor, n.device): n.name for n in parse(LIST)}
    report = Report(
        functions=(
            Function("0000:01:00.0", vendor="1022", device="43ba", name="Device 43ba"),
            Function("0000:02:00.0", vendor="1022", device="0000", name="Something new"),
            Function("0000:03:00.0", name="No ids"),
            Function("0000:04:00.0", vendor="10de", device="1b80"),
        )
    )
    after = named(report, lambda vendor, device: names.get((vendor, device)))
    assert [f.name for f in after.functions] == [
        "AMD X399 Series Chipset USB 3.1 xHCI Controller",
        "Something new",
        "No ids",
        "NVIDIA GP104 [GeForce GTX 1080]",
    ]
