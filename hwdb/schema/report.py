"""The marshmallow schemas: one for each dataclass of ``hwdb.report``, each making that dataclass.

The names, their order and their meaning are those of the dataclasses; what stands here is only which values are
taken. Ranges are the widths of the registers and tables the facts come from.
"""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validates_schema

from hwdb import report as shapes
from hwdb.report import FORMAT
from hwdb.schema.fields import (
    MISSING,
    NAME,
    NOTE,
    PATH,
    SENTENCE,
    Address,
    Bus,
    Flag,
    Hex,
    Many,
    Moment,
    Parameter,
    PortPath,
    Text,
    Whole,
    Word,
)

BYTE, REGISTER = 0xFF, 0xFFFF


class Part(Schema):
    """What all objects of a report have in common; ``shape`` is the dataclass an object becomes."""

    shape: ClassVar[type[Any]]

    class Meta(Schema.Meta):
        """Unknown fields come from newer clients: they are dropped here, and listed by ``hwdb.schema.loading``."""

        unknown = EXCLUDE

    error_messages: ClassVar[dict[str, str]] = {"type": "It must be an object, in curly brackets."}  # type: ignore[misc]  # a class variable in marshmallow too

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        """Return the dataclass; null and absent are both left to its defaults."""
        return self.shape(**{name: fact for name, fact in data.items() if fact is not None})


def one(schema: type[Part], *, optional: bool = True) -> fields.Nested:
    """Return a field that holds one object; one that is left out or null is the empty dataclass or None."""
    return fields.Nested(schema, allow_none=optional, error_messages=MISSING)


def many(schema: type[Part], maximum: int, *, required: bool = False) -> Many:
    """Return a field that holds a list of objects."""
    return Many(one(schema, optional=False), maximum, required=required)


class BoardSchema(Part):
    """Decode a ``Board``."""

    shape = shapes.Board
    vendor = Text(NAME)
    name = Text(NAME)
    version = Text(NAME)


class SystemSchema(Part):
    """Decode a ``System``."""

    shape = shapes.System
    vendor = Text(NAME)
    name = Text(NAME)
    version = Text(NAME)
    family = Text(NAME)
    sku = Text(NAME)


class ChassisSchema(Part):
    """Decode a ``Chassis``."""

    shape = shapes.Chassis
    type = Whole(0, BYTE)


class BiosSchema(Part):
    """Decode a ``Bios``."""

    shape = shapes.Bios
    vendor = Text(NAME)
    version = Text(NAME)
    date = Text()
    release = Text()


class CpuSchema(Part):
    """Decode a ``Cpu``."""

    shape = shapes.Cpu
    name = Text(NAME)
    vendor = Text(NAME)
    family = Whole(0, REGISTER)
    model = Whole(0, REGISTER)
    stepping = Whole(0, REGISTER)
    microcode = Text()
    upgrade = Whole(0, BYTE)
    cores = Whole(0, REGISTER)
    threads = Whole(0, REGISTER)


class MemorySchema(Part):
    """Decode a ``Memory``."""

    shape = shapes.Memory
    # Past 32 bits, and as far as every JSON reader counts exactly.
    bytes = Whole(0, 2**53)


class KernelSchema(Part):
    """Decode a ``Kernel``."""

    shape = shapes.Kernel
    release = Text(NAME)
    distribution = Text(NAME)
    parameters = Many(Parameter(), 64)
    acs_override = Flag()


class IommuGroupSchema(Part):
    """Decode an ``IommuGroup``."""

    shape = shapes.IommuGroup
    number = Whole(required=True)
    type = Text()
    name = Text()
    reserved_region_types = Many(Text(), 16)


class IommuSchema(Part):
    """Decode an ``Iommu``."""

    shape = shapes.Iommu
    state = Word("on", "off")
    kind = Text()
    units = Many(Text(), 256)
    interrupt_remapping = Flag()
    groups = many(IommuGroupSchema, 4096)


class VirtualizationSchema(Part):
    """Decode a ``Virtualization``."""

    shape = shapes.Virtualization
    hypervisor = Text()
    container = Text()
    stack = Many(Text(), 16)
    qemu = Text()
    libvirt = Text()


class RootBusSchema(Part):
    """Decode a ``RootBus``."""

    shape = shapes.RootBus
    bus = Bus()
    acpi_path = Text(PATH)
    acpi_uid = Text()


class AcsSchema(Part):
    """Decode an ``Acs``."""

    shape = shapes.Acs
    present = Flag()
    capability = Whole(0, REGISTER)
    control = Whole(0, REGISTER)


