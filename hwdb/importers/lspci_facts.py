"""What the lines below one device line of ``lspci -v`` and ``-vv`` say of the function. No I/O.

Line by line after pciutils' ``lspci.c`` and ``ls-caps.c``; bits after PCI Express 6.0, chapter 7. What lspci prints
only with root, or only in its longer form, is unknown where it is not printed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hwdb.importers.lspci_config import facts_in
from hwdb.report import Acs

if TYPE_CHECKING:
    from hwdb.importers.lspci_records import Record

# The longer names first: a legacy endpoint is also an endpoint.
_PORT_TYPES = (
    ("Root Complex Integrated Endpoint", "rc_integrated_endpoint"),
    ("Root Complex Event Collector", "rc_event_collector"),
    ("Legacy Endpoint", "legacy_endpoint"),
    ("Endpoint", "endpoint"),
    ("Root Port", "root_port"),
    ("Upstream Port", "upstream_port"),
    ("Downstream Port", "downstream_port"),
    ("PCI-Express to PCI", "pcie_to_pci_bridge"),
    ("PCI/PCI-X to PCI-Express", "pci_to_pcie_bridge"),
)
# Bits of the ACS capability and control registers in their order (section 7.7.11).
_ACS_BITS = ("SrcValid", "TransBlk", "ReqRedir", "CmpltRedir", "UpstreamFwd", "EgressCtrl", "DirectTrans")
_IDS = re.compile(r"(?:^|\[)([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?:\]|$)")
_NAMELESS = re.compile(r"\bDevice ([0-9a-f]{4})\Z")
_CAPABILITY = re.compile(r"\[([0-9a-f]{2,3})(?: v[0-9a-f]{1,2})?\] ?(.*)", re.DOTALL)
_EXPRESS = re.compile(r"Express (?:\(v[0-9]\) )?")
_ACS_NAMES, _AER_NAMES = ("Access Control Services", "#0d"), ("Advanced Error Reporting", "#01")
_GROUP = re.compile(r"IOMMU group ([0-9]{1,6})(?![0-9])")
_NODE = re.compile(r"NUMA node (-?[0-9]{1,5})(?![0-9])")
_BUSES = re.compile(r"primary=[0-9a-f]{2}, secondary=([0-9a-f]{2}), subordinate=([0-9a-f]{2})(?![0-9a-f])")
_SLOT_NUMBER = re.compile(r"Slot #\s?([0-9]{1,4})(?![0-9])")
_PORT = re.compile(r"Port #([0-9]{1,3})(?![0-9])")
_SPEED = re.compile(r"Speed ([0-9]{1,3}(?:\.[0-9])?)GT/s")
_WIDTH = re.compile(r"Width x([0-9]{1,2})(?![0-9])")
_VFS = (
    ("sriov_total_vfs", re.compile(r"Total VFs: ([0-9]{1,5})(?![0-9])")),
    ("sriov_num_vfs", re.compile(r"Number of VFs: ([0-9]{1,5})(?![0-9])")),
)
_FLAG = re.compile(r"([A-Za-z]{2,20})([+-])(?![+-])")
_BRIDGES = {"0604": 1, "0607": 2, "0609": 1}
_LABEL_LENGTH, _DRIVER_LENGTH = 200, 64


class Capabilities:
    """The capabilities a record lists.

    Attributes:
        denied: Whether lspci was not allowed to read them.
        whole: Whether all of the 256 bytes of every function's space were read and shown.
        extended: Whether one of the extended space is among them.
        acs, aer: Whether they are listed.
        express: What the line of PCI Express says; None without it.
        subsystem: What the line of a bridge's subsystem says; None without it.
    """

    def __init__(self, record: Record, *, cut: bool) -> None:
        self.denied = self.extended = self.acs = self.aer = False
        self.express: str | None = None
        self.subsystem: str | None = None
        # Both verbosities print one of these; listings by hand, and those of drivers only, have neither.
        self.whole = not record.elided and not cut and any(label in {"Control", "Flags"} for label, _ in record.entries)
        for label, text in record.entries:
            if label == "Capabilities":
                self._read(text)

    def _read(self, text: str) -> None:
        known = _CAPABILITY.match(text)
        if known is None:
            # "<access denied>", which web pages take for a tag.
            self.denied, self.whole = True, False
            return
        name = known[2]
        if name.startswith("<chain"):
            self.whole = False
        elif int(known[1], 16) >= 0x100:
            self.extended = True
            self.acs = self.acs or name.startswith(_ACS_NAMES)
            self.aer = self.aer or name.startswith(_AER_NAMES)
        elif _EXPRESS.match(name):
            self.express = " ".join(_EXPRESS.sub("", name, count=1).split())
        elif name.startswith("Subsystem:"):
            self.subsystem = " ".join(name.removeprefix("Subsystem:").split())


def facts_of(record: Record, capabilities: Capabilities, *, extended_readable: bool) -> dict[str, Any]:
    """Return the facts of the lines below a device line, by the names of a function's attributes.

    Args:
        record: The function's lines.
        capabilities: What it lists of capabilities.
        extended_readable: Whether the listing shows extended capabilities at all; some systems cannot read them.
    """
    if not record.entries and not record.config:
        return {}
    said: dict[str, Any] = {
        **_group_and_node(record),
        **_subsystem(record.first("Subsystem") or capabilities.subsystem),
        **_words(record),
        **_buses(record, record.first("Bus")),
        **_express(capabilities.express),
        **_links(record),
        **_resets(record),
        **_virtual_functions(record.first("Initial VFs")),
        **_extended(record, capabilities, readable=extended_readable),
    }
    known = {key: fact for key, fact in said.items() if fact is not None}
    dumped = facts_in(bytes(record.config))
    if capabilities.whole and capabilities.express is None and "port_type" not in dumped:
        known["port_type"] = "conventional"
    return {**dumped, **known}


def _group_and_node(record: Record) -> dict[str, int | None]:
    flags = " ".join(" ".join(text.split()) for label, text in record.entries if label == "Flags")
    stated, node = record.first("IOMMU group") or "", record.first("NUMA node") or ""
    group = _GROUP.search(flags) or _GROUP.match(f"IOMMU group {stated}")
    numa = _NODE.search(flags) or _NODE.match(f"NUMA node {node}")
    return {"iommu_group": int(group[1]) if group else None, "numa_node": max(-1, int(numa[1])) if numa else None}


def _subsystem(text: str | None) -> dict[str, str | None]:
    found = None
    for found in _IDS.finditer(text or ""):  # noqa: B007 (names hold brackets, so the last one is what counts)
        pass
    if found is not None:
        return {"subsystem_vendor": found[1].lower(), "subsystem_device": found[2].lower()}
    return {"subsystem_device": nameless(text)}


def nameless(name: str | None) -> str | None:
    """Return the id of a device that no list of ids knows, which lspci prints for a name even without ``-nn``."""
    found = _NAMELESS.search(name or "")
    return found[1] if found else None


def _words(record: Record) -> dict[str, str | None]:
    driver, label = (
        next((text.split("\n", 1)[0].strip() for known, text in record.entries if known == one), "")
        for one in ("Kernel driver in use", "DeviceName")
    )
    return {"driver": driver[:_DRIVER_LENGTH] or None, "label": label[:_LABEL_LENGTH].rstrip() or None}


def _buses(record: Record, text: str | None) -> dict[str, int | None]:
    class_ = record.function.class_ or ""
    buses = _BUSES.search(text or "")
    if buses is not None:
        behind = {"secondary_bus": int(buses[1], 16), "subordinate_bus": int(buses[2], 16)}
        # Without a known class it may be a bridge to PCI or to CardBus.
        return {**behind, "header_type": _BRIDGES.get(class_, 1 if class_ else None)}
    ordinary = class_ and class_ not in _BRIDGES and not record.elided
    shown = any(label in {"Control", "Flags"} for label, _ in record.entries)
    return {"header_type": 0 if ordinary and shown else None}


def _express(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    kind = next((kind for words, kind in _PORT_TYPES if text.startswith(words)), None)
    slotted = kind in {"root_port", "downstream_port"} and text.find("(Slot")
    implemented = {"+": True, "-": False}.get(text[slotted + 5 : slotted + 6]) if slotted and slotted > 0 else None
    return {"port_type": kind, "slot_implemented": implemented}


def _links(record: Record) -> dict[str, int | None]:
    able, trained = record.first("LnkCap") or "", record.first("LnkSta") or ""
    number = _SLOT_NUMBER.search(record.first("SltCap") or "")
    port = _PORT.search(able)
    return {
        "physical_slot_number": int(number[1]) if number and int(number[1]) <= 8191 else None,
        "link_port_number": int(port[1]) if port and int(port[1]) <= 255 else None,
        "link_width_max": _lanes(able),
        "link_width": _lanes(trained),
        "link_speed_max": _speed(able),
        "link_speed": _speed(trained),
    }


def _lanes(text: str) -> int | None:
    found = _WIDTH.search(text)
    return int(found[1]) if found else None


def _speed(text: str) -> int | None:
    found = _SPEED.search(text)
    return round(float(found[1]) * 1000) if found else None


def _flags(text: str | None) -> dict[str, bool]:
    return {name: sign == "+" for name, sign in _FLAG.findall(text or "")}


def _resets(record: Record) -> dict[str, bool | None]:
    # "DevCtl" repeats the word as a control bit, and is no line that is kept.
    said = [_flags(record.first("DevCap")).get("FLReset"), _flags(record.first("AFCap")).get("FLR")]
    known = [one for one in said if one is not None]
    return {"flr": any(known) if known else None}


def _virtual_functions(text: str | None) -> dict[str, int | None]:
    found = {key: pattern.search(text or "") for key, pattern in _VFS}
    return {key: int(match[1]) if match and int(match[1]) <= 65535 else None for key, match in found.items()}


def _extended(record: Record, capabilities: Capabilities, *, readable: bool) -> dict[str, Any]:
    # A function without PCI Express has no extended space (section 7.9.1).
    absent = capabilities.whole and (capabilities.express is None or readable)
    missing = Acs(present=False) if absent else None
    return {
        "acs": _acs(record) if capabilities.acs else missing,
        "aer": True if capabilities.aer else False if absent else None,
    }


def _acs(record: Record) -> Acs:
    return Acs(True, _register(record.first("ACSCap")), _register(record.first("ACSCtl")))


def _register(text: str | None) -> int | None:
    said = _flags(text)
    if any(name not in said for name in _ACS_BITS):
        return None
    return sum(1 << bit for bit, name in enumerate(_ACS_BITS) if said[name])
