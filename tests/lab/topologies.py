"""The topologies the lab boots, each for one rule of how the kernel forms groups.

The groups named are those of Debian's kernels 6.1, 6.12 and 7.2. Bus numbers are the firmware's, depth first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab import smbios
from tests.lab.board import X399_TAICHI
from tests.lab.topology import Topology

if TYPE_CHECKING:
    from collections.abc import Iterable

CHIPSET = ("00:1f.0", "00:1f.2", "00:1f.3")
"""One group in every guest: the functions of QEMU's ICH9, which have no ACS."""

_ENDPOINTS = ("e1000e", "nvme,serial=PRIVATE-a", "qemu-xhci", "secondary-vga", "virtio-rng-pci", "edu")


def ports(count: int, extra: str = "") -> tuple[str, ...]:
    """Return root ports with device numbers of their own, from 10h on."""
    return tuple(_port(n, f"{0xF + n:x}.0,bus=pcie.0{extra}") for n in range(1, count + 1))


def functions(count: int, *, without_acs: Iterable[int] = ()) -> tuple[str, ...]:
    """Return root ports that are functions of one device, 1c.0 and on."""
    without = set(without_acs)
    return tuple(
        _port(n, f"1c.{n - 1}{',multifunction=on' if n == 1 else ''}{',disable-acs=on' if n in without else ''}")
        for n in range(1, count + 1)
    )


def behind(*numbers: int) -> tuple[str, ...]:
    """Return an endpoint for each of these ports, each of another kind."""
    return tuple(f"{kind},bus=port{n}" for n, kind in zip(numbers, _ENDPOINTS, strict=False))


def _port(number: int, rest: str) -> str:
    return f"pcie-root-port,id=port{number},chassis={number},slot={number},port={number},addr={rest}"


def _switch(downstream: int) -> tuple[str, ...]:
    """Return a switch behind port 1; QEMU's downstream ports have no ACS."""
    return (
        "x3130-upstream,id=up,bus=port1",
        *(
            f"xio3130-downstream,id=down{n},bus=up,chassis=1{n},slot=1{n},addr={n - 1}.0"
            for n in range(1, downstream + 1)
        ),
    )


_EXTRA_BUSES = (
    "pxb-pcie,id=pxb1,bus_nr=64,bus=pcie.0,addr=8.0",
    "pxb-pcie,id=pxb2,bus_nr=128,bus=pcie.0,addr=9.0",
    "pcie-root-port,id=q1,bus=pxb1,chassis=21,slot=21,addr=0.0",
    "pcie-root-port,id=q2,bus=pxb1,chassis=22,slot=22,addr=1.0",
    "pcie-root-port,id=q3,bus=pxb2,chassis=23,slot=23,addr=0.0,disable-acs=on",
    *ports(1),
    "virtio-rng-pci,bus=port1",
    "e1000e,bus=q1",
    "nvme,serial=PRIVATE-a,bus=q2",
    "qemu-xhci,bus=q3",
)
_BYPASSED = tuple(device.replace("bus_nr=64", "bus_nr=64,bypass_iommu=on") for device in _EXTRA_BUSES)
_MULTIFUNCTION_ENDPOINTS = (
    *ports(3),
    "e1000e,bus=port1,addr=0.0,multifunction=on",
    "e1000e,bus=port1,addr=0.1",
    "secondary-vga,bus=port2,addr=0.0,multifunction=on",
    "ich9-intel-hda,bus=port2,addr=0.1",
    "qemu-xhci,bus=port2,addr=0.2",
    "nvme,serial=PRIVATE-a,bus=port3,addr=0.0,multifunction=on",
    "nvme,serial=PRIVATE-b,bus=port3,addr=0.1",
)
_CONVENTIONAL = (
    *ports(1),
    "pcie-pci-bridge,id=bridge1,bus=port1",
    "e1000,bus=bridge1,addr=1.0",
    "rtl8139,bus=bridge1,addr=2.0",
    "pci-ohci,bus=bridge1,addr=3.0",
    "pcie-pci-bridge,id=bridge2,bus=pcie.0,addr=8.0",
    "tpci200,bus=bridge2,addr=1.0",
)
_CHIPSET_BRIDGE = (
    "i82801b11-bridge,id=dmi,addr=1d.0",
    "pci-bridge,id=bridge,bus=dmi,chassis_nr=5,addr=1.0",
    "rtl8139,bus=bridge,addr=2.0",
    "e1000,bus=dmi,addr=3.0",
)
_INTEGRATED = (
    "e1000e,addr=3.0",
    "nvme,serial=PRIVATE-a,addr=4.0",
    "qemu-xhci,addr=5.0",
    "virtio-rng-pci,addr=6.0",
    "secondary-vga,addr=2.0",
    "ich9-intel-hda,addr=1b.0",
    "ich9-usb-ehci1,id=usb,addr=1d.7,multifunction=on",
    "ich9-usb-uhci1,masterbus=usb.0,firstport=0,addr=1d.0,multifunction=on",
    "ich9-usb-uhci2,masterbus=usb.0,firstport=2,addr=1d.1,multifunction=on",
)
_SLOTS = (
    smbios.slot(1, "PCIEX16", smbios.pcie(3, 16), lanes=16, address="0000:00:10.0", filled=True),
    smbios.slot(2, "PCIEX1_1", smbios.pcie(2, 1), lanes=1, address="0000:00:11.0"),
    smbios.slot(3, "PCIEX4", smbios.pcie(1, 4), lanes=4, address="0000:00:12.0"),
    smbios.slot(4, "M2A", smbios.M2_SOCKET_3, lanes=4, address="0000:00:13.0"),
    smbios.slot(5, "PCIEX1_2", smbios.pcie(4, None), lanes=1),
    smbios.onboard(1, "Onboard LAN", 5, "0000:00:1e.0"),
)
# A hundred functions, for how long reading them takes: twelve cards of eight.
_MANY = tuple(
    f"virtio-rng-pci,bus=port{n},addr=0.{function}{',multifunction=on' if function == 0 else ''}"
    for n in range(1, 13)
    for function in range(8)
)
# Both functions of the card go to vfio-pci, as for a guest that gets the card.
_TO_VFIO = """
load vfio_pci
for function in 0000:01:00.0 0000:01:00.1; do
    echo vfio-pci > /sys/bus/pci/devices/$function/driver_override
    echo $function > /sys/bus/pci/drivers_probe
done"""

