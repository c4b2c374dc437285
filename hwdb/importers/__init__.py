"""Text formats people post -> Report. No I/O, no database; each module has ``sniff`` and ``parse``.

A parser recovers what is there, says in ``provenance.problems`` what it could not read, and never invents. The lines
it quotes back are named by number only: a paste may hold what its owner did not mean to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb.errors import ParseError, Unrecognised
from hwdb.importers import (
    dmesg,
    dmidecode,
    facter,
    group_listing,
    iommu_info,
    lsiommu,
    lspci_machine,
    lspci_tree,
    lspci_verbose,
    markdown_table,
    pvesh,
    qubes,
    smbios_dump,
    sysfs_paths,
    tree,
    virsh,
)
from hwdb.importers.mixed import with_other_parts
from hwdb.importers.notes import annotate
from hwdb.importers.posted import Posted

if TYPE_CHECKING:
    from collections.abc import Callable

    from hwdb.report import Report

__all__ = ["FORMATS", "Format", "annotate", "parse", "parse_all", "sniff"]


@dataclass(frozen=True)
class Format:
    """A text format.

    Attributes:
        name: What ``--format`` calls it.
        describes: What people know it as.
        sniff: Whether a text looks like it.
        parse: Text -> Report, of the largest listing where there are several; raises ``ParseError``.
        parse_all: Text -> a Report for each machine or state it lists; None for a format that has one a text.
    """

    name: str
    describes: str
    sniff: Callable[[str], bool]
    parse: Callable[[str], Report]
    parse_all: Callable[[str], tuple[Report, ...]] | None = None


FORMATS = (
    Format("tree", "a drawn tree of IOMMU groups with lspci lines", tree.sniff, tree.parse, tree.parse_all),
    Format("facter", "a report of nixos-facter", facter.sniff, facter.parse),
    Format("iommu-info", "what iommu.info's script uploads", iommu_info.sniff, iommu_info.parse),
    Format("qubes", "a report of qubes-hcl-report, without groups", qubes.sniff, qubes.parse),
    Format("virsh", "virsh nodedev-dumpxml of PCI devices", virsh.sniff, virsh.parse),
    Format("pvesh", "Proxmox's list of PCI devices, table or JSON", pvesh.sniff, pvesh.parse, pvesh.parse_all),
    Format("lsiommu", "puavo-os's lsiommu, text or JSON", lsiommu.sniff, lsiommu.parse, lsiommu.parse_all),
    Format(
        "listing",
        "a script's listing of IOMMU groups with lspci lines",
        group_listing.sniff,
        group_listing.parse,
        group_listing.parse_all,
    ),
    Format("sysfs", "paths of /sys/kernel/iommu_groups", sysfs_paths.sniff, sysfs_paths.parse, sysfs_paths.parse_all),
    Format("dmesg", "a kernel log that names IOMMU groups", dmesg.sniff, dmesg.parse, dmesg.parse_all),
    Format(
        "markdown",
        "a table with addresses and IOMMU groups",
        markdown_table.sniff,
        markdown_table.parse,
        markdown_table.parse_all,
    ),
    Format(
        "lspci",
        "lspci -v, -vv, -k or with a hex dump",
        lspci_verbose.sniff,
        lspci_verbose.parse,
        lspci_verbose.parse_all,
    ),
    Format("lspci-vmm", "lspci -vmm or -mm", lspci_machine.sniff, lspci_machine.parse),
    Format("lspci-tree", "lspci -t, without groups", lspci_tree.sniff, lspci_tree.parse),
    Format("dmidecode-bin", "dmidecode --dump-bin, without PCI functions", smbios_dump.sniff, smbios_dump.parse),
    Format("dmidecode", "dmidecode's text, without PCI functions", dmidecode.sniff, dmidecode.parse),
    Format(
        "lspci-plain",
        "lspci's device lines alone, without groups",
        lspci_verbose.sniff_plain,
        lspci_verbose.parse,
        lspci_verbose.parse_all,
    ),
)
"""All formats, the most specific first."""


def sniff(text: str) -> Format:
    """Return the format a text is in.

    Raises:
        Unrecognised: It looks like none of them.
    """
    shared = Posted.of(text)
    for known in FORMATS:
        if known.sniff(shared):
            return known
    names = ", ".join(f"{known.name} ({known.describes})" for known in FORMATS)
    raise Unrecognised(f"this text is no listing hwdb can read; it reads JSON reports and {names}")


def parse(text: str, name: str | None = None) -> Report:
    """Return the report a text holds, the largest where it holds several; ``problems`` says what was passed over.

    Where no format is named, what the outputs of several tools in one text say of one machine is taken together.

    Args:
        text: The listing, possibly with prose around it.
        name: The format's name; None to recognise it.

    Raises:
        ParseError: The format is unknown, or the text is not in it.
    """
    shared = Posted.of(text)
    if name is not None:
        return _named(name).parse(shared)
    known = sniff(shared)
    reports = _all_of(known, shared)
    return with_other_parts(reports[0], shared, known.name) if len(reports) == 1 else known.parse(shared)


def parse_all(text: str, name: str | None = None) -> tuple[Report, ...]:
    """Return a report for each machine or state of a machine that a text lists, at least one, in the text's order.

    A listing that is posted twice is one.

    Args:
        text: The listings, possibly with prose around them.
        name: The format's name; None to recognise it.

    Raises:
        ParseError: The format is unknown, or the text is not in it.
    """
    shared = Posted.of(text)
    if name is not None:
        return _all_of(_named(name), shared)
    known = sniff(shared)
    reports = _all_of(known, shared)
    return (with_other_parts(reports[0], shared, known.name),) if len(reports) == 1 else reports


def _all_of(known: Format, text: str) -> tuple[Report, ...]:
    return (known.parse(text),) if known.parse_all is None else known.parse_all(text)


def _named(name: str) -> Format:
    for known in FORMATS:
        if known.name == name:
            return known
    raise ParseError(f"there is no format {name!r}; the formats are {', '.join(known.name for known in FORMATS)}")
