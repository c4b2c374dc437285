"""What only a person knows, said by flags or in a notes file: slots of cards, firmware settings, outcomes.

A notes file has up to three sections, each line a statement:

    [slots]
    PCIE4 = 0a:00.0
    [settings]
    ACS Enable = Enabled
    [outcomes]
    0a:00.0 = workaround, Windows 11, needs vendor-reset
"""

from __future__ import annotations

import configparser
import re

from submitter.errors import NotDone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

RESULTS = ("works", "workaround", "fails")
_SECTIONS = ("slots", "settings", "outcomes")
_ADDRESS = re.compile(r"(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}:[01][0-9a-f]\.[0-7])\Z")
_NAME, _NOTE = 200, 2000
# What handing a device to a guest makes of it, by class.
_ROLES = {"03": "guest_gpu", "0c03": "guest_usb", "01": "guest_disk", "02": "guest_nic"}


class Notes:
    """Statements to be added to a document, in the order they were made.

    Attributes:
        slots: (designation, address of the card in it).
        settings: (name, value).
        outcomes: (address, result, guest, note); the last two may be None.
    """

    def __init__(self) -> None:
        self.slots: list[tuple[str, str]] = []
        self.settings: list[tuple[str, str]] = []
        self.outcomes: list[tuple[str, str, str | None, str | None]] = []

    def __bool__(self) -> bool:
        return bool(self.slots or self.settings or self.outcomes)

    def add_slot(self, text: str) -> None:
        """Add ``PCIE4=0a:00.0``.

        Raises:
            NotDone: It is no such statement.
        """
        name, address = _halves(text, "a slot", "PCIE4=0a:00.0")
        self.slots.append((name, full_address(address)))

    def add_setting(self, text: str) -> None:
        """Add ``ACS Enable=Enabled``.

        Raises:
            NotDone: It is no such statement.
        """
        self.settings.append(_halves(text, "a setting", "ACS Enable=Enabled"))

    def add_outcome(self, text: str) -> None:
        """Add ``0a:00.0=works, Windows 11, what it took``; guest and note may be left out.

        Raises:
            NotDone: It is no such statement.
        """
        address, said = _halves(text, "an outcome", "0a:00.0=works, Windows 11", _NOTE)
        result, guest, note = [*(part.strip() or None for part in said.split(",", 2)), None, None][:3]
        if result is None or result.casefold() not in RESULTS:
            raise NotDone(f"{result!r} is no outcome; say one of {', '.join(RESULTS)}, as in 0a:00.0=works, Windows 11")
        self.outcomes.append((full_address(address), result.casefold(), guest, note))

    def add_file(self, path: str) -> None:
        """Add what a notes file says.

        Raises:
            NotDone: The file cannot be read or understood; the sentence names it.
        """
        parser = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
        parser.optionxform = str  # type: ignore[assignment,method-assign]  # as configparser documents it
        try:
            with open(path, encoding="utf-8") as opened:
                parser.read_file(opened, path)
        except (OSError, UnicodeDecodeError, configparser.Error) as error:
            raise NotDone(f"{path} is no notes file: {' '.join(str(error).split())}") from error
        for section in parser.sections():
            if section not in _SECTIONS:
                raise NotDone(f"{path}: there is no section [{section}]; there are {', '.join(_SECTIONS)}")
            add = {"slots": self.add_slot, "settings": self.add_setting, "outcomes": self.add_outcome}[section]
            for name, value in parser.items(section):
                try:
                    add(f"{name}={value}")
                except NotDone as error:
                    raise NotDone(f"{path}, [{section}]: {error}") from error

    def apply(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return the document with these statements in it.

        Raises:
            NotDone: A slot is said to hold a card that this machine does not have.
        """
        functions = {one["address"]: one for one in document["functions"]}
        for name, address in self.slots:
            if address not in functions:
                raise NotDone(
                    f"there is no {address} in this machine to be in slot {name}; `lspci` lists what there is"
                )
        added = {
            "slots": [_slot(name, address) for name, address in self.slots],
            "settings": [{"name": name, "value": value} for name, value in self.settings],
            "outcomes": [_outcome(functions.get(said[0], {}), said) for said in self.outcomes],
        }
        more = {key: [*(document.get(key) or ()), *said] for key, said in added.items() if said}
        return {**document, **more}


def full_address(text: str) -> str:
    """Return an address with its domain, which people leave out.

    Raises:
        NotDone: It is no PCI address.
    """
    match = _ADDRESS.match(text.strip().casefold())
    if match is None:
        raise NotDone(f"{text.strip()!r} is no PCI address; write one like 0a:00.0, as `lspci` prints it")
    return f"{int(match[1] or '0', 16):04x}:{match[2]}"


def carried_over(earlier: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Return a new document with what its owner said in an earlier one.

    A statement about a card is carried over only when the same device is still at the same address.
    """
    then, now = _devices(earlier), _devices(document)
    still = {address for address, ids in then.items() if now.get(address) == ids}
    kept = {
        "slots": [s for s in _said(earlier, "slots") if s.get("witness") == "submitter" and s.get("occupant") in still],
        "settings": list(_said(earlier, "settings")),
        "outcomes": [o for o in _said(earlier, "outcomes") if o.get("function") in still],
    }
    return {**document, **{key: [*(document.get(key) or ()), *said] for key, said in kept.items() if said}}


def _said(document: dict[str, Any], key: str) -> Iterable[dict[str, Any]]:
    return (one for one in document.get(key) or () if isinstance(one, dict))


def _devices(document: dict[str, Any]) -> dict[object, tuple[object, object]]:
    return {one.get("address"): (one.get("vendor"), one.get("device")) for one in _said(document, "functions")}


def _slot(name: str, address: str) -> dict[str, Any]:
    return {"witness": "submitter", "designation": name, "occupied": True, "occupant": address}


def _outcome(function: dict[str, Any], said: tuple[str, str, str | None, str | None]) -> dict[str, Any]:
    address, result, guest, note = said
    code = function.get("class") or ""
    role = _ROLES.get(code) or _ROLES.get(code[:2]) or "other"
    whole = {"function": address, "role": role, "result": result, "guest": guest, "note": note}
    return {key: fact for key, fact in whole.items() if fact is not None}


def _halves(text: str, what: str, example: str, longest: int = _NAME) -> tuple[str, str]:
    name, _, value = (part.strip() for part in text.partition("="))
    if not name or not value:
        raise NotDone(f"{text!r} is not {what}; write it like {example}")
    if len(name) > _NAME or len(value) > longest:
        raise NotDone(f"{name[:40]!r} and what is said of it are longer than a report can hold ({longest} characters)")
    return name, value
