"""Texts made to hang, fill the memory or crash the importers of lspci and dmidecode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb import schema
from hwdb.errors import ParseError
from hwdb.importers import dmidecode, lspci_machine, lspci_tree, lspci_verbose
from hwdb.importers.combine import combine
from hwdb.report import to_document

if TYPE_CHECKING:
    from types import ModuleType

MODULES = (lspci_verbose, lspci_machine, lspci_tree, dmidecode)

PIECES = st.sampled_from(
    [
        *("01:00.0 ", "0000:", "VGA compatible controller", " [0300]: ", "[10de:1b80]", "(rev a1)", "\n", "\n", "\t"),
        *(" ", "> ", "Subsystem: ", "Flags: ", "IOMMU group ", "IOMMU group: ", "7", "NUMA node: -9", "Status: Cap-"),
        *(
            "Capabilities: ",
            "[58] Express (v2) Root Port (Slot+)",
            "[2a0 v1] Access Control Services",
            "<access denied>",
        ),
        *("LnkCap: Port #999, Speed 999GT/s, Width x99", "SltCap: Slot #9999", "Bus: primary=00, secondary=ff, "),
        *("subordinate=00", "ACSCap: SrcValid+", "DevCap: FLReset+", "00: 22 10 53 14", "10: 00", "Total VFs: 99999"),
        *("Kernel driver in use: ", "Physical Slot: ", "DeviceName: ", "!!! Unknown header type", "...", "Control: "),
        *("Slot:\t", "Class:\t", "Vendor:\t", "Device:\t", "IOMMUGroup:\t", '"', '"A [0300]" ', "-ra1 ", "-p00"),
        *("-[0000:00]-", "-+-", "+-", "\\-", "00.0", "-[01]-", "-[01-ff]--", "|", "    "),
        *("Handle 0x0001, DMI type 9, 17 bytes\n", "System Slot Information\n", "Type: x16 PCI Express", "ID: 70000"),
        *("Base Board Information\n", "\tProduct Name: ", "Memory Device\n", "\tSize: 999999999 PB", "Bus Address: "),
        *("\tPeer Device 1: 0000:00:01.0 (Width 999)", "Processor Information\n", "Signature: Family 9999, Model 1, "),
        *("Stepping 9", "\x00", "\x1b[0m", "\u00a0", "&lt;", "<b>", "\r\n", "\x85", "٣"),
    ]
)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
@given(text=st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
def test_no_text_raises_anything_but_a_parse_error(module: ModuleType, text: str) -> None:
    sniffed = module.sniff(text)
    try:
        report = module.parse(text)
    except ParseError:
        assert not sniffed
        return
    loaded = schema.load(to_document(report))
    assert [f.address for f in loaded.report.functions] == [f.address for f in report.functions]
    assert [f.iommu_group for f in loaded.report.functions] == [f.iommu_group for f in report.functions]
    assert loaded.ignored == ()
    assert combine([report, report]).functions == report.functions
