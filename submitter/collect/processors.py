"""Processors from ``/proc/cpuinfo`` and SMBIOS type 4, and the size of memory from ``/proc/meminfo``."""

from __future__ import annotations

import re

from submitter.collect.smbios import PROCESSOR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hwdb.smbios import Structure
    from submitter.collect.tree import Tree

# Some boards (Raspberry Pi) list their serial number there: only these fields are looked at.
_TEXTS = {"model name": ("name", 200), "vendor_id": ("vendor", 200), "microcode": ("microcode", 64)}
_NUMBERS = {
    "cpu family": "family",
    "model": "model",
    "stepping": "stepping",
    "cpu cores": "cores",
    "siblings": "threads",
}
_LARGEST = 1 << 24
_POPULATED = 0x40
_DECIMAL, _KIB = re.compile(r"[0-9]{1,4}\Z"), re.compile(r"[0-9]{1,12}\Z")


def read_cpus(tree: Tree, structures: Iterable[Structure]) -> list[dict[str, Any]] | None:
    """Return one entry for each processor package, None when the kernel lists none.

    The socket (``upgrade``) is SMBIOS type 4, offset 19h, of the populated sockets in their order.
    """
    packages = _packages((tree.read("proc/cpuinfo", _LARGEST) or b"").decode("utf-8", "replace"))
    sockets = [one for one in structures if one.type == PROCESSOR and (one.byte(0x18) or 0) & _POPULATED]
    if len(sockets) == len(packages):
        for number, package in enumerate(packages):
            upgrade = sockets[number].byte(0x19)
            if upgrade is not None:
                package["upgrade"] = upgrade
    return packages or None


def _packages(cpuinfo: str) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for block in cpuinfo.split("\n\n"):
        fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in block.splitlines())}
        if fields.get("processor", "").isdigit() and fields.get("physical id", "0") not in found:
            found[fields.get("physical id", "0")] = _package(fields)
    return list(found.values())


def _package(fields: dict[str, str]) -> dict[str, Any]:
    package: dict[str, Any] = {
        key: fields[name][:longest] for name, (key, longest) in _TEXTS.items() if fields.get(name)
    }
    numbers = {key: fields.get(name, "") for name, key in _NUMBERS.items()}
    package.update((key, int(text)) for key, text in numbers.items() if _DECIMAL.match(text))
    return package


def read_memory(tree: Tree) -> dict[str, int]:
    """Return the memory the kernel manages, in bytes."""
    for line in (tree.read("proc/meminfo") or b"").decode("ascii", "replace").splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == "MemTotal:" and _KIB.match(words[1]):
            return {"bytes": int(words[1]) * 1024}
    return {}


def flags(tree: Tree) -> frozenset[str] | None:
    """Return the first processor's feature flags, None where the kernel lists none, as on ARM."""
    for line in (tree.read("proc/cpuinfo", _LARGEST) or b"").decode("utf-8", "replace").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "flags":
            return frozenset(value.split())
    return None
