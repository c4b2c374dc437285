"""Texts made to hang, fill the memory or crash an importer of listings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb import schema
from hwdb.errors import InvalidReport, ParseError
from hwdb.importers import dmesg, group_listing, lsiommu, markdown_table, sysfs_paths
from hwdb.report import to_document

if TYPE_CHECKING:
    from types import ModuleType

MODULES = (group_listing, dmesg, sysfs_paths, markdown_table, lsiommu)

PIECES = st.sampled_from(
    [
        "IOMMU Group ",
        "IOMMU group ",
        "Group",
        " 1",
        ":",
        " * ",
        "\n",
        "\n",
        "\t",
        " ",
        "> ",
        "| ",
        "|---|",
        "#",
        "- ",
        "01:00.0",
        " 0000:01:00.0",
        "10000:e0:06.0",
        "00:1f.7 ",
        "VGA compatible controller",
        " [0300]: ",
        " [10de:1b80]",
        ": Adding to iommu group 3",
        ": Removing from iommu group 3",
        "pci 0000:01:00.0",
        "iommu: Adding device ",
        "[  1.0] ",
        "/sys/kernel/iommu_groups/7/devices",
        "/0000:01:00.0",
        ":",
        " -> ../x",
        "├── 7",
        "Linux version 5.4",
        "DMI: a b/c, BIOS 1",
        "IOMMU group | BDF",
        "Group 001 Address 0000:01:00.0 Class 030000",
        '{"iommu_groups": [',
        '{"id": 1, "devices": [{}]}',
        "\\n",
        "\\n\\n",
        "&amp;",
        "<br>",
        "[b]",
        "\x1b[0m",
        "\u00a0",
        "user@host:~$ lspci",
        "...",
        "BOOT_IMAGE=/x iommu=pt",
    ]
)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
@given(text=st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
def test_no_text_raises_anything_but_a_parse_error(module: ModuleType, text: str) -> None:
    sniffed = module.sniff(text)
    try:
        report = module.parse(text)
        everything = module.parse_all(text)
    except ParseError:
        return
    assert sniffed or module is not lsiommu
    assert report.functions == max((r.functions for r in everything), key=len)
    loaded = schema.load(to_document(report))
    assert [f.address for f in loaded.report.functions] == [f.address for f in report.functions]
    assert loaded.ignored == ()


@pytest.mark.parametrize("module", [group_listing, dmesg, sysfs_paths])
def test_very_many_functions_make_a_report_that_the_schema_refuses(module: ModuleType) -> None:
    forms = {
        group_listing: "IOMMU Group {0} {1} PCI bridge [0604]: A [1022:1453]",
        dmesg: "pci {1}: Adding to iommu group {0}",
        sysfs_paths: "/sys/kernel/iommu_groups/{0}/devices/{1}",
    }
    places = ((bus, device, function) for bus in range(256) for device in range(32) for function in range(8))
    addresses = [f"0000:{bus:02x}:{device:02x}.{function}" for bus, device, function in places][:50_000]
    text = "\n".join(forms[module].format(n, address) for n, address in enumerate(addresses))
    report = module.parse(text)
    assert len(report.functions) == len(addresses)
    with pytest.raises(InvalidReport):
        schema.load(to_document(report))
