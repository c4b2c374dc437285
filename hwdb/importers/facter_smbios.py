"""The SMBIOS part of a facter report: board, firmware, processors, memory, slots. No I/O.

Facter decodes slot types and widths with a table older than PCIe ("Other"), so only the numbers are read, and it does
not write the slots' addresses. On Dell servers the firmware's label of a root port names the slot behind it instead.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hwdb.importers.untyped import WORD, table_of, tables_of, text_of, whole_of
from hwdb.report import Bios, Board, Chassis, Cpu, Memory, Slot, System
from hwdb.smbios import USAGES, WIDTHS, connector_lanes_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwdb.report import Function

MOST_SLOTS = 256
_MOST_PACKAGES = 64
_LARGEST_MEMORY = 2**53
_SIZE = re.compile(r"0x([0-9a-fA-F]{1,14})")
# 7FFFh in megabytes means "see another field", which old versions of hwinfo did not; FFFFh means unknown.
_NO_SIZES = (0x7FFF << 10, 0x7FFF)
# Dell's labels agreed with the addresses of its table in 31 of 31 cases; other makers' labels name the wrong device.
_DELL_LABEL = re.compile(r"(?:SLOT|MEZZ|PCIe SSD in Slot) [0-9]{1,3}(?: Bay [0-9]{1,3})?", re.IGNORECASE)


def _first(said: dict[str, Any], part: str) -> dict[str, Any]:
    """Return a part that some releases write as an object and some as a list."""
    return next(iter(tables_of(said.get(part))), {})


def _code(table: dict[str, Any], key: str, high: int = 0xFF) -> int | None:
    return whole_of(table_of(table.get(key)).get("value"), high=high)


def board_of(said: dict[str, Any]) -> Board:
    """Return the board."""
    board = _first(said, "board")
    return Board(text_of(board.get("manufacturer")), text_of(board.get("product")), text_of(board.get("version")))


def system_of(said: dict[str, Any]) -> System:
    """Return the computer as sold."""
    system = _first(said, "system")
    return System(text_of(system.get("manufacturer")), text_of(system.get("product")), text_of(system.get("version")))


def chassis_of(said: dict[str, Any]) -> Chassis:
    """Return the case; bit 7 of its type byte says that it has a lock."""
    code = _code(_first(said, "chassis"), "chassis_type")
    return Chassis(None if code is None else code & 0x7F)


def bios_of(said: dict[str, Any]) -> Bios:
    """Return the firmware."""
    bios = _first(said, "bios")
    return Bios(text_of(bios.get("vendor")), text_of(bios.get("version")), text_of(bios.get("date"), WORD))


def cpus_of(said: dict[str, Any], listed: Sequence[dict[str, Any]]) -> tuple[Cpu, ...] | None:
    """Return the processor packages.

    Args:
        said: The SMBIOS part.
        listed: The entries of ``hardware.cpu``, one for each package.
    """
    sockets = [one for one in tables_of(said.get("processor")) if one.get("socket_populated") is not False]
    matched: Iterable[dict[str, Any]] = sockets if len(sockets) == len(listed) else ({} for _ in listed)
    return tuple(_cpu(cpu, socket) for cpu, socket in zip(listed, matched, strict=True))[:_MOST_PACKAGES] or None


def _cpu(cpu: dict[str, Any], socket: dict[str, Any]) -> Cpu:
    vendor = text_of(cpu.get("vendor_name"))
    # The numbers of ARM processors are those of another scheme.
    numbers = cpu if (text_of(cpu.get("architecture")) or "").startswith(("x86", "i386", "ia32")) else {}
    return Cpu(
        name=text_of(cpu.get("model_name")) or text_of(socket.get("version")),
        vendor=None if vendor is None or vendor.startswith("unknown") else vendor,
        family=whole_of(numbers.get("family"), high=0xFFFF),
        model=whole_of(numbers.get("model"), high=0xFFFF),
        stepping=whole_of(numbers.get("stepping"), high=0xFFFF),
        upgrade=_code(socket, "socket_type"),
        cores=whole_of(cpu.get("cores"), 1, 0xFFFF),
        threads=whole_of(cpu.get("siblings"), 1, 0xFFFF),
    )


def memory_of(said: dict[str, Any], listed: Sequence[dict[str, Any]]) -> Memory:
    """Return the installed memory, else what the kernel manages of it.

    Args:
        said: The SMBIOS part.
        listed: The entries of ``hardware.memory``.
    """
    sizes = [_size(module.get("size")) for module in tables_of(said.get("memory_device"))]
    if sizes and all(size is not None and size not in _NO_SIZES for size in sizes):
        return Memory(whole_of(sum(size or 0 for size in sizes) * 1024, 1, _LARGEST_MEMORY))
    ranges = (
        whole_of(_size(resource.get("range")), 1, _LARGEST_MEMORY)
        for memory in listed
        for resource in tables_of(memory.get("resources"))
        if resource.get("type") == "phys_mem"
    )
    return Memory(next((size for size in ranges if size is not None), None))


def _size(said: Any) -> int | None:
    """Return a size, which newer releases write in hex."""
    match = _SIZE.fullmatch(said) if isinstance(said, str) else None
    return int(match[1], 16) if match else whole_of(said, high=_LARGEST_MEMORY)


def slots_of(said: dict[str, Any]) -> tuple[Slot, ...]:
    """Return one statement for each type 9 structure."""
    return tuple(_slot(slot) for slot in tables_of(said.get("slot")))


def _slot(slot: dict[str, Any]) -> Slot:
    code = _code(slot, "slot_type")
    return Slot(
        designation=text_of(slot.get("designation")),
        witness="smbios",
        kind=kind_of(code),
        smbios_type=code,
        connector_lanes=connector_lanes_of(code),
        electrical_lanes=WIDTHS.get(_code(slot, "bus_width") or 0),
        usage=USAGES.get(_code(slot, "usage") or 0),
        id=whole_of(slot.get("id"), high=0xFFFF),
    )


def labelled_slots(vendor: str | None, functions: Iterable[Function], slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """Return the slots that trustworthy labels of the firmware name, in the spelling of the slot table.

    Args:
        vendor: The board's maker.
        functions: The functions with their labels.
        slots: The statements of type 9, which call ``SLOT 2`` ``PCIe Slot 2``.
    """
    if vendor is None or not vendor.lower().startswith("dell"):
        return ()
    spelled = {_spelling(slot.designation): slot for slot in slots if slot.designation is not None}
    found: dict[tuple[str, str], Slot] = {}
    for function in functions:
        label = function.label if function.label and _DELL_LABEL.fullmatch(function.label) else None
        if label is None:
            continue
        known = spelled.get(_spelling(label))
        found.setdefault(
            # A card's functions carry the label of one slot.
            (label, function.address.rpartition(".")[0]),
            Slot(
                designation=known.designation if known else label,
                witness="firmware_label",
                kind=known.kind if known else None,
                address=function.address,
                note=f"The firmware labels this function {label}.",
            ),
        )
    return tuple(found.values())


def _spelling(name: str) -> tuple[str, ...]:
    """Return what ``SLOT 2`` and ``PCIe Slot 2``, ``MEZZ 1`` and ``Mezzanine 1`` have in common."""
    words = name[:80].lower().replace("mezzanine", "mezz").split()
    kept = [word for word in words if word not in {"in", "pcie"}]
    return tuple(kept)
