"""An ASRock X399 Taichi, as close as QEMU gets: two dies, its chipset with what is soldered to it, its slots."""

from __future__ import annotations

from tests.lab import smbios
from tests.lab.config_space import MARK, Rewrite
from tests.lab.topology import Topology

_ZEN_PORT = Rewrite("1b36:000c", "1022:1453")
# Every group of root ports on a Zen die is preceded by a host bridge that does nothing, as function 0.
_DUMMY = Rewrite("1234:11e8", "1022:1452", "1022:1452", "060000", 0)
_CHIPSET_PORT = Rewrite("104c:8233", "1022:43b4")


def _port(name: str, number: int, where: str, lanes: int, rest: str = "") -> str:
    return (
        f"pcie-root-port,id=hwdb-{name},chassis={number},slot={number},port={number},{where},"
        f"x-speed=8,x-width={lanes}{rest}"
    )


_DIE_0 = (
    "edu,id=hwdb-dummy1,bus=pcie.0,addr=01.0,multifunction=on",
    _port("chipset", 1, "bus=pcie.0,addr=01.1", 4),
    _port("m2_1", 2, "bus=pcie.0,addr=01.2", 4),
    "edu,id=hwdb-dummy2,bus=pcie.0,addr=03.0,multifunction=on",
    _port("pcie1", 3, "bus=pcie.0,addr=03.1", 16),
    _port("pcie2", 4, "bus=pcie.0,addr=03.2", 8),
)
# QEMU takes only bridges on an extra root bus, so the second die lacks the host bridges that do nothing.
_DIE_1 = (
    "pxb-pcie,id=die1,bus_nr=64,bus=pcie.0,addr=1c.0",
    _port("pcie4", 5, "bus=die1,addr=01.0", 16),
    _port("pcie5", 6, "bus=die1,addr=03.0", 8),
)
# One device of three functions, as on the real board: USB, SATA and the upstream port of a switch, all without ACS.
_CHIPSET = (
    "qemu-xhci,id=hwdb-usb,bus=hwdb-chipset,addr=0.0,multifunction=on",
    "ahci,id=hwdb-sata,bus=hwdb-chipset,addr=0.1",
    "x3130-upstream,id=hwdb-switch,bus=hwdb-chipset,addr=0.2",
    "xio3130-downstream,id=hwdb-down_lan,bus=hwdb-switch,chassis=11,slot=11,addr=0.0",
    "xio3130-downstream,id=hwdb-down_pcie3,bus=hwdb-switch,chassis=12,slot=12,addr=1.0",
    "xio3130-downstream,id=hwdb-down_usb,bus=hwdb-switch,chassis=13,slot=13,addr=4.0",
    "qemu-xhci,id=hwdb-usb31,bus=hwdb-down_usb",
)
_CARDS = (
    "nvme,id=hwdb-ssd,serial=PRIVATE-a,bus=hwdb-m2_1",
    "secondary-vga,id=hwdb-gpu,bus=hwdb-pcie1,addr=0.0,multifunction=on",
    "ich9-intel-hda,id=hwdb-sound,bus=hwdb-pcie1,addr=0.1",
    "nvme,id=hwdb-ssd2,serial=PRIVATE-b,bus=hwdb-pcie4",
)
_REWRITES = {
    **dict.fromkeys(("chipset", "m2_1", "pcie1", "pcie2", "pcie4", "pcie5"), _ZEN_PORT),
    **dict.fromkeys(("dummy1", "dummy2"), _DUMMY),
    **dict.fromkeys(("down_lan", "down_pcie3", "down_usb"), _CHIPSET_PORT),
    "usb": Rewrite("1b36:000d", "1022:43ba", "1b21:1142", "0c0330", 2),
    "sata": Rewrite("8086:2922", "1022:43b6", "1b21:1062", "010601", 2),
    "switch": Rewrite("104c:8232", "1022:43b1"),
    "usb31": Rewrite("1b36:000d", "1b21:1242", "1849:1242"),
    "ssd": Rewrite("1b36:0010", "144d:a804", "144d:a801"),
    "ssd2": Rewrite("1b36:0010", "144d:a804", "144d:a801"),
    "gpu": Rewrite("1234:1111", "10de:1b80", "1458:3702", "030000", 0xA1),
    "sound": Rewrite("8086:293e", "10de:10f0", "1458:3702", "040300", 0xA1),
}
# Of filled slots this firmware names the card, of empty ones the port.
_SLOTS = (
    smbios.slot(1, "PCIE1", smbios.pcie(3, 16), lanes=16, address="0000:07:00.0", filled=True),
    smbios.slot(2, "PCIE2", smbios.pcie(3, 16), lanes=8, address="0000:00:03.2"),
    smbios.slot(3, "PCIE3", smbios.pcie(2, 1), lanes=1, address="0000:02:01.0"),
    smbios.slot(4, "PCIE4", smbios.pcie(3, 16), lanes=16, address="0000:41:00.0", filled=True),
    smbios.slot(5, "PCIE5", smbios.pcie(3, 16), lanes=8, address="0000:40:03.0"),
    smbios.slot(6, "M2_1", smbios.M2_SOCKET_3, lanes=4, address="0000:06:00.0", filled=True),
    smbios.onboard(1, "Intel LAN", 5, "0000:03:00.0"),
)

X399_TAICHI = Topology(
    "x399-taichi",
    (*_DIE_0, *_DIE_1, *_CHIPSET, *_CARDS),
    iommu="amd",
    structures=_SLOTS,
    vendor="ASRock",
    board="X399 Taichi",
    bios=("P3.90", "12/04/2019"),
    processor="vendor=AuthenticAMD,family=23,model=1,stepping=1,model-id=AMD Ryzen Threadripper 1900X 8-Core Processor",
    rewrites={f"{MARK}{name}": change for name, change in _REWRITES.items()},
    # One report, as its owner would send it.
    senders=("root",),
    # QEMU's AMD-Vi takes a device behind a bridge for one on bus 0, so the network works untranslated only. Owners who
    # pass devices through use this parameter as well; it changes no group.
    parameters="iommu=pt",
    # The board's own network device is the chipset's.
    network="e1000e,id=lan,bus=hwdb-down_lan,romfile=,netdev=net",
    drivers=("e1000e",),
    together=(
        ("01:00.0", "01:00.1", "01:00.2", "02:00.0", "02:01.0", "02:04.0", "03:00.0", "05:00.0"),
        ("07:00.0", "07:00.1"),
    ),
    alone=("00:02.0",),
)
