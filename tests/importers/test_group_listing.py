"""Listings that scripts print: every spelling and every decoration of a small machine, and texts that are none."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

import pytest

from hwdb import importers, schema
from hwdb.errors import ParseError
from hwdb.importers import group_listing
from hwdb.report import to_document
from tests.importers.groups import groups, problems

if TYPE_CHECKING:
    from collections.abc import Callable

GROUPS = {
    0: {"0000:00:01.0"},
    1: {"0000:00:01.1", "0000:01:00.0", "0000:01:00.1"},
    12: {"0000:00:14.3", "0000:02:00.0"},
}
HEADED = """\
IOMMU Group 0:
\t00:01.0 Host bridge [0600]: Advanced Micro Devices, Inc. [AMD] Family 17h (Models 00h-0fh) Root [1022:1452]
IOMMU Group 1:
\t00:01.1 PCI bridge [0604]: Advanced Micro Devices, Inc. [AMD] Internal PCIe GPP Bridge 0 to bus[E:B] [1022:1453]
\t01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP104 [GeForce GTX 1080] [10de:1b80] (rev a1)
\t01:00.1 Audio device [0403]: NVIDIA Corporation GP104 High Definition Audio Controller [10de:10f0] (rev a1)
IOMMU Group 12:
\t00:14.3 SATA controller [0106]: Advanced Micro Devices, Inc. [AMD] FCH SATA & Co [AHCI mode] [1022:7901] (rev 51)
\t02:00.0 Network controller [0280]: Intel Corporation Device [8086:2723] (rev 1a)
"""


def one_line(headed: str) -> str:
    lines, group = [], ""
    for line in headed.splitlines():
        if line.startswith("IOMMU"):
            group = line.rstrip(":")
        else:
            lines.append(f"{group} {line.strip()}")
    return "\n".join(lines) + "\n"


def without_ids(text: str) -> str:
    return re.sub(r" \[[0-9a-f]{4}(:[0-9a-f]{4})?\]", "", text)


def wrapped(text: str) -> str:
    """Break lines as a mail program does, the rest at the margin."""
    return "\n".join(
        textwrap.fill(line, 72, break_long_words=False, drop_whitespace=True) for line in text.splitlines()
    )


def each(text: str, form: str) -> str:
    return "\n".join(form.format(line) for line in text.splitlines())


def numbered(text: str, form: str) -> str:
    return "\n".join(form.format(n, line) for n, line in enumerate(text.splitlines(), start=1))


FLAT = one_line(HEADED)
R15CH13 = """\
Group 0:\t[1022:1452]     00:01.0  Host bridge                              Family 17h (Models 00h-0fh) Root
Group 1:\t[1022:1453] [R] 00:01.1  PCI bridge                               Internal PCIe GPP Bridge 0 to bus[E:B]
\t\t[10de:1b80] [R] 01:00.0  VGA compatible controller                GP104 [GeForce GTX 1080]
USB:\t\t[1d6b:0002]\t\t Bus 001 Device 001                       Linux Foundation 2.0 root hub
                [10de:10f0]     01:00.1  Audio device                             GP104 High Definition Audio Controller
Group 12:\t[1022:7901]     00:14.3  SATA controller                          FCH SATA & Co [AHCI mode]
\t\t[8086:2723]     02:00.0  Network controller                       Device 2723
"""
UNRAID = """\
IOMMU group 0:\t[1022:1452] 00:01.0 Host bridge: Advanced Micro Devices, Inc. [AMD] Family 17h
IOMMU group 1:\t[1022:1453] 00:01.1 PCI bridge: Advanced Micro Devices, Inc. [AMD] Internal Bridge 0 to bus[E:B]
[10de:1b80] 01:00.0 VGA compatible controller: NVIDIA Corporation GP104 [GeForce GTX 1080] (rev a1)
[10de:10f0] 01:00.1 Audio device: NVIDIA Corporation GP104 High Definition Audio Controller (rev a1)
IOMMU group 12: [1022:7901] 00:14.3 SATA controller: Advanced Micro Devices, Inc. [AMD] FCH SATA [AHCI mode] (rev 51)
[1:0:0:0]    disk    ATA      Some disk        1000  /dev/sdb   4.00TB
[8086:2723] 02:00.0 Network controller: Intel Corporation Device 2723 (rev 1a)
"""
LS_IOMMU = """\
IOMMU Group   0: 0000:00:01.0 Host bridge [0600] Advanced Micro Devices, Inc. [AMD] Family 17h [1022:1452]
IOMMU Group   1: 0000:00:01.1 PCI bridge [0604] Advanced Micro Devices, Inc. [AMD] GPP Bridge [1022:1453]
        Kernel driver in use: pcieport
