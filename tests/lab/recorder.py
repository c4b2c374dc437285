"""Print, as JSON, the files a collector could read on this machine. Runs inside a guest, where it stands alone.

Serial numbers, UUIDs and asset tags are left out, and of the kernel's version all but the release.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

_FUNCTION = re.compile(r"[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]")
_ROOT_BUS = re.compile(r"pci[0-9a-f]{4,}:[0-9a-f]{2}")
_ATTRIBUTES = re.compile(
    r"vendor|device|class|subsystem_(?:vendor|device)|revision|config|reset_method|boot_vga|label|index|numa_node"
    r"|(?:current|max)_link_(?:speed|width)|sriov_\w+|(?:secondary|subordinate)_bus_number"
)
_LINKS = ("driver", "iommu_group", "iommu", "physfn", "firmware_node")
_PRIVATE = re.compile(r"_serial$|_uuid$|_asset_tag$")
_PLAIN = (
    "proc/cpuinfo",
    "proc/meminfo",
    "proc/cmdline",
    "proc/interrupts",
    "proc/sys/kernel/osrelease",
    "etc/os-release",
)
_BINARY = ("config", "raw", "DMI")


class Record:
    """What has been read so far, paths relative to ``/``."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.binary: dict[str, dict[str, Any]] = {}
        self.links: dict[str, str] = {}
        self.empty: list[str] = []

    def file(self, path: Path) -> None:
        """Note a file, unless it is not there or this user may not read it."""
        try:
            data = path.read_bytes()
        except OSError:
            return
        if path.name in _BINARY:
            # Configuration spaces end in long stretches of zeros.
            self.binary[_inside(path)] = {"size": len(data), "hex": data.rstrip(b"\0").hex()}
        else:
            self.files[_inside(path)] = data.decode("utf-8", "replace")

    def link(self, path: Path) -> None:
        """Note a symbolic link, unless there is none."""
        if path.is_symlink():
            self.links[_inside(path)] = str(path.readlink())


def record() -> dict[str, Any]:
    """Return files, binary files, links and telling empty folders of this machine."""
    seen = Record()
    for bus in filter(_is_root_bus, _found("sys/devices/*")):
        _root_bus(seen, bus)
    for pattern in ("sys/bus/pci/devices/*", "sys/kernel/iommu_groups/*/devices/*", "sys/class/iommu/*"):
        for link in _found(pattern):
            seen.link(link)
    for pattern in (
        "sys/bus/pci/slots/*/address",
        "sys/kernel/iommu_groups/*/[ntr]*",
        "sys/class/dmi/id/*",
        "sys/firmware/dmi/entries/4-*/raw",
        "sys/firmware/dmi/entries/9-*/raw",
        "sys/firmware/dmi/entries/41-*/raw",
        "sys/firmware/dmi/tables/DMI",
        *_PLAIN,
    ):
        for file in _found(pattern):
            seen.file(file)
    _names(seen)
    # With the IOMMU off these are there and empty, which is not the same as absent.
    for folder in _found("sys/kernel/iommu_groups") + _found("sys/class/iommu"):
        if not any(folder.iterdir()):
            seen.empty.append(_inside(folder))
    return {"files": seen.files, "binary": seen.binary, "links": seen.links, "empty": seen.empty}


def _found(pattern: str) -> list[Path]:
    return [path for path in sorted(Path("/").glob(pattern)) if not _PRIVATE.search(path.name)]


def _is_root_bus(path: Path) -> bool:
    return _ROOT_BUS.fullmatch(path.name) is not None


def _root_bus(seen: Record, bus: Path) -> None:
    seen.link(bus / "firmware_node")
    for name in ("path", "uid"):
        seen.file((bus / "firmware_node").resolve() / name)
    for folder, _, names in os.walk(bus):
        if _FUNCTION.fullmatch(Path(folder).name):
            for name in sorted(names):
                if _ATTRIBUTES.fullmatch(name):
                    seen.file(Path(folder) / name)
            for name in _LINKS:
                seen.link(Path(folder) / name)


def _names(seen: Record) -> None:
    """Note what only its name tells, and of the kernel's version the release."""
    seen.files["proc/version"] = " ".join(Path("/proc/version").read_text(encoding="utf-8").split()[:3]) + "\n"
    seen.files.update({_inside(table): "" for table in _found("sys/firmware/acpi/tables/*") if not table.is_dir()})


def _inside(path: Path) -> str:
    return path.relative_to("/").as_posix()


if __name__ == "__main__":
    json.dump(record(), sys.stdout)
