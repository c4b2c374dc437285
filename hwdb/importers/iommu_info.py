"""What the script of iommu.info uploads, and leaves behind as ``/tmp/iommudb_*``: JSON, or a Python dict as printed.

No I/O. A group is ``{"iommugroup": "1", "devices": [...]}``, a device the keys of ``lspci -nnvmm`` in lower case, with
``dev_class`` for the class. A printed dict becomes JSON by its quotes and three words alone: nothing is evaluated.
"""

from __future__ import annotations

import json
import re
from typing import Any

from hwdb.errors import ParseError
from hwdb.importers.json_text import decode_begun, place_of
from hwdb.importers.lspci_line import full_address
from hwdb.importers.untyped import WORD, table_of, tables_of, text_of
from hwdb.report import Bios, Board, Chassis, Function, Iommu, Provenance, Report, System

_START = re.compile(r"""\{\s{0,99}["'](?:board|bios|chassis|product|groups)["']\s{0,99}:\s{0,99}[{\[]""")
_MARKS = ("iommugroup", "devices", "slot")
# pprint breaks a long string into several, one after the other, which are one string to Python. A string without an
# end goes to the end of its line, or every quotation mark in it would be looked at as the beginning of another.
_PIECE = r"""'(?:[^'\\\n]++|\\.)*+(?:'|(?=\n)|\\?\Z)|"(?:[^"\\\n]++|\\.)*+(?:"|(?=\n)|\\?\Z)"""
_PIECES = re.compile(_PIECE)
_TOKEN = re.compile(rf"(?P<string>(?:{_PIECE})(?:\s*+(?:{_PIECE}))*+)|\b(?P<word>None|True|False)\b")
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))", re.DOTALL)
_WORDS = {"None": "null", "True": "true", "False": "false"}
_PLAIN = {"n": "\n", "t": "\t", "r": "\r"}
_ID = re.compile(r"\s*+\[([0-9a-fA-F]{4})\]\s*\Z")
_BYTE = re.compile(r"[0-9a-fA-F]{2}")
_GROUP = re.compile(r"[0-9]{1,7}")
# What the script puts where a machine does not say.
_PLACEHOLDERS = ("__unknown__", "_none_")
_LARGEST_PRINTED = 4 * 1024 * 1024
_MOST_PROBLEMS, _ENTRY_DEPTH = 128, 4


def sniff(text: str) -> bool:
    """Whether a payload of iommu.info begins here, behind prose at most."""
    return place_of(text, _START, _MARKS) is not None


def parse(text: str) -> Report:
    """Return what a payload says of its machine.

    Raises:
        ParseError: It is neither JSON nor a printed dict of this form.
    """
    document, cut = _document(text)
    problems: list[str] = [cut] if cut else []
    functions = _functions(document, problems)
    if not functions:
        raise ParseError("no device with a slot stands in the groups here, as iommu.info's script writes them")
    board, bios, product = (table_of(document.get(part)) for part in ("board", "bios", "product"))
    chassis = _said(table_of(document.get("chassis")).get("type")) or ""
    grouped = any(function.iommu_group is not None for function in functions)
    return Report(
        functions=functions,
        board=Board(_vendor(board.get("board_vendor")), _said(board.get("name")), _said(board.get("version"))),
        system=System(name=_said(product.get("name")), family=_said(product.get("family"))),
        chassis=Chassis(int(chassis) & 0x7F if re.fullmatch("[0-9]{1,3}", chassis) and int(chassis) < 256 else None),
        bios=Bios(
            vendor=_vendor(bios.get("bios_vendor")),
            version=_said(bios.get("version")),
            date=_said(bios.get("date"), WORD),
            release=_said(bios.get("release"), WORD),
        ),
        iommu=Iommu(state="on" if grouped else None),
        provenance=Provenance(source="iommu-info", problems=tuple(problems) or None),
    )


