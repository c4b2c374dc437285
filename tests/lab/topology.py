"""What a guest is made of, as QEMU's options."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.lab import smbios

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lab.config_space import Rewrite

_IOMMUS = {"intel": "intel-iommu,intremap=on", "amd": "amd-iommu"}
NETWORK = "virtio-net-pci,bus=pcie.0,addr=1e.0,romfile=,netdev=net"
"""The network device of a guest that brings none of its own."""


@dataclass(frozen=True)
class Topology:
    """One machine to boot.

    Attributes:
        name: What it is called here; the name of its board too, unless it has one.
        devices: ``-device`` options, in the order they are plugged in.
        together: Groups of more than one function that the kernel is known to form, without the chipset's.
        alone: Functions in no group.
        iommu: ``intel``, ``amd`` or None.
        parameters: Added to the kernel's command line.
        native_hotplug: Whether slots are pciehp's, named by the port's slot number, instead of ACPI's.
        structures: SMBIOS structures beyond those that every guest has.
        vendor, board: SMBIOS type 2.
        bios: Version and date of SMBIOS type 0.
        processor: ``-cpu`` properties.
        disguised: Whether nothing tells that it is a virtual machine.
        rewrites: Vendor ids to write, by ``id=``.
        setup: Shell commands run before anything is listed.
        senders: Who sends a report of it, each in turn.
        collects: Whether the client is also run in the ways that send nothing.
        network: Its network device.
        drivers: The modules that drive it.
    """

    name: str
    devices: tuple[str, ...]
    together: tuple[tuple[str, ...], ...] = ()
    alone: tuple[str, ...] = ()
    iommu: str | None = "intel"
    parameters: str = ""
    native_hotplug: bool = True
    structures: tuple[bytes, ...] = ()
    vendor: str = "Laboratory"
    board: str | None = None
    bios: tuple[str, str] = ("1.00", "05/31/2024")
    processor: str = "model-id=Emulated Processor"
    disguised: bool = True
    rewrites: Mapping[str, Rewrite] = field(default_factory=dict)
    setup: str = ":"
    senders: tuple[str, ...] = ("root", "owner")
    collects: bool = False
    network: str = NETWORK
    drivers: tuple[str, ...] = ("virtio_pci", "virtio_net")

    def firmware(self) -> tuple[bytes, ...]:
        """Return the SMBIOS structures that QEMU gets as files."""
        if not self.disguised:
            return self.structures
        general = (smbios.bios("American Megatrends Inc.", *self.bios), smbios.chassis(self.vendor, 3))
        return (*general, *self.structures)

    def options(self) -> list[str]:
        """Return QEMU's options for the hardware, without the network and the SMBIOS files."""
        board = self.board or self.name
        machine = "q35,kernel-irqchip=split"
        made_by = f"manufacturer={self.vendor},product={board},version=1.0,serial={smbios.PRIVATE}-board"
        options = ["-cpu", f"max,{self.processor}"]
        if self.disguised:
            machine += ",x-oem-id=ALASKA,x-oem-table-id=A M I"
            options = ["-cpu", f"max,-hypervisor,{self.processor}", "-smbios", f"type=1,{made_by}"]
        options += ["-machine", machine, "-smbios", f"type=2,{made_by},asset={smbios.PRIVATE}-tag"]
        for kind in (4, 17):
            options += ["-smbios", f"type={kind},serial={smbios.PRIVATE}-{kind},asset={smbios.PRIVATE}-tag"]
        if self.native_hotplug:
            options += ["-global", "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off"]
        devices = self.devices
        if self.iommu == "intel":
            devices = (_IOMMUS["intel"], *devices)
        elif self.iommu == "amd":
            # It brings a PCI function of its own, which takes the first free place: after all that have theirs.
            devices = (*devices, _IOMMUS["amd"])
        return [*options, *(word for device in devices for word in ("-device", device))]
