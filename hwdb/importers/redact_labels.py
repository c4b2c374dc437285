"""Secrets that stand behind a word which says what they are: ``Serial Number: ...``, ``serial=...``. No I/O.

Part of ``hwdb.importers.redact``. Where a line may hold something an importer reads, only the one word behind the label
goes; elsewhere the rest of the line does, since serial numbers and names have blanks in them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwdb.importers.posted_device import PLACE
from hwdb.importers.redact_words import DISK, HOST, MAC, SERIAL, UUID

if TYPE_CHECKING:
    from hwdb.importers.removal import Removal

ASSET, USER, NETWORK, KEY = "asset tag", "user name", "network name", "licence key"

_KINDS = (
    (
        SERIAL,
        r"i?serial(?:[ _-]?(?:number|no|num|nr|id|short))?s?\.?|s/n|(?:express[ _-]?)?service[ _-]?(?:tag|code)|imei",
    ),
    (ASSET, r"asset[ _-]?(?:tag|number|no|id)"),
    (UUID, r"(?:part|pt|fs)?(?:uuid|guid)(?:[ _-]?sub)?|(?:machine|boot|host|invocation)[ _-]?id"),
    (DISK, r"lu wwn device id|wwn|wwid|wwnn|wwpn|nguid|eui64|sas[ _-]?addr(?:ess)?|fabric[ _-]?wwn"),
    (MAC, r"(?:hw|hardware|mac|ether(?:net)?|bluetooth|bd|lladdr|link)[ _-]?addr(?:ess)?(?:es)?|mac"),
    (HOST, r"host ?name|nodename|computer ?name|fqdn"),
    (USER, r"user ?name|user|login|logname|acct|sudo[ _-]?user|real ?name|full ?name|credit|e-?mail"),
    (NETWORK, r"[be]?ssid"),
    (KEY, r"(?:product|licen[cs]e)[ _-]?key"),
)
_KEY = "|".join(f"(?P<k{number}>{words})" for number, (_, words) in enumerate(_KINDS))
# Names of keys are written with dots, dashes, underscores and humps before the telling part.
_JSON_KEY = re.compile(rf"(?:.{{0,80}}[ _.-])?(?:(?P<host>host|node)|{_KEY})(?:[ _-](?:address|value))?", re.IGNORECASE)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Markup and blanks between a label and what it labels.
_SKIP = r"(?:[ \t\u00a0]|&nbsp;|&lt;|</?[a-z]\w{0,12}[^<>\n]{0,40}>|\*\*|`|\x1b\[[0-9;]{0,12}m){0,40}"
_LABEL = re.compile(
    rf"(?<![A-Za-z0-9])(?:{_KEY})[\"']?[ \t\u00a0]{{0,40}}[:=]{_SKIP}"
    r"(?:[\"'](?P<quoted>[^\"'\\\r\n]++)|(?P<value>[^\s\"'<>|,;{}\[\]\\][^\s\"'<>|,;{}\\]*+))",
    re.IGNORECASE,
)
# A label that begins its line, words at most before it, labels the whole rest.
_OWN_LINE = re.compile(
    r"(?P<before>[\s>*|+\u2022`'~_#=(-]{0,80}(?:\[[A-Z0-9]{2}\] )?(?:[\w./()#-]{1,40}[ \t]{1,4}){0,4}"
    rf"(?:{_KEY})[ \t\u00a0]{{0,40}}[:=]{_SKIP})(?P<value>[^\"'<>|\\\s][^\"<>|\\\r\n]++)",
    re.IGNORECASE,
)
# "usb 1-1: SerialNumber: ..." and "boardSerial=...": the hump is no end of a word to the pattern above.
_HUMPED = re.compile(
    r"(?<=[a-z])(?:Serial(?:Number)?|UUID|Uuid)[\"']?[:=][ \t]{0,9}[\"']?(?P<value>[^\s\"'<>|,;\\]{2,}+)"
)
_VPD = re.compile(r"(?P<label>\[(?:SN|V[0-9A-Z]|Y[0-9A-Z]|NA)\] [A-Za-z ]{1,40}:[ \t]{0,9})(?P<value>\S[^\r\n]*+)")
_DEVICE_SERIAL = re.compile(
    r"(?P<label>Device Serial Number[ \t:]{1,9})(?P<value>[0-9A-Fa-f]{2}(?:[-:]?[0-9A-Fa-f]{2}){7})"
)
_USB_SERIAL = re.compile(r"(?P<label>\biSerial[ \t]{1,40}[0-9]{1,3}[ \t]{1,9})(?P<value>\S[^\r\n]*+)")
_ELEMENT = re.compile(
    r"(?P<label><(?:[\w.-]{0,40}[_.-])?(?:serial(?:_number)?|sn|uuid|guid|wwn|wwnn|wwpn|hostname|asset(?:_tag)?"
    r"|vendor_field|system_field|username)(?:\s[^<>]{0,100})?>)(?P<value>[^<]++)(?=<)",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"(?P<label>\bid=[\"'](?:[\w.-]{0,40}[_.-])?(?:serial|uuid|guid|wwn)[\"']\s{1,4}value=[\"'])(?P<value>[^\"']++)"
)
# What importers look for in a line beside addresses of PCI functions: groups, drawings, what a kernel's log states.
_TOLD = re.compile(
    r"[Gg]roup|GROUP|iommu: |/devices|-\[[0-9a-f]{4}:|[\u251c\u2514][\u2500-]|DMI: |achine model: |Linux version "
    r"|AMD-Vi: |DMAR: |arm-smmu|remapping enabled|IRQ remapping|Motherboard|\b(?:Slot|Device|Class|Designation):[ \t]"
    r"|[{\[]\s{0,99}[\"'{]|</?(?:device|capability|address|path|domain|bus|slot|function|class|product|vendor)\b"
)
# A part of each label; nearly no line has one of these, without which the patterns are not tried.
_TELLING = (
    *("serial", "s/n", "service", "imei", "asset", "uid", "guid", "id", "wwn", "wwid", "wwpn", "eui64", "sas", "mac"),
    *("addr", "host", "nodename", "computer", "fqdn", "user", "log", "acct", "name", "credit", "mail", "key"),
)
_LOWEST_SECRET = 2


def without_labelled(line: str, removal: Removal) -> str:
    """Return a line without what a label in it calls a serial number, a UUID, a name of a host or a user and so on."""
    line = _DEVICE_SERIAL.sub(lambda found: _value(found, removal), line)
    if "[" in line:
        line = _VPD.sub(lambda found: _value(found, removal), line)
    if "iSerial" in line:
        line = _USB_SERIAL.sub(lambda found: _value(found, removal), line)
    if "<" in line or "id=" in line:
        line = _ELEMENT.sub(lambda found: _value(found, removal), line)
        line = _SETTING.sub(lambda found: _value(found, removal), line)
    lowered = line.lower()
    if (":" in line or "=" in line) and any(word in lowered for word in _TELLING):
        own = None if may_be_read(line) else _OWN_LINE.match(line)
        if own is not None:
            value = own["value"].rstrip()
            return own["before"] + removal.take(_kind(own), value) + line[own.start("value") + len(value) :]
        line = _LABEL.sub(lambda found: _labelled(found, removal), line)
        line = _HUMPED.sub(lambda found: _humped(found, removal), line)
    return line


def kind_of_key(key: str) -> str | None:
    """Return what a key of a JSON object says its value is, None when it is no secret."""
    named = _JSON_KEY.fullmatch(_HUMP.sub("_", key[:80]))
    if named is None:
        return None
    return HOST if named["host"] else _kind(named)


def may_be_read(line: str) -> bool:
    """Whether an importer may read something of a line."""
    return read_from(line) is not None


def read_from(text: str, start: int = 0) -> int | None:
    """Return where something begins that an importer may read, None when there is nothing."""
    found = [match.start() for match in (PLACE.search(text, start), _TOLD.search(text, start)) if match is not None]
    return min(found, default=None)


def _kind(found: re.Match[str]) -> str:
    return next(kind for number, (kind, _) in enumerate(_KINDS) if found[f"k{number}"] is not None)


def _value(found: re.Match[str], removal: Removal) -> str:
    return found["label"] + removal.take(SERIAL, found["value"])


def _labelled(found: re.Match[str], removal: Removal) -> str:
    """Return a label without the word, or the quoted text, that it labels."""
    group = "quoted" if found["quoted"] else "value"
    secret = found[group]
    # A number of one digit counts strings ("SerialNumber=3"), and the report's own words are facts.
    if len(secret) < _LOWEST_SECRET or removal.keeps(secret):
        return found[0]
    at = found.start(group) - found.start()
    return found[0][:at] + removal.take(_kind(found), secret)


def _humped(found: re.Match[str], removal: Removal) -> str:
    at = found.start("value") - found.start()
    return found[0][:at] + removal.take_unless_kept(SERIAL, found["value"])