def _document(text: str) -> tuple[dict[str, Any], str | None]:
    """Return the payload, and a sentence when its end is missing."""
    place = place_of(text, _START, ())
    if place is None:
        raise ParseError('this is no payload of iommu.info: it begins with {"board": ... and has "groups"')
    text, start = place
    begun = _START.match(text, start)
    if begun is not None and "'" not in begun[0]:
        data, cut = decode_begun(text, start, _ENTRY_DEPTH)
        return table_of(data), cut
    # The places of two texts differ: what is wrong with the dict is told by the line, which stays.
    printed = text[start:]
    if len(printed) > _LARGEST_PRINTED:
        raise ParseError(f"this printed dict has {len(printed):,} characters; at most {_LARGEST_PRINTED:,} are read")
    before = "\n" * text.count("\n", 0, start)
    data, cut = decode_begun(before + _TOKEN.sub(_as_json, printed), len(before), _ENTRY_DEPTH)
    return table_of(data), cut


def _as_json(token: re.Match[str]) -> str:
    """Return a token of a printed dict as JSON writes it; line breaks between pieces stay, to count lines by."""
    if token["word"] is not None:
        return _WORDS[token["word"]]
    pieces = "".join(_ESCAPE.sub(_character, piece[0][1:-1]) for piece in _PIECES.finditer(token["string"]))
    return json.dumps(pieces) + "\n" * token["string"].count("\n")


def _character(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2] or escape[3]
    if digits is None:
        return _PLAIN.get(escape[4], escape[4])
    return chr(int(digits, 16)) if int(digits, 16) < 0x110000 else "\ufffd"


def _said(value: Any, longest: int = 200) -> str | None:
    text = text_of(value, longest)
    return None if text in _PLACEHOLDERS else text


def _vendor(value: Any) -> str | None:
    """Return a vendor's name; the script looks it up and leaves an empty object where the site knows none."""
    return _said(table_of(value).get("name"))


def _functions(document: dict[str, Any], problems: list[str]) -> tuple[Function, ...]:
    found: dict[str, Function] = {}
    for number, group in enumerate(tables_of(document.get("groups")), start=1):
        stated = group.get("iommugroup")
        words = _GROUP.fullmatch(str(stated)) if isinstance(stated, (str, int)) else None
        for device in tables_of(group.get("devices")):
            address = full_address(text_of(device.get("slot"), WORD) or "")
            if address is None or address in found:
                why = "without an address" if address is None else f"at {address}, which another one has"
                problems.append(f"Entry {number} of groups holds a device {why}; it was passed over.")
            else:
                found[address] = _function(address, None if words is None else int(words[0]), device)
    del problems[_MOST_PROBLEMS:]
    return tuple(found.values())


def _function(address: str, group: int | None, device: dict[str, Any]) -> Function:
    vendor, vendor_id = _named(device.get("vendor"))
    name, device_id = _named(device.get("device"))
    subsystem_device = _named(device.get("sdevice"))[1]
    return Function(
        address=address,
        iommu_group=group,
        class_=_named(device.get("dev_class"))[1],
        prog_if=_byte(device.get("progif")),
        vendor=vendor_id,
        device=device_id,
        subsystem_vendor=_named(device.get("svendor"))[1],
        subsystem_device=subsystem_device,
        # lspci leaves zeros out, and says nothing else of a function without a device.
        revision=_byte(device.get("rev")) or ("00" if device_id else None),
        # What lspci calls a device that its list does not know.
        name=text_of(" ".join(part for part in (vendor, name) if part and part != "Device")),
        driver=text_of(device.get("driver"), WORD),
    )


def _named(value: Any) -> tuple[str | None, str | None]:
    """Return name and id of ``Renoir PCIe GPP Bridge [1633]``, or of an object with ``name`` and ``vendorid``."""
    if isinstance(value, dict):
        digits = text_of(value.get("vendorid"), WORD)
        return text_of(value.get("name")), digits.lower() if digits and re.fullmatch("[0-9a-fA-F]{4}", digits) else None
    text = text_of(value)
    match = _ID.search(text[-8:]) if text else None
    if text is None or match is None:
        return text, None
    return text[: text.rindex("[")].rstrip() or None, match[1].lower()


def _byte(value: Any) -> str | None:
    match = _BYTE.fullmatch(value) if isinstance(value, str) else None
    return match[0].lower() if match else None