IOMMU Group   1: 0000:01:00.0 VGA compatible controller [0300] NVIDIA Corporation GP104 [10de:1b80] (rev a1)
        Subsystem: Micro-Star International Co., Ltd. [MSI] unknown [1462:3362]
        Kernel driver in use: vfio-pci
IOMMU Group   1: 0000:01:00.1 Audio device [0403] NVIDIA Corporation GP104 Audio [10de:10f0] (rev a1)
IOMMU Group  12: 0000:00:14.3 SATA controller [0106] Advanced Micro Devices, Inc. [AMD] FCH [1022:7901] (rev 51)
IOMMU Group  12: 0000:02:00.0 Network controller [0280] Intel Corporation unknown [8086:2723] (rev 1a)
"""
VIEWER = "Please be patient.\n" + "".join(
    re.sub(r"IOMMU Group (\d+) (.*)", r"Group:  \1   0000:\2   Driver: some_driver", line) + "\n"
    for line in FLAT.splitlines()
)
DMAR = (
    "IOMMU: dmar0\n"
    + re.sub(r"\t(.{7}) ", r"    Group Device: 0000:\1 - ", HEADED.replace("IOMMU Group ", "  IOMMU Group: ")).replace(
        ":\n", "\n"
    )
).replace("  IOMMU Group: 12", "\nIOMMU: dmar1\n  IOMMU Group: 12")

SPELLINGS = {
    "grouped": HEADED,
    "one line each": FLAT,
    "lower case, no colon": HEADED.replace("IOMMU Group", "IOMMU group").replace(":\n", "\n"),
    "lower case, one line": FLAT.replace("IOMMU Group", "IOMMU group"),
    "upper case and number in front": re.sub(
        r"\t", " (0) ", HEADED.replace("IOMMU Group", "IOMMU GROUP").replace(":\n", "\n")
    ),
    "hashes": re.sub(r"IOMMU Group (\d+):", r"### Group \1 ###", HEADED),
    "star and blank before the colon": re.sub(r"IOMMU Group (\d+):", r"  *IOMMU Group \1 :", HEADED),
    "dashes around": re.sub(r"IOMMU Group (\d+):", r"--- IOMMU Group \1 ---", HEADED),
    "brackets around": re.sub(r"IOMMU Group (\d+):", r"[IOMMU Group \1]", HEADED),
    "number sign": re.sub(r"IOMMU Group (\d+):", r"IOMMU Group #\1", HEADED),
    "count behind": re.sub(r"IOMMU Group (\d+):", r"IOMMU Group \1 (2 devices):", HEADED),
    "colon, one line": re.sub(r"Group (\d+) ", r"Group \1: ", FLAT),
    "dash, one line": re.sub(r"Group (\d+) ", r"Group \1 - ", FLAT),
    "colon without a blank": re.sub(r"Group (\d+) ", r"Group \1:", FLAT),
    "domains": HEADED.replace("\t", "\t0000:"),
    "without ids": without_ids(HEADED),
    "without ids, one line": without_ids(FLAT),
    "reset marks": HEADED.replace("\t01:00.0", "\t[RESET] 01:00.0"),
    "r15ch13": R15CH13,
    "unraid": UNRAID,
    "ls-iommu": LS_IOMMU,
    "iommu-viewer": VIEWER,
    "dmar tree": DMAR,
    "readdir order": "".join(HEADED.split("IOMMU")[n].join(["IOMMU", ""]) for n in (3, 1, 2)),
    "addresses alone": "IOMMU group 0: 00:01.0\nIOMMU group 1: 00:01.1, 01:00.0 01:00.1\n"
    "IOMMU group 12: 00:14.3/02:00.0",
}

DECORATIONS: dict[str, Callable[[str], str]] = {
    "quoted": lambda text: textwrap.indent(text, "> "),
    "quoted deeply": lambda text: textwrap.indent(text, ">>>>> "),
    "quoted with no-break spaces": lambda text: textwrap.indent(text.replace("\t", "        "), ">\u00a0>\u00a0"),
    "quoted lazily": lambda text: f"> {text}",
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "no-break spaces": lambda text: text.replace("\t", "\u00a0\u00a0\u00a0 ").replace(" ", "\u00a0"),
    "indentation lost": lambda text: "\n".join(line.strip() for line in text.splitlines()),
    "indented": lambda text: textwrap.indent(text, "        "),
    "a diff": lambda text: textwrap.indent(text, "+"),
    "context of a diff": lambda text: textwrap.indent(text, " "),
    "line numbers": lambda text: numbered(text, "  {}. {}"),
    "line numbers of cat -n": lambda text: numbered(text, "{:6d}\t{}"),
    "bullets": lambda text: "\n".join(f"- {line.strip()}" for line in text.splitlines()),
    "gist cells": lambda text: "\n".join(f"{line.strip()} | |" for line in text.splitlines()),
    "table cells": lambda text: "\n".join(f"| {line} |" for line in text.splitlines()),
    "a single back-quote": lambda text: f"`{text.rstrip()}`",
    "back-quotes on every line": lambda text: "\n".join(f"`{line}`" for line in text.splitlines()),
    "code fence": lambda text: f"My groups:\n```\n{text}```\n",
    "prompt and script": lambda text: f"user@host:~$ ./iommu.sh\n{SCRIPT}{text}user@host:~$ ",
    "script error": lambda text: f"lsiommu: 3: lsiommu: shopt: not found\n{text}",
    "colour": lambda text: "\n".join(f"\x1b[22;34m{line}\x1b[0m" for line in text.splitlines()),
    "colour, escape lost": lambda text: "\n".join(f"[22;34m{line}[0m" for line in text.splitlines()),
    "BBCode": lambda text: f"[CODE]{each(text, '[COLOR=#ff0000][b]{}[/b][/COLOR]')}[/CODE]",
    "bold": lambda text: "\n".join(f"**{line.strip()}**" for line in text.splitlines()),
    "notes at line ends": lambda text: re.sub("(?m)(01:00.0.*)$", r"\1   *** mine", text),
    "HTML": lambda text: f"<pre><span></span><code>{each(text.replace('&', '&amp;'), '{}<br>')}</code></pre>",
    "HTML spans": lambda text: each(text.replace("&", "&amp;"), '<span class="line">{}</span>'),
    "HTML, escaped twice": lambda text: text.replace("&", "&amp;amp;").replace("\t", "&amp;nbsp;&nbsp;"),
    "JSON string": lambda text: '"' + text.replace("\t", "\\t").replace("\n", "\\n") + '"',
    "byte order mark": lambda text: "\ufeff" + text,
    "blank lines between": lambda text: text.replace("\n", "\n\n"),
    "heading comments": lambda text: f"# ASUS board, BIOS 1.2\n# Group 5 is what I want\n{text}",
}  # fmt: skip
SCRIPT = """\
for g in /sys/kernel/iommu_groups/*; do
    echo "IOMMU Group ${g##*/}:"
    for d in $g/devices/*; do echo -e "\\t$(lspci -nns ${d##*/})"; done; done