_ALL = (
    Topology("root-ports", (*ports(6), *behind(*range(1, 7))), collects=True),
    Topology("root-ports-amd", (*ports(6), *behind(*range(1, 7))), iommu="amd", alone=("00:01.0",)),
    Topology("port-functions", (*functions(4), *behind(1, 2, 3, 4))),
    Topology(
        "switch",
        (*ports(1), *_switch(3), "e1000e,bus=down1", "nvme,serial=PRIVATE-a,bus=down2"),
        together=(("02:00.0", "03:00.0"), ("02:01.0", "04:00.0")),
    ),
    Topology(
        "conventional", _CONVENTIONAL, together=(("00:08.0", "01:01.0"), ("02:00.0", "03:01.0", "03:02.0", "03:03.0"))
    ),
    Topology("conventional-on-root", _CHIPSET_BRIDGE, together=(("00:1d.0", "01:01.0", "01:03.0", "02:02.0"),)),
    Topology(
        "multifunction",
        _MULTIFUNCTION_ENDPOINTS,
        together=(("01:00.0", "01:00.1"), ("02:00.0", "02:00.1", "02:00.2"), ("03:00.0", "03:00.1")),
    ),
    Topology(
        "no-acs",
        (*ports(3, ",disable-acs=on"), *behind(1, 2)),
        together=(("00:10.0", "01:00.0"), ("00:11.0", "02:00.0")),
    ),
    Topology(
        "no-acs-functions",
        (*functions(4, without_acs=(1, 2, 3, 4)), *behind(1, 2, 3)),
        together=(("00:1c.0", "00:1c.1", "00:1c.2", "00:1c.3", "01:00.0", "02:00.0", "03:00.0"),),
    ),
    Topology(
        "no-acs-switch",
        (*ports(1, ",disable-acs=on"), *_switch(2), "e1000e,bus=down1", "edu,bus=down2"),
        together=(("00:10.0", "01:00.0", "02:00.0", "02:01.0", "03:00.0", "04:00.0"),),
    ),
    Topology(
        "mixed-acs",
        (*functions(4, without_acs=(2, 3)), *behind(1, 2, 3, 4)),
        together=(("00:1c.1", "00:1c.2", "02:00.0", "03:00.0"),),
    ),
    Topology("integrated", _INTEGRATED, together=(("00:1d.0", "00:1d.1", "00:1d.7"),)),
    Topology("empty-slots", (*ports(5), "e1000e,bus=port1"), structures=_SLOTS),
    Topology("acpi-slots", (*ports(5), "e1000e,bus=port1"), native_hotplug=False),
    Topology("extra-buses", _EXTRA_BUSES, together=(("80:00.0", "81:00.0"),)),
    Topology("extra-buses-amd", _EXTRA_BUSES, iommu="amd", together=(("80:00.0", "81:00.0"),), alone=("00:01.0",)),
    Topology(
        "bypassed-bus",
        _BYPASSED,
        together=(("80:00.0", "81:00.0"),),
        alone=("40:00.0", "40:01.0", "41:00.0", "42:00.0"),
    ),
    Topology("intel-iommu-off", (*ports(4), *behind(1, 2, 3, 4)), parameters="intel_iommu=off"),
    Topology("amd-iommu-off", (*ports(4), *behind(1, 2, 3, 4)), iommu="amd", parameters="amd_iommu=off"),
    Topology("no-iommu", (*ports(4), *behind(1, 2, 3, 4)), iommu=None),
    Topology(
        "redirection-off",
        (*functions(4), *behind(1, 2, 3, 4)),
        parameters="pci=disable_acs_redir=00:1c.1",
        together=(("00:1c.1", "02:00.0"),),
    ),
    Topology(
        "vfio",
        _MULTIFUNCTION_ENDPOINTS,
        setup=_TO_VFIO,
        together=(("01:00.0", "01:00.1"), ("02:00.0", "02:00.1", "02:00.2"), ("03:00.0", "03:00.1")),
    ),
    Topology(
        "many-functions",
        (*ports(12), *_MANY),
        together=tuple(tuple(f"{n:02x}:00.{function}" for function in range(8)) for n in range(1, 13)),
    ),
    Topology("undisguised", (*ports(2), *behind(1, 2)), disguised=False, senders=("root",)),
    X399_TAICHI,
)
TOPOLOGIES = {topology.name: topology for topology in _ALL}
WITHOUT_GROUPS = ("intel-iommu-off", "amd-iommu-off", "no-iommu")
