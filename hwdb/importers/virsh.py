"""Devices as libvirt describes them: the XML of ``virsh nodedev-dumpxml``, one or many ``<device>``. No I/O.

Each device of a group lists the *whole* group, so one device tells its companions' addresses. ``domain``, ``bus``,
``slot`` and ``function`` are decimal as elements and hexadecimal as attributes. Only what stands between ``<device>``
and ``</device>`` is parsed, and nothing that declares a document type: no entity is ever expanded.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

# A document type is refused before anything is parsed, so there are neither entities nor anything external.
from xml.etree import ElementTree as ET

from hwdb.errors import ParseError
from hwdb.importers.lspci_line import full_address
from hwdb.importers.untyped import WORD, text_of
from hwdb.report import Function, Iommu, Provenance, Report, RootBus

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPEN, _BREAK = "<device>", "\n"
_TAG = re.compile("</?device>")
_GROUP = re.compile(r"<iommuGroup\s{1,9}number\s{0,9}=|<capability\s{1,9}type\s{0,9}=\s{0,9}['\"]pci['\"]")
_DECLARED = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_NAME = re.compile(r"pci_([0-9a-f]{4,8})_([0-9a-f]{2})_([01][0-9a-f])_([0-7])")
_ROOT_BUS = re.compile(r"pci([0-9a-f]{4,8}:[0-9a-f]{2})")
_NUMBER = re.compile(r"(?:0x([0-9a-f]{1,8})|([0-9]{1,9}))", re.IGNORECASE)
_SPEED = re.compile(r"([0-9]{1,3})(?:\.([0-9]))?")
_QUOTES = re.compile(r"^[ \t]{0,9}(?:>[ \t]?){1,9}", re.MULTILINE)
_LARGEST_DEVICE = 256 * 1024
_LARGEST_NUMBER = 2**31 - 1
_MOST_PROBLEMS = 128
_PLACE = ("domain", "bus", "slot", "function")
_WIDTHS = (8, 2, 2, 1)


@dataclass
class _Listing:
    """What was read so far: functions by address, root buses, and what is wrong, in sentences."""

    functions: dict[str, Function] = field(default_factory=dict)
    described: set[str] = field(default_factory=set)
    root_buses: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def note(self, problem: str) -> None:
        """Add a problem, unless there are more than anybody reads."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)

    def member(self, address: str, group: int | None) -> Function:
        """Return a function, noted as a member of a group where one is given."""
        known = self.functions.get(address) or Function(address=address)
        if group is not None and known.iommu_group not in {None, group}:
            self.note(f"{address} stands in groups {known.iommu_group} and {group}; the first one counts.")
        elif group is not None:
            known = replace(known, iommu_group=group)
        self.functions[address] = known
        return known


def sniff(text: str) -> bool:
    """Whether libvirt's description of a PCI device stands here."""
    plain = _unescaped(text)
    return _OPEN in plain and _GROUP.search(plain) is not None


def parse(text: str) -> Report:
    """Return what the descriptions say of their machine.

    Raises:
        ParseError: No PCI device is described, or the XML declares a document type.
    """
    plain = _unescaped(text)
    declared = _DECLARED.search(plain)
    if declared is not None:
        line = plain.count("\n", 0, declared.start()) + 1
        raise ParseError("this XML declares a document type, which virsh never does; it is not read", line)
    listing = _Listing()
    for line, block in _blocks(plain, listing):
        _read(listing, line, block)
    if not listing.functions:
        raise ParseError(
            "no PCI device is described here; virsh nodedev-dumpxml prints <device> with "
            "<capability type='pci'> and <iommuGroup number='...'> in it"
        )
    grouped = any(function.iommu_group is not None for function in listing.functions.values())
    others = len(listing.functions) - len(listing.described)
    if others:
        listing.problems.append(f"Members of groups that are not described themselves, and so have no ids: {others}.")
    return Report(
        functions=tuple(listing.functions.values()),
        iommu=Iommu(state="on" if grouped else None),
        root_buses=tuple(RootBus(bus) for bus in sorted(listing.root_buses)[:256]) or None,
        provenance=Provenance(source="virsh", problems=tuple(listing.problems[:_MOST_PROBLEMS]) or None),
    )


def _unescaped(text: str) -> str:
    """Return the text as XML, where a page or a mail changed it."""
    if _OPEN not in text and "&lt;device&gt;" in text:
        text = html.unescape(text)
    return _QUOTES.sub("", text) if text.lstrip()[:1] == ">" else text


def _blocks(text: str, listing: _Listing) -> Iterator[tuple[int, str]]:
    """Yield every ``<device>`` with its line; what is cut off is noted."""
    start, line, counted = -1, 1, 0
    for tag in _TAG.finditer(text):
        opens = tag[0] == _OPEN
        if start >= 0:
            line += text.count("\n", counted, start)
            counted = start
            if opens:
                listing.note(f"Line {line} begins a device that does not end; it was passed over.")
            else:
                yield line, text[start : tag.end()]
        start = tag.start() if opens else -1
    if start >= 0:
        listing.note(f"Line {line + text.count(_BREAK, counted, start)} begins a device that was cut off.")