class FunctionSchema(Part):
    """Decode a ``Function``."""

    shape = shapes.Function
    address = Address(required=True)
    iommu_group = Whole()
    class_ = Hex(4, key="class")
    prog_if = Hex(2)
    vendor = Hex(4)
    device = Hex(4)
    subsystem_vendor = Hex(4)
    subsystem_device = Hex(4)
    revision = Hex(2)
    name = Text(NAME)
    header_type = Whole(0, 0x7F)
    multifunction = Flag()
    parent = Address()
    secondary_bus = Whole(0, BYTE)
    subordinate_bus = Whole(0, BYTE)
    driver = Text(blank=True)
    iommu_unit = Text()
    port_type = Word(
        "endpoint",
        "legacy_endpoint",
        "root_port",
        "upstream_port",
        "downstream_port",
        "pcie_to_pci_bridge",
        "pci_to_pcie_bridge",
        "rc_integrated_endpoint",
        "rc_event_collector",
        "conventional",
    )
    slot_implemented = Flag()
    physical_slot_number = Whole(0, 0x1FFF)
    link_port_number = Whole(0, BYTE)
    # A sleeping device reads as all ones, so widths beyond 32 lanes are seen and are no reason to refuse.
    link_width_max = Whole(0, BYTE)
    link_width = Whole(0, BYTE)
    link_speed_max = Whole(0, 1_000_000)
    link_speed = Whole(0, 1_000_000)
    acs = one(AcsSchema)
    aer = Flag()
    flr = Flag()
    reset_methods = Many(Text(), 16)
    sriov_total_vfs = Whole(0, REGISTER)
    sriov_num_vfs = Whole(0, REGISTER)
    physical_function = Address()
    boot_vga = Flag()
    numa_node = Whole(-1)
    label = Text(NAME)


class SlotPeerSchema(Part):
    """Decode a ``SlotPeer``."""

    shape = shapes.SlotPeer
    address = Address(required=True)
    lanes = Whole(0, BYTE)


class SlotSchema(Part):
    """Decode a ``Slot``."""

    shape = shapes.Slot
    designation = Text(NAME)
    witness = Word("smbios", "pci_slots", "firmware_label", "topology", "submitter", "curated")
    kind = Word("pcie", "m2", "u2", "pci", "mini")
    smbios_type = Whole(0, BYTE)
    connector_lanes = Whole(0, BYTE)
    electrical_lanes = Whole(0, BYTE)
    usage = Word("available", "in_use", "unavailable", "other")
    occupied = Flag()
    occupant = Address()
    address = Address()
    port = PortPath()
    id = Whole()
    iommu_group = Whole()
    isolates = Flag()
    slot_width = Whole(0, BYTE)
    slot_pitch = Whole(0, REGISTER)
    peers = many(SlotPeerSchema, 32)
    note = Text(NOTE, lines=True)


class SettingSchema(Part):
    """Decode a ``Setting``."""

    shape = shapes.Setting
    name = Text(NAME)
    value = Text(NAME)
    note = Text(NOTE, lines=True)


class OutcomeSchema(Part):
    """Decode an ``Outcome``; its function need not be listed among the functions."""

    shape = shapes.Outcome
    function = Address()
    device = Text(NAME)
    role = Word(
        "host_gpu",
        "guest_gpu",
        "host_usb",
        "guest_usb",
        "host_disk",
        "guest_disk",
        "host_nic",
        "guest_nic",
        "other",
    )
    guest = Text(NAME)
    result = Word("works", "workaround", "fails")
    note = Text(NOTE, lines=True)


class ProvenanceSchema(Part):
    """Decode a ``Provenance``."""

    shape = shapes.Provenance
    collector = Text(NAME)
    source = Text()
    reference = Text(SENTENCE)
    collected = Moment()
    licence = Text()
    problems = Many(Text(SENTENCE), 128)


class ReportSchema(Part):
    """Decode a ``Report``."""

    shape = shapes.Report
    functions = many(FunctionSchema, 4096, required=True)
    board = one(BoardSchema)
    system = one(SystemSchema)
    chassis = one(ChassisSchema)
    bios = one(BiosSchema)
    cpus = many(CpuSchema, 64)
    memory = one(MemorySchema)
    kernel = one(KernelSchema)
    iommu = one(IommuSchema)
    virtualization = one(VirtualizationSchema)
    root_buses = many(RootBusSchema, 256)
    slots = many(SlotSchema, 256)
    settings = many(SettingSchema, 128)
    outcomes = many(OutcomeSchema, 256)
    provenance = one(ProvenanceSchema)
    format = Whole(1, FORMAT, required=True)

    @validates_schema(skip_on_field_errors=True)
    def addresses_are_unique(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a report that lists one function twice: nobody could tell which of the two is right."""
        first: dict[str, int] = {}
        problems: dict[int, Any] = {}
        for index, function in enumerate(data["functions"]):
            earlier = first.setdefault(function.address, index)
            if earlier != index:
                reason = f"It is {function.address}, as functions[{earlier}] already is; list every function once."
                problems[index] = {"address": [reason]}
        if problems:
            raise ValidationError({"functions": problems})
