"""The Report itself, its PCI functions and its slot statements. No I/O.

Every attribute is one fact that a live collector, an lspci dump, a facter report or a forum listing can know.
docs/report-format.md tells other tools what each means; ``hwdb.schema`` decodes it from untrusted JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hwdb.report.parts import (
    Acs,
    Bios,
    Board,
    Chassis,
    Cpu,
    Iommu,
    Kernel,
    Memory,
    Outcome,
    Provenance,
    RootBus,
    Setting,
    SlotPeer,
    System,
    Virtualization,
)

FORMAT = 1
"""The format this code writes. It rises when an old reader would misunderstand a document, not for new fields."""


@dataclass(frozen=True)
class Function:
    """One PCI function.

    Attributes:
        address: ``dddd:bb:dd.f``, lowercase, domain of four or more digits.
        iommu_group: The kernel's group number, None when the function is in none or it is not known.
        class_: Base class and subclass, four hex digits (JSON key ``class``).
        prog_if: Programming interface, two hex digits.
        vendor, device, subsystem_vendor, subsystem_device: Four hex digits each.
        revision: Two hex digits.
        name: What the source calls it; for display when no list of PCI ids knows the device.
        header_type: Config header layout: 0 endpoint, 1 PCI bridge, 2 CardBus bridge.
        multifunction: Bit 7 of the header type register.
        parent: Address of the bridge above; None when not known. A function on a root bus has none either; it is
            told apart by ``root_buses`` or by other functions' buses.
        secondary_bus, subordinate_bus: Of a bridge, the first and last bus number behind it.
        driver: The bound driver; empty when none is bound.
        iommu_unit: The IOMMU that translates for it, like ``dmar0``.
        port_type: PCIe device/port type: ``endpoint``, ``legacy_endpoint``, ``root_port``, ``upstream_port``,
            ``downstream_port``, ``pcie_to_pci_bridge``, ``pci_to_pcie_bridge``, ``rc_integrated_endpoint``,
            ``rc_event_collector``; ``conventional`` when the function has no PCIe capability.
        slot_implemented: "Slot Implemented" of the PCIe capabilities register.
        physical_slot_number: Of the slot capabilities register; no identity on consumer boards.
        link_port_number: Port number of the link capabilities register.
        link_width_max, link_width: Lanes the link can have and has.
        link_speed_max, link_speed: MT/s per lane it can run at and runs at (2500, 5000, 8000, 16000, ...).
        acs: Access Control Services.
        aer: Whether Advanced Error Reporting is there.
        flr: Whether the device says it can reset this function (FLR in DevCap or AF).
        reset_methods: What the kernel can reset it with, in its order (``reset_method``); empty means nothing can.
        sriov_total_vfs, sriov_num_vfs: Virtual functions possible and enabled.
        physical_function: For a virtual function, the address of its physical function.
        boot_vga: Whether the firmware booted on this graphics function.
        numa_node: NUMA node, -1 when the kernel has none for it.
        label: The firmware's name for the device (SMBIOS type 41 or ACPI _DSM).
    """

    address: str
    iommu_group: int | None = None
    class_: str | None = None
    prog_if: str | None = None
    vendor: str | None = None
    device: str | None = None
    subsystem_vendor: str | None = None
    subsystem_device: str | None = None
    revision: str | None = None
    name: str | None = None
    header_type: int | None = None
    multifunction: bool | None = None
    parent: str | None = None
    secondary_bus: int | None = None
    subordinate_bus: int | None = None
    driver: str | None = None
    iommu_unit: str | None = None
    port_type: str | None = None
    slot_implemented: bool | None = None
    physical_slot_number: int | None = None
    link_port_number: int | None = None
    link_width_max: int | None = None
    link_width: int | None = None
    link_speed_max: int | None = None
    link_speed: int | None = None
    acs: Acs | None = None
    aer: bool | None = None
    flr: bool | None = None
    reset_methods: tuple[str, ...] | None = None
    sriov_total_vfs: int | None = None
    sriov_num_vfs: int | None = None
    physical_function: str | None = None
    boot_vga: bool | None = None
    numa_node: int | None = None
    label: str | None = None


@dataclass(frozen=True)
class Slot:
    """What one witness says of one slot. Several witnesses may speak of the same designation.

    Attributes:
        designation: The name printed on the board.
        witness: Who says so: ``smbios``, ``pci_slots``, ``firmware_label``, ``topology``, ``submitter``, ``curated``.
        kind: ``pcie``, ``m2``, ``u2``, ``pci`` or ``mini``.
        smbios_type: SMBIOS type 9 slot type byte.
        connector_lanes: Lanes the connector is long.
        electrical_lanes: Lanes that are wired.
        usage: SMBIOS current usage: ``available``, ``in_use``, ``unavailable``, ``other``.
        occupied: Whether a card sits in it.
        occupant: Address of the first function of the card in it.
        address: Function the witness names, of the port or of the card, as that machine numbers it.
        port: Path of the port behind the connector, like ``0000:00:01.1/00.2/07.0``.
        id: SMBIOS slot id or slot number.
        iommu_group: The group a person says the slot belongs to, on this machine.
        isolates: Whether a person says it has a group of its own.
        slot_width: SMBIOS 3.4 physical width byte.
        slot_pitch: SMBIOS 3.4 pitch to the next slot, in 1/100 mm.
        peers: Ports sharing the slot's lanes.
        note: Where the statement comes from, when that needs words.
    """

    designation: str | None = None
    witness: str | None = None
    kind: str | None = None
    smbios_type: int | None = None
    connector_lanes: int | None = None
    electrical_lanes: int | None = None
    usage: str | None = None
    occupied: bool | None = None
    occupant: str | None = None
    address: str | None = None
    port: str | None = None
    id: int | None = None
    iommu_group: int | None = None
    isolates: bool | None = None
    slot_width: int | None = None
    slot_pitch: int | None = None
    peers: tuple[SlotPeer, ...] | None = None
    note: str | None = None


@dataclass(frozen=True)
class Report:
    """Everything one source says of one machine at one time."""

    functions: tuple[Function, ...] = ()
    board: Board = field(default_factory=Board)
    system: System = field(default_factory=System)
    chassis: Chassis = field(default_factory=Chassis)
    bios: Bios = field(default_factory=Bios)
    cpus: tuple[Cpu, ...] | None = None
    memory: Memory = field(default_factory=Memory)
    kernel: Kernel = field(default_factory=Kernel)
    iommu: Iommu = field(default_factory=Iommu)
    virtualization: Virtualization = field(default_factory=Virtualization)
    root_buses: tuple[RootBus, ...] | None = None
    slots: tuple[Slot, ...] | None = None
    settings: tuple[Setting, ...] | None = None
    outcomes: tuple[Outcome, ...] | None = None
    provenance: Provenance = field(default_factory=Provenance)
    format: int = FORMAT
