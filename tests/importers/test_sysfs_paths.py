"""Paths of sysfs as find, ls and tree print them."""

from __future__ import annotations

import textwrap

import pytest

from hwdb import importers, schema
from hwdb.errors import ParseError
from hwdb.importers import sysfs_paths
from hwdb.report import to_document
from tests.importers.groups import groups, problems

MEMBERS = [("0000:00:01.0", 0), ("0000:01:00.0", 14), ("0000:00:01.1", 14), ("000a:11:00.0", 3)]
GROUPS = {0: {"0000:00:01.0"}, 14: {"0000:00:01.1", "0000:01:00.0"}, 3: {"000a:11:00.0"}}
PLACE = "/sys/kernel/iommu_groups"
TARGET = "../../../../devices/pci0000:00/0000:00:1f.7"
FIND = "".join(f"{PLACE}/{group}/devices/{address}\n" for address, group in MEMBERS)


def listed(link: str) -> str:
    text = ""
    for number, members in GROUPS.items():
        lines = "".join(f"{link.format(address=address)}\n" for address in members)
        text += f"{PLACE}/{number}/devices:\ntotal 0\n{lines}\n"
    return text


def tree(branches: tuple[str, str, str]) -> str:
    middle, last, trunk = branches
    text = ".\n"
    for number, members in GROUPS.items():
        text += f"{middle}{number}\n{trunk}{middle}devices\n"
        text += "".join(f"{trunk}{trunk}{last}{address} -> {TARGET}\n" for address in members)
        text += f"{trunk}{middle}reserved_regions\n{trunk}{last}type\n"
    return f"{text}\n8 directories, 6 files\n"


FORMS = {
    "find": FIND,
    "find with folders": "".join(f"{PLACE}/{g}\n{PLACE}/{g}/devices\n{PLACE}/{g}/devices/{a}\n" for a, g in MEMBERS),
    "find from inside": FIND.replace(PLACE, "."),
    "find -ls": "".join(f"  123 0 lrwxrwxrwx 1 root root 0 May  1 {x} -> {TARGET}\n" for x in FIND.split()),
    "compgen": f'$ compgen -G "{PLACE}/*/devices/*"\n{FIND}',
    "echo": FIND.replace("\n", " "),
    "ls -l": listed(f"lrwxrwxrwx 1 root root 0 May  1 12:00 {{address}} -> {TARGET}"),
    "ls": listed("{address}"),
    "ls, lines joined": " ".join(listed(f"lrwxrwxrwx 1 root root 0 May  1 {{address}} -> {TARGET}").split()),
    "links of devices": "".join(
        f"lrwxrwxrwx 1 root root 0 /sys/bus/pci/devices/{a}/iommu_group -> ../../../kernel/iommu_groups/{g}\n"
        for a, g in MEMBERS
    ),
    "tree": tree(("├── ", "└── ", "│   ")),
    "tree, ASCII": tree(("|-- ", "`-- ", "|   ")),
    "quoted": textwrap.indent(FIND, "> "),
    "bullets": textwrap.indent(FIND, "- "),
    "line numbers": "".join(f"  {n}. {line}\n" for n, line in enumerate(FIND.split(), start=1)),
    "CRLF": FIND.replace("\n", "\r\n"),
    "JSON string": FIND.replace("\n", "\\n"),
    "HTML": f"<pre><code>{FIND}</code></pre>",
}


@pytest.mark.parametrize("form", list(FORMS))
def test_every_form_is_read(form: str) -> None:
    report = importers.parse(FORMS[form])
    assert groups(report) == GROUPS
    assert problems(report) == ()
    assert report.provenance.source == "sysfs"
    assert schema.load(to_document(report)).report == report


def test_devices_that_are_no_pci_functions_are_not_counted() -> None:
    others = "".join(
        f"{PLACE}/9/devices/{name}\n" for name in ("231c00000.dcp:piodma", "15000000.iommu", "HISI0162:01")
    )
    report = importers.parse(FIND + others)
    assert groups(report) == GROUPS
    assert problems(report) == ("3 devices in groups are no PCI functions; they are not counted.",)


def test_two_machines_are_two_reports() -> None:
    other = FIND.replace("/14/", "/7/").replace("/3/", "/15/")
    assert [groups(report) for report in importers.parse_all(f"{FIND}\nThe other:\n{other}")] == [
        GROUPS,
        {0: {"0000:00:01.0"}, 7: {"0000:00:01.1", "0000:01:00.0"}, 15: {"000a:11:00.0"}},
    ]
    assert len(importers.parse_all(f"{FIND}\nAgain:\n{FIND}")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/sys/devices/virtual/iommu/dmar1\n├── devices\n│   ├── 0000:00:01.0 -> ../../../../pci0000:00/0000:00:01.0\n",
        "for d in /sys/kernel/iommu_groups/*/devices/*; do echo $d; done",
        f"{PLACE}/14\n{PLACE}/14/devices\n{PLACE}/14/type\n",
        "/sys/bus/pci/devices/0000:01:00.0/config\n",
        "lrwxrwxrwx 1 root root 0 May  1 0000:01:00.0 -> ../../../devices/pci0000:00/0000:01:00.0\n",
    ],
)
def test_what_is_no_listing_is_refused_with_a_sentence(text: str) -> None:
    assert not sysfs_paths.sniff(text)
    with pytest.raises(ParseError, match=r"^no device stands in a group here"):
        importers.parse(text, "sysfs")
