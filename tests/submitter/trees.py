"""A machine made by hand, as a file tree: small, and full of what must never be read.

Its secrets stand where real machines have them: beside the files that are read, and inside some of them.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = {
    "product_serial": "PLANTED-PRODUCT-SERIAL",
    "board_serial": "PLANTED-BOARD-SERIAL",
    "chassis_serial": "PLANTED-CHASSIS-SERIAL",
    "product_uuid": "PLANTED-UUID-0001",
    "board_asset_tag": "PLANTED-BOARD-ASSET",
    "chassis_asset_tag": "PLANTED-CHASSIS-ASSET",
    "host": "plantedhost",
    "user": "planteduser",
    "mac": "02:de:ad:{}:{}:01".format("00", "00"),
    "root": "PLANTED-ROOT-UUID",
    "password": "planted-password",
    "disk": "PLANTED-DISK-SERIAL",
    "edid": "PLANTED-MONITOR",
    "memory": "PLANTED-MEMORY-SERIAL",
    "oem": "PLANTED-OEM-STRING",
    "cpu": "PLANTED-CPU-SERIAL",
    "dsn": "PLANTED-DSN",
}


def config(vendor: int, device: int, code: int, *, header: int = 0, buses: tuple[int, int] = (0, 0)) -> bytearray:
    """Return 4096 bytes of config space without capabilities."""
    space = bytearray(4096)
    struct.pack_into("<HH", space, 0, vendor, device)
    space[9:12] = code.to_bytes(3, "little")
    space[0x0E] = header
    if header & 0x7F == 1:
        space[0x19], space[0x1A] = buses
    return space


def with_pcie(space: bytearray, port_type: int, *, slot: int | None = None, flr: bool = False) -> bytearray:
    """Add a PCI Express capability at 40h: gen 3, x16 of which x8 are used."""
    space[0x06] |= 0x10
    space[0x34] = 0x40
    flags = 2 | port_type << 4 | (0x100 if slot is not None else 0)
    struct.pack_into("<BBHI", space, 0x40, 0x10, 0, flags, 1 << 28 if flr else 0)
    struct.pack_into("<I", space, 0x4C, 3 | 16 << 4 | 7 << 24)
    struct.pack_into("<H", space, 0x52, 3 | 8 << 4)
    struct.pack_into("<I", space, 0x54, (slot or 0) << 19)
    return space


def with_extended(space: bytearray, *capabilities: tuple[int, bytes]) -> bytearray:
    """Add extended capabilities, 40h bytes apart."""
    for index, (number, body) in enumerate(capabilities):
        at = 0x100 + 0x40 * index
        following = 0 if index == len(capabilities) - 1 else at + 0x40
        struct.pack_into("<I", space, at, number | 1 << 16 | following << 20)
        space[at + 4 : at + 4 + len(body)] = body
    return space


def structure(kind: int, handle: int, body: bytes, *strings: str) -> bytes:
    """Return one SMBIOS structure."""
    said = b"\0".join(text.encode() for text in strings) + b"\0\0" if strings else b"\0\0"
    return struct.pack("<BBH", kind, 4 + len(body), handle) + body + said


def slot(handle: int, name: str, code: int, width: int, usage: int, at: tuple[int, int, int]) -> bytes:
    """Return a type 9 structure of SMBIOS 2.6; ``at`` is segment, bus and device.function byte."""
    body = struct.pack("<BBBBBHBBHBB", 1, code, width, usage, 4, handle, 4, 1, *at)
    return structure(9, handle, body, name)


def table() -> bytes:
    """Return an SMBIOS table with secrets in the types that are not wanted."""
    upgrade = bytearray(0x30 - 4)
    upgrade[0x18 - 4], upgrade[0x19 - 4] = 0x41, 0x36
    upgrade[0x20 - 4] = 1
    return b"".join(
        [
            structure(1, 1, bytes([1, 2, 3, 4]) + bytes(19), "Maker", "Machine", "v1", SECRETS["product_serial"]),
            structure(2, 2, bytes([1, 2, 3, 4, 5]), "Maker", "Board", "v1", SECRETS["board_serial"], SECRETS["host"]),
            structure(4, 4, bytes(upgrade), SECRETS["cpu"]),
            slot(9, "PCIE1", 0xB6, 0x0D, 4, (0, 0, 0x01 << 3)),
            slot(10, "PCIE2", 0xB2, 0x08, 3, (0, 0, 0x1F << 3 | 7)),
            structure(11, 11, bytes([1]), SECRETS["oem"]),
            structure(17, 17, bytes(0x14) + bytes([1]), SECRETS["memory"]),
            structure(41, 41, struct.pack("<BBBHBB", 1, 0x83, 1, 0, 0, 0x14 << 3), "Onboard USB"),
            structure(127, 127, b""),
        ]
    )


_AMD = 0x1022
_FUNCTIONS: dict[str, tuple[str, bytes, int | None, str | None]] = {
    "0000:00:00.0": ("", bytes(config(_AMD, 0x1480, 0x060000)), 0, None),
    "0000:00:01.0": (
        "",
        bytes(
            with_extended(
                with_pcie(config(_AMD, 0x1483, 0x060400, header=0x81, buses=(1, 1)), 4, slot=3),
                (0x0001, b""),
                (0x000D, struct.pack("<HH", 0x5F, 0x1D)),
            )
        ),
        1,
        "pcieport",
    ),
    "0000:00:14.0": ("", bytes(with_pcie(config(_AMD, 0x149C, 0x0C0330), 9)), 2, "xhci_hcd"),
    "0000:01:00.0": (
        "0000:00:01.0/",
        bytes(
            with_extended(
                with_pcie(config(0x10DE, 0x1B80, 0x030000, header=0x80), 1, flr=True), (0x0003, b"PLANTED-DSN")
            )
        ),
        3,
        "vfio-pci",
    ),
    "0000:01:00.1": ("0000:00:01.0/", bytes(with_pcie(config(0x10DE, 0x10F0, 0x040300, header=0x80), 0)), 3, None),
}


def plant(root: Path) -> Path:
    """Lay the machine out below a folder and return the folder."""
    for address, (above, space, group, driver) in _FUNCTIONS.items():
        _function(root, address, above, space, group, driver)
    _write(root, "sys/devices/pci0000:00/firmware_node/path", r"\_SB_.PCI0")
    _write(root, "sys/devices/pci0000:00/firmware_node/uid", "1")
    dmi = {"board_vendor": "ASRock", "board_name": "X399 Taichi", "bios_version": "P3.90", "bios_date": "12/04/2019"}
    for name, text in {**dmi, "sys_vendor": "To Be Filled By O.E.M.", "chassis_type": "3"}.items():
        _write(root, f"sys/class/dmi/id/{name}", text)
    for name in (
        "product_serial",
        "board_serial",
        "chassis_serial",
        "product_uuid",
        "board_asset_tag",
        "chassis_asset_tag",
    ):
        _write(root, f"sys/class/dmi/id/{name}", SECRETS[name])
    _write(root, "sys/firmware/dmi/tables/DMI", table())
    _write(root, "sys/bus/pci/slots/3/address", "0000:01:00")
    _write(root, "sys/class/iommu/ivhd0/devices", "")
    _kernel(root)
    _hide(root)
    return root


def _function(root: Path, address: str, above: str, space: bytes, group: int | None, driver: str | None) -> None:
    folder = f"sys/devices/pci0000:00/{above}{address}"
    _write(root, f"{folder}/config", space)
    for name, at, size in (("vendor", 0, 2), ("device", 2, 2), ("class", 9, 3), ("revision", 8, 1)):
        _write(root, f"{folder}/{name}", f"0x{int.from_bytes(space[at : at + size], 'little'):0{2 * size}x}")
    _write(root, f"{folder}/numa_node", "-1")
    if space[0x06]:
        for name, text in (("max_link_width", "16"), ("current_link_width", "8"), ("max_link_speed", "8.0 GT/s PCIe")):
            _write(root, f"{folder}/{name}", text)
    if driver is not None:
        _link(root, f"{folder}/driver", f"../../../../bus/pci/drivers/{driver}")
        _write(root, f"{folder}/reset_method", "flr bus")
    _link(root, f"sys/bus/pci/devices/{address}", f"../../../{folder.removeprefix('sys/')}")
    if group is not None:
        _link(root, f"{folder}/iommu_group", f"../../../../kernel/iommu_groups/{group}")
        _link(root, f"sys/kernel/iommu_groups/{group}/devices/{address}", f"../../../../{folder.removeprefix('sys/')}")
        _write(root, f"sys/kernel/iommu_groups/{group}/type", "DMA-FQ")
        _write(root, f"sys/kernel/iommu_groups/{group}/reserved_regions", "0x00000000fee00000 0x00000000feefffff msi")


def _kernel(root: Path) -> None:
    line = f"BOOT_IMAGE=/vmlinuz root=UUID={SECRETS['root']} amd_iommu=on iommu=pt hostname={SECRETS['host']}"
    _write(root, "proc/cmdline", f'{line} dyndbg="intel_iommu=on {SECRETS["password"]}" vfio-pci.ids=10de:1b80')
    _write(root, "proc/sys/kernel/osrelease", "6.1.0-56-amd64")
    _write(root, "proc/sys/kernel/hostname", SECRETS["host"])
    _write(root, "proc/version", "Linux version 6.1.0-56-amd64")
    _write(root, "etc/hostname", SECRETS["host"])
    _write(root, "etc/passwd", f"{SECRETS['user']}:x:1000:1000::/nowhere:/bin/sh")
    _write(root, "etc/os-release", 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"')
    _write(root, "proc/meminfo", "MemTotal:       16384000 kB\nMemFree: 1 kB")
    cpu = "model name : AMD Ryzen Threadripper 1900X\nphysical id : 0\nflags : fpu vme\nmicrocode : 0x8001137"
    _write(root, "proc/cpuinfo", f"processor : 0\n{cpu}\n\nprocessor : 1\n{cpu}\n\nSerial : {SECRETS['cpu']}\n")
    _write(root, "proc/interrupts", f" 40: 1 IR-PCI-MSI-0000:01:00.0 0-edge {SECRETS['user']}")
    _write(root, "dev/kmsg", f"eth0: {SECRETS['mac']}\nusb 1-1: SerialNumber: {SECRETS['disk']}\n")


def _hide(root: Path) -> None:
    """Plant what no reader has any business with."""
    card = "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0"
    _write(root, f"{card}/net/eth0/address", SECRETS["mac"])
    _write(root, f"{card}/drm/card0/card0-HDMI-A-1/edid", SECRETS["edid"])
    _write(root, f"{card}/nvme/nvme0/serial", SECRETS["disk"])
    _write(root, f"{card}/vpd", SECRETS["dsn"])


def _write(root: Path, path: str, whole: str | bytes) -> None:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(whole if isinstance(whole, bytes) else f"{whole}\n".encode())


def _link(root: Path, path: str, target: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).symlink_to(target)
