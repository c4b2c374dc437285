"""The smaller facts of a report: who made the machine, what runs on it, what its owner says. No I/O.

Everywhere ``None`` means "unknown" and an empty tuple "known to be none": a source that cannot know a fact leaves
it out, and nothing downstream may take its silence for a no.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Board:
    """The motherboard as its firmware (SMBIOS type 2) or its owner names it.

    Attributes:
        vendor: Manufacturer, as spelled by the source.
        name: Product name, as spelled by the source.
        version: Board revision.
    """

    vendor: str | None = None
    name: str | None = None
    version: str | None = None


@dataclass(frozen=True)
class System:
    """The computer as sold (SMBIOS type 1, without serial number and UUID)."""

    vendor: str | None = None
    name: str | None = None
    version: str | None = None
    family: str | None = None
    sku: str | None = None


@dataclass(frozen=True)
class Chassis:
    """The case.

    Attributes:
        type: SMBIOS type 3 chassis type (3 desktop, 10 notebook, 23 rack mount, ...).
    """

    type: int | None = None


@dataclass(frozen=True)
class Bios:
    """The firmware (SMBIOS type 0).

    Attributes:
        vendor: Who wrote it.
        version: Version as the firmware spells it.
        date: Release date as the firmware spells it, usually MM/DD/YYYY.
        release: BIOS revision, ``major.minor``; not a version for people.
    """

    vendor: str | None = None
    version: str | None = None
    date: str | None = None
    release: str | None = None


@dataclass(frozen=True)
class Cpu:
    """One processor package.

    Attributes:
        name: Model name as the processor or its owner gives it.
        vendor: CPUID vendor, like ``AuthenticAMD``.
        family: CPUID family, decoded.
        model: CPUID model, decoded.
        stepping: CPUID stepping.
        microcode: Microcode revision, like ``0x8001137``.
        upgrade: SMBIOS type 4 processor upgrade byte, which names the socket.
        cores: Physical cores.
        threads: Hardware threads.
    """

    name: str | None = None
    vendor: str | None = None
    family: int | None = None
    model: int | None = None
    stepping: int | None = None
    microcode: str | None = None
    upgrade: int | None = None
    cores: int | None = None
    threads: int | None = None


@dataclass(frozen=True)
class Memory:
    """Main memory; ``bytes`` is the installed size in bytes."""

    bytes: int | None = None


@dataclass(frozen=True)
class Kernel:
    """The running kernel.

    Attributes:
        release: As ``uname -r`` prints it.
        distribution: Name and version, like ``Fedora 29``.
        parameters: The allow-listed IOMMU words of the command line (see docs/report-format.md), never the rest;
            empty means that none of them is there.
        acs_override: Whether the out-of-tree ACS override patch is in effect.
    """

    release: str | None = None
    distribution: str | None = None
    parameters: tuple[str, ...] | None = None
    acs_override: bool | None = None


@dataclass(frozen=True)
class IommuGroup:
    """What the kernel says of one group beyond its members.

    Attributes:
        number: The group's number, which means nothing outside this report.
        type: Default domain type, like ``DMA-FQ`` or ``identity``.
        name: ``/sys/kernel/iommu_groups/N/name``; ``vfio-noiommu`` marks a group without protection.
        reserved_region_types: Types in ``reserved_regions``; ``direct`` marks an RMRR, which blocks assignment.
    """

    number: int
    type: str | None = None
    name: str | None = None
    reserved_region_types: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Iommu:
    """The IOMMU as the kernel uses it.

    Attributes:
        state: ``on`` or ``off``.
        kind: ``AMD-Vi``, ``VT-d``, ``SMMU`` or another name the kernel gives.
        units: The units of ``/sys/class/iommu``, like ``ivhd0`` or ``dmar1``.
        interrupt_remapping: Whether interrupts are remapped; VFIO refuses by default without it.
        groups: Facts about groups beyond their members.
    """

    state: str | None = None
    kind: str | None = None
    units: tuple[str, ...] | None = None
    interrupt_remapping: bool | None = None
    groups: tuple[IommuGroup, ...] | None = None


@dataclass(frozen=True)
class Virtualization:
    """What the report was made inside of, and what the machine runs guests with.

    Attributes:
        hypervisor: The hypervisor the report was made under, ``none`` for a real machine.
        container: The container the report was made in, ``none`` for none.
        stack: What runs the guests, like ``QEMU`` and ``KVM``.
        qemu: QEMU version.
        libvirt: libvirt version.
    """

    hypervisor: str | None = None
    container: str | None = None
    stack: tuple[str, ...] | None = None
    qemu: str | None = None
    libvirt: str | None = None


@dataclass(frozen=True)
class RootBus:
    r"""One PCI root bus and where the firmware's ACPI tables name it.

    Attributes:
        bus: Domain and bus, like ``0000:40``.
        acpi_path: Like ``\_SB_.PCI1``.
        acpi_uid: The ``_UID`` of that node.
    """

    bus: str
    acpi_path: str | None = None
    acpi_uid: str | None = None


@dataclass(frozen=True)
class Acs:
    """The Access Control Services extended capability (PCIe 6.0, section 7.7.11).

    Attributes:
        present: Whether the function has the capability; None when it could not be looked for.
        capability: The ACS Capability register, 16 bits.
        control: The ACS Control register, 16 bits.
    """

    present: bool | None = None
    capability: int | None = None
    control: int | None = None


@dataclass(frozen=True)
class SlotPeer:
    """Another port that shares a slot's lanes (SMBIOS type 9, peer grouping).

    Attributes:
        address: Full address of the peer function.
        lanes: Data bus width of the peer, in lanes.
    """

    address: str
    lanes: int | None = None


@dataclass(frozen=True)
class Setting:
    """One firmware setting as the owner set it.

    Attributes:
        name: What the firmware calls it; None when the owner does not remember.
        value: Its value, like ``Enabled``.
        note: What it did, in the owner's sense.
    """

    name: str | None = None
    value: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What one device is used for, and whether handing it to a guest works.

    Attributes:
        function: Address of the device's first function; None for a device that is not on the PCI bus.
        device: What the owner calls it.
        role: ``host_gpu``, ``guest_gpu``, ``host_usb``, ``guest_usb``, ``host_disk``, ``guest_disk``, ``host_nic``,
            ``guest_nic`` or ``other``.
        guest: The guest's operating system.
        result: ``works``, ``workaround`` (works with one) or ``fails``; None when the owner does not say.
        note: Plain text, at most 2,000 characters.
    """

    function: str | None = None
    device: str | None = None
    role: str | None = None
    guest: str | None = None
    result: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Provenance:
    """Where the report comes from.

    Attributes:
        collector: The program that made it, with its version.
        source: What it was made from: ``live``, ``tree``, ``lspci``, ``facter``, ...
        reference: Title or address of the publication, when it was published.
        collected: ISO 8601 date (or date and time) the facts were true.
        licence: ``CC0-1.0`` once the submitter has agreed to it.
        problems: What the collector could not read and why, in sentences.
    """

    collector: str | None = None
    source: str | None = None
    reference: str | None = None
    collected: str | None = None
    licence: str | None = None
    problems: tuple[str, ...] | None = None