def _read(listing: _Listing, line: int, block: str) -> None:
    if len(block) > _LARGEST_DEVICE:
        listing.note(f"Line {line} begins a device of {len(block):,} characters; it was passed over.")
        return
    try:
        device = ET.fromstring(block)  # noqa: S314 (see the import)
    except ET.ParseError as error:
        listing.note(f"Line {line + error.position[0] - 1} is no XML; the device that holds it was passed over.")
        return
    pci = device.find("capability[@type='pci']")
    if pci is None:
        return
    group = _members(listing, pci)
    address = _own_address(device, pci)
    if address is None:
        listing.note(f"Line {line} begins a PCI device without an address.")
        return
    if address in listing.described:
        listing.note(f"Line {line} describes {address} again; the first description counts.")
        return
    listing.described.add(address)
    listing.functions[address] = _described(listing.member(address, group), device, pci)
    listing.root_buses.update(match[1] for part in _path(device) if (match := _ROOT_BUS.fullmatch(part)))


def _members(listing: _Listing, pci: ET.Element) -> int | None:
    """Note all members of a device's group, and return its number."""
    element = pci.find("iommuGroup")
    group = None if element is None else _within(_number(element.get("number")), _LARGEST_NUMBER)
    if element is not None and group is not None:
        for one in element.findall("address"):
            address = _address([one.get(part) for part in _PLACE])
            if address is not None:
                listing.member(address, group)
    return group


def _own_address(device: ET.Element, pci: ET.Element) -> str | None:
    named = _NAME.fullmatch((device.findtext("name") or "").strip())
    stated = _address([pci.findtext(part) for part in _PLACE])
    if stated is None and named is not None:
        return full_address(f"{named[1]}:{named[2]}:{named[3]}.{named[4]}")
    return stated


def _address(parts: list[str | None]) -> str | None:
    numbers = [_number(part) for part in parts]
    if any(number is None for number in numbers):
        return None
    domain, bus, slot, function = (f"{number or 0:0{width}x}" for number, width in zip(numbers, _WIDTHS, strict=True))
    return full_address(f"{domain}:{bus}:{slot}.{function}")


def _number(said: str | None) -> int | None:
    match = _NUMBER.fullmatch((said or "").strip())
    if match is None:
        return None
    return int(match[1], 16) if match[1] else int(match[2])


def _path(device: ET.Element) -> list[str]:
    return (device.findtext("path") or "").strip()[:1000].split("/")


def _described(known: Function, device: ET.Element, pci: ET.Element) -> Function:
    """Return a function with what its own description says."""
    code = _hex(pci.findtext("class"), 6)
    vendor, product = pci.find("vendor"), pci.find("product")
    names = [text_of(part.text) for part in (vendor, product) if part is not None]
    parent = _NAME.fullmatch((device.findtext("parent") or "").strip())
    numa, physical = pci.find("numa"), pci.find("capability[@type='phys_function']/address")
    virtual = pci.find("capability[@type='virt_functions']")
    return replace(
        known,
        class_=None if code is None else code[:4],
        prog_if=None if code is None else code[4:],
        vendor=None if vendor is None else _hex(vendor.get("id"), 4),
        device=None if product is None else _hex(product.get("id"), 4),
        name=text_of(" ".join(name for name in names if name)),
        header_type=1 if pci.find("capability[@type='pci-bridge']") is not None else None,
        parent=None if parent is None else full_address(f"{parent[1]}:{parent[2]}:{parent[3]}.{parent[4]}"),
        driver=text_of(device.findtext("driver/name"), WORD),
        numa_node=None if numa is None else _within(_number(numa.get("node")), _LARGEST_NUMBER),
        physical_function=None if physical is None else _address([physical.get(part) for part in _PLACE]),
        sriov_total_vfs=None if virtual is None else _within(_number(virtual.get("maxCount")), 0xFFFF),
        **_links(pci),
    )


def _links(pci: ET.Element) -> dict[str, Any]:
    """Return what the link can do and does."""
    facts: dict[str, Any] = {}
    for validity, key in (("cap", "_max"), ("sta", "")):
        link = pci.find(f"pci-express/link[@validity='{validity}']")
        if link is not None:
            speed = _SPEED.fullmatch((link.get("speed") or "").strip())
            facts[f"link_width{key}"] = _within(_number(link.get("width")), 0xFF)
            facts[f"link_speed{key}"] = None if speed is None else int(speed[1]) * 1000 + int(speed[2] or 0) * 100
            if validity == "cap":
                facts["link_port_number"] = _within(_number(link.get("port")), 0xFF)
    return facts


def _within(number: int | None, high: int) -> int | None:
    return number if number is not None and number <= high else None


def _hex(said: str | None, digits: int) -> str | None:
    number = _number(said)
    return None if number is None or number >= 16**digits else f"{number:0{digits}x}"