"""


@pytest.mark.parametrize("spelling", list(SPELLINGS))
def test_every_spelling_is_read(spelling: str) -> None:
    report = importers.parse(SPELLINGS[spelling])
    assert groups(report) == GROUPS
    assert report.iommu.state == "on"
    assert report.provenance.source == "listing"
    assert schema.load(to_document(report)).report == report


@pytest.mark.parametrize("decoration", list(DECORATIONS))
@pytest.mark.parametrize("spelling", ["grouped", "one line each", "without ids", "r15ch13", "unraid", "iommu-viewer"])
def test_every_decoration_comes_off(spelling: str, decoration: str) -> None:
    report = group_listing.parse(DECORATIONS[decoration](SPELLINGS[spelling]))
    assert groups(report) == GROUPS
    assert report.functions == group_listing.parse(SPELLINGS[spelling]).functions
    assert group_listing.sniff(DECORATIONS[decoration](SPELLINGS[spelling]))


@pytest.mark.parametrize("spelling", ["grouped", "one line each", "ls-iommu"])
def test_lines_that_mail_has_broken_are_whole_again(spelling: str) -> None:
    text = wrapped(SPELLINGS[spelling])
    assert text.count("\n") > SPELLINGS[spelling].count("\n")
    for broken in (text, textwrap.indent(text, ">>> ")):
        report = importers.parse(broken)
        assert groups(report) == GROUPS
        assert [(f.class_, f.vendor, f.device) for f in report.functions] == [
            (f.class_, f.vendor, f.device) for f in importers.parse(HEADED).functions
        ]
        assert problems(report) == ()


@pytest.mark.parametrize("text", [" ".join(HEADED.split()), " ".join(FLAT.split()), FLAT.replace("\n", " \n ", 2)])
def test_lines_that_a_page_has_joined_are_apart_again(text: str) -> None:
    assert groups(importers.parse(text)) == GROUPS


def test_every_part_of_a_device_line_is_read() -> None:
    report = importers.parse(LS_IOMMU)
    bridge, gpu = report.functions[1:3]
    assert (bridge.driver, gpu.driver) == ("pcieport", "vfio-pci")
    assert (gpu.class_, gpu.vendor, gpu.device, gpu.revision) == ("0300", "10de", "1b80", "a1")
    assert (gpu.subsystem_vendor, gpu.subsystem_device) == ("1462", "3362")
    assert gpu.name == "NVIDIA Corporation GP104"


@pytest.mark.parametrize("spelling", [name for name in SPELLINGS if name != "addresses alone"])
def test_classes_are_read_by_number_or_by_name(spelling: str) -> None:
    classes = {f.address: f.class_ for f in importers.parse(SPELLINGS[spelling]).functions}
    assert [classes[address] for address in sorted(classes)] == ["0600", "0604", "0106", "0300", "0403", "0280"]


@pytest.mark.parametrize(
    "spelling", [name for name in SPELLINGS if name != "addresses alone" and "without" not in name]
)
def test_ids_are_read_before_and_behind_the_address(spelling: str) -> None:
    ids = {f.address: f"{f.vendor}:{f.device}" for f in importers.parse(SPELLINGS[spelling]).functions}
    assert ids["0000:01:00.0"] == "10de:1b80"
    assert ids["0000:00:14.3"] == "1022:7901"
    assert ids["0000:00:01.1"] == "1022:1453"


def test_an_unit_and_a_driver_are_read_where_they_are_shown() -> None:
    assert {f.iommu_unit for f in importers.parse(DMAR).functions} == {"dmar0", "dmar1"}
    assert {f.driver for f in importers.parse(VIEWER).functions} == {"some_driver"}


@pytest.mark.parametrize(
    ("written", "address"),
    [("000a:11:00.0", "000a:11:00.0"), ("10000:e0:06.0", "10000:e0:06.0"), ("ff:0b.1", "0000:ff:0b.1")],
)
def test_domains_and_high_buses_are_read(written: str, address: str) -> None:
    for text in (
        f"IOMMU Group 7 {written} PCI bridge [0604]: A [8086:0001]",
        f"IOMMU Group 7:\n\t{written} PCI bridge",
    ):
        assert groups(importers.parse(text)) == {7: {address}}


def test_a_number_that_the_script_left_out_is_not_made_up() -> None:
    text = re.sub(r"Group \d+", "Group", FLAT)
    report = importers.parse(text)
    assert groups(report) == {None: set.union(*GROUPS.values())}
    assert report.iommu.state is None
    assert problems(report) == (
        "Line 1 shows no group number: the script left the numbers out, so that nothing is known of the groups.",
    )


def test_without_groups_the_iommu_is_off() -> None:
    text = "IOMMU Group * " + without_ids(FLAT).replace("IOMMU Group ", "")[2:]
    text = re.sub(r"(?m)^\d+ ", "", text)
    report = importers.parse(text)
    assert set(groups(report)) == {None}
    assert report.iommu.state == "off"
    assert "the IOMMU is off" in problems(report)[0]


def test_the_output_of_the_next_command_belongs_to_no_group() -> None:
    plain = without_ids(HEADED).replace("\t", "").replace("[AMD]", "")
    lspci = "".join(f"{line}\n" for line in plain.splitlines() if "Group" not in line)
    more = "00:18.0 Host bridge: Advanced Micro Devices\n"
    for between in ("user@host:~$ lspci\n", "\n", "$ lspci\n", "And lspci:\n"):
        report = importers.parse(HEADED + between + lspci + more)
        assert groups(report) == GROUPS
        assert problems(report)[0].startswith("1 function is listed outside of the groups"), between


def test_a_listing_posted_twice_is_one_and_the_ids_of_either_count() -> None:
    report = importers.parse(without_ids(HEADED) + "and again, with -nn:\n" + FLAT)
    assert groups(report) == GROUPS
    assert report.functions[2].device == "1b80"
    assert len(importers.parse_all(without_ids(HEADED) + FLAT)) == 1


def test_before_and_after_a_change_are_two_reports() -> None:
    after = HEADED.replace(
        "IOMMU Group 1:\n", "IOMMU Group 1:\n\t00:00.0 Host bridge [0600]: AMD [1022:1450]\n"
    ).replace("\t01:00.0", "IOMMU Group 2:\n\t01:00.0")
    text = f"Before:\n{HEADED}\nWith ACS:\n{after}"
    before_report, after_report = importers.parse_all(text)
    assert groups(before_report) == GROUPS
    assert groups(after_report)[2] == {"0000:01:00.0", "0000:01:00.1"}
    largest = importers.parse(text)
    assert groups(largest) == groups(after_report)
    assert problems(largest)[0] == "Line 2 begins another listing, which was passed over."


def test_a_function_in_two_groups_counts_where_it_stood_first() -> None:
    report = importers.parse(HEADED + "IOMMU Group 30:\n\t02:00.0 Network controller [0280]: Intel [8086:2723]\n")
    assert groups(report) == GROUPS
    assert problems(report) == ("Line 11 lists 0000:02:00.0 again, in another group; the first one counts.",)


def test_what_was_left_out_or_cut_off_is_said() -> None:
    report = importers.parse("[...]\n" + HEADED.replace(" [8086:2723]", " [8086"))
    assert problems(report) == (
        "1 function is listed without ids, like [1022:43ba].",
        "Line 1 stands for lines that were left out.",
    )
    assert report.functions[-1].name == "Intel Corporation Device"


def test_the_command_line_beside_a_listing_tells_the_allowed_words_only() -> None:
    words = "root=UUID=1234-secret ro quiet intel_iommu=on pcie_acs_override=downstream"
    kernel = importers.parse(f"BOOT_IMAGE=/boot/vmlinuz-6.5.11-8-pve {words}\n{FLAT}").kernel
    assert kernel.parameters == ("intel_iommu=on", "pcie_acs_override=downstream")
    assert (kernel.acs_override, kernel.release) == (True, "6.5.11-8-pve")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "My GPU is in IOMMU group 14, and 01:00.0 is its address.",
        "IOMMU Group 14 holds my GPU\nand 01:00.0 too, sadly.\n",
        "Group 5 has been moved.\nGroup 6: see above.\n",
        SCRIPT,
        'dev_info(dev, "Adding to iommu group %d\\n", group->id);\n',
        "pci 0000:01:00.0: Adding to iommu group 14\n",
        "01:00.0 VGA controller: NVIDIA\n\tFlags: bus master, IRQ 16, IOMMU group 2\n\n02:00.0 Audio device: X\n",
        "01:00.0 VGA compatible controller: NVIDIA\n\tIOMMU group: 2\n02:00.0 Audio device: X\n",
        "Slot:\t01:00.0\nIOMMUGroup:\t2\n\nSlot:\t02:00.0\n",
        "<iommuGroup number='12'>\n<address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>\n",
        "| PCI | IOMMU Group |\n|---|---|\n| 0000:1b:00.0 | 50 |\n",
    ],
)
def test_what_is_no_listing_is_refused_with_a_sentence(text: str) -> None:
    assert not group_listing.sniff(text)
    with pytest.raises(ParseError, match=r"^no function stands in a group here"):
        importers.parse(text, "listing")


def test_devices_without_addresses_are_refused_with_advice() -> None:
    text = "IOMMU Group  15: NVIDIA Corporation GP104 [10de:1b81] (rev a1)\n"
    assert group_listing.sniff(text)
    with pytest.raises(ParseError, match=r"print the addresses too"):
        importers.parse(text)
    assert groups(importers.parse(text.replace("(rev a1)", "0000:01:00.0"))) == {15: {"0000:01:00.0"}}


def test_records_below_a_group_are_read() -> None:
    text = (
        "IOMMU Group 14 \n--------------\nSlot:\t01:00.0\nClass:\tVGA compatible controller\nVendor:\tNVIDIA\n"
        "Device:\tGP104 [GeForce GTX 1080]\nIDs:    10de:1b80\nRev:\ta1\n"
    )
    [function] = importers.parse(text).functions
    assert (function.iommu_group, function.class_, function.vendor, function.device) == (14, "0300", "10de", "1b80")
    assert (function.name, function.revision) == ("GP104 [GeForce GTX 1080]", "a1")


def test_the_motherboard_above_a_listing_is_read_without_its_serial_number() -> None:
    board = "description: Motherboard\nproduct: X370 Taichi\nvendor: ASRock\nserial: M80-SECRET\nversion: P3.20\n"
    report = importers.parse(f"Motherboard Information\n{board}Kernel Information\nLinux 4.14.9\n{FLAT}product: x\n")
    assert (report.board.vendor, report.board.name) == ("ASRock", "X370 Taichi")
    assert groups(report) == GROUPS
    assert "SECRET" not in str(to_document(report))
