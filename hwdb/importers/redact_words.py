"""Secrets that are known by their form alone, wherever they stand: addresses, UUIDs, disks, home folders. No I/O.

Part of ``hwdb.importers.redact``. Every pattern takes time in proportion to the text: repeats are bounded or
possessive, and none begins in the middle of what it has passed over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwdb.importers.removal import REMOVED_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.importers.removal import Removal

MAC, UUID, IP, MAIL = "MAC address", "UUID", "IP address", "mail address or user at a host"
DISK, HOST, HOME, SERIAL = "disk or volume", "host name", "home folder", "serial number"

_HEX = "[0-9A-Fa-f]"
_DASH = r"(?:-|_|\\x2d)"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_FOUR = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_H16 = r"[0-9A-Fa-f]{1,4}"

# A user at a host and an address of mail look alike; web pages write the sign as an entity.
_AT = re.compile(
    r"(?<![\w.@+%-])(?P<user>[\w.+%-]{1,64})(?P<at>@|&#64;|&#x40;|&commat;)(?P<host>\w[\w.-]*+)", re.IGNORECASE
)
# Nodes of a device tree ("pci@600c3c0000000", "ethernet@0,1"), units of systemd, "i7@3.6GHz".
_NO_HOST = re.compile(
    r"[0-9a-f]{1,16}|[\w.-]+\.(?:service|socket|mount|slice|timer|target|device|scope)|[0-9.]+[MG]Hz", re.IGNORECASE
)
_PAIRS = re.compile(
    # A MAC address, an EUI-64 or a world wide name in pairs, a fingerprint of a key: six pairs or more.
    rf"(?<![0-9A-Za-z])(?<![0-9A-Fa-f][:.-]){_HEX}{{2}}(?P<sign>[:-]){_HEX}{{2}}(?:(?P=sign){_HEX}{{2}}){{4,}}+"
    rf"(?![0-9A-Za-z]|[:.-]{_HEX})"
    # The name libvirt gives a network device, the one udev gives it, and one of EFI's paths.
    rf"|(?<=_){_HEX}{{2}}(?:_{_HEX}{{2}}){{5}}(?![0-9A-Za-z_])"
    rf"|(?<=\benx){_HEX}{{12}}\b|(?<=\bMAC\(){_HEX}{{12}}\b"
)
_UUIDS = re.compile(
    rf"(?<![0-9A-Za-z]){_HEX}{{8}}{_DASH}(?:{_HEX}{{4}}{_DASH}){{3}}{_HEX}{{12}}(?![0-9A-Za-z])"
    # LVM's form, and the 32 digits of a machine, a boot or a namespace without dashes.
    r"|(?<![0-9A-Za-z])[0-9A-Za-z]{6}(?:-[0-9A-Za-z]{4}){5}-[0-9A-Za-z]{6}(?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z])(?!0{{16}}){_HEX}{{32}}(?![0-9A-Za-z])"
    # File systems of FAT and NTFS have shorter ones.
    rf"|(?<=UUID=)\"?(?:{_HEX}{{4}}-{_HEX}{{4}}|{_HEX}{{16}}|{_HEX}{{8}}-{_HEX}{{2}})(?![0-9A-Za-z-])",
)
_IPV4 = re.compile(
    rf"(?<![0-9A-Za-z.])(?<!-)(?P<ip>{_FOUR}(?:-{_FOUR})?)(?![0-9A-Za-z_]|\.[0-9A-Za-z]|-[0-9A-Za-z])"
    r"(?P<after>/[0-9]{1,2}\b|:[0-9]{2,5}(?![0-9.]))?"
)
_IPV6 = re.compile(
    rf"(?<![0-9A-Za-z:.])(?:(?:{_H16}:){{7}}{_H16}|(?:{_H16}:){{1,6}}(?::{_H16}){{1,6}}|(?:{_H16}:){{1,7}}:)"
    r"(?![0-9A-Za-z:]|\.[0-9])"
)
# Words after which four numbers are a version, and words after which they are an address all the same.
_WORDS = re.compile("[A-Za-z0-9]{1,40}")
_VERSION_WORDS = frozenset(
    {
        *("version", "ver", "vers", "v", "r", "rev", "revision", "agesa", "bios", "uefi", "firmware", "fw", "release"),
        *("released", "driver", "drivers", "microcode", "build", "api", "pi", "abi", "ec", "me", "ibridge", "kernel"),
        *("module", "patch", "update", "updated", "software", "library", "combo", "comboam4", "comboam5", "bmc"),
    }
)
_ADDRESS_WORDS = frozenset(
    {
        *("inet", "inet6", "addr", "address", "ip", "ipv4", "from", "host", "gateway", "gw", "via", "dns", "server"),
        *(
            "ping",
            "ssh",
            "http",
            "https",
            "src",
            "dst",
            "peer",
            "local",
            "remote",
            "dhcp",
            "nfs",
            "router",
            "nameserver",
        ),
    }
)
_NEAR = 40
_HIGHEST_VERSION, _HIGHEST_PART = 9, 20
_DISKS = re.compile(
    # What stands in the folders of /dev/disk, by its path excepted: that is a PCI address.
    r"(?<=/by-id/)[^\s/\"'<>|;,)]++|(?<=/by-(?:uuid)/)[^\s/\"'<>|;,)]++"
    r"|(?<=/by-partuuid/)[^\s/\"'<>|;,)]++|(?<=/by-(?:label)/)[^\s/\"'<>|;,)]++"
    r"|(?<=/by-partlabel/)[^\s/\"'<>|;,)]++|(?<=/dev/mapper/)(?!control\b)[^\s/\"'<>|;,)]++"
    # The names in them: a model and a serial number, with an underscore between or within.
    r"|(?<![\w/.-])(?:ata|nvme|scsi|usb|mmc|virtio|ieee1394)-(?=[^\s\"'<>|]{0,80}[0-9])[\w.:+-]{2,80}_[\w.:+-]{4,}+"
    r"|(?<![\w-])(?:dm|md|lvm-pv)-(?:uuid|name)-[^\s/\"'<>|;,)]++"
    rf"|(?<![0-9A-Za-z])wwn-0x{_HEX}{{8,32}}\b|(?<![0-9A-Za-z])(?:eui|naa|t10)\.{_HEX}{{8,40}}\b"
    rf"|(?<![0-9A-Za-z])nvme\.{_HEX}{{4}}-{_HEX}{{8,80}}-{_HEX}{{2,99}}(?:-{_HEX}{{1,16}})?"
    r"|(?<![0-9A-Za-z])[ni]qn\.[0-9]{4}-[0-9]{2}[^\s\"'<>|;,)]++"
    # libvirt's names of disks hold the serial number.
    r"|(?<=\bblock_)[a-z]{2,8}[0-9a-z]{0,8}_[A-Za-z0-9_]{4,}+"
)
# Nearly no line has one of these, without which the pattern is not tried.
_DISK_MARKS = (
    *("/by-", "/mapper/", "ata-", "nvme", "scsi-", "usb-", "mmc-", "virtio-", "ieee1394-", "dm-", "md-", "lvm-"),
    *("wwn-", "eui.", "naa.", "t10.", "qn.", "block_"),
)
_HOMES = re.compile(
    r"(?P<before>/home\\?/|/Users\\?/|/run/media\\?/|(?<![\w.])/media\\?/"
    r"|\\{1,2}(?:Users|Documents and Settings)\\{1,2})"
    r"(?P<name>[^\s/\\\"'<>|:$#%&*?,;()]++)"
)
_DOMAINS = re.compile(
    r"(?<![\w.@-])(?!rc\.|usr\.)(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,4}"
    r"(?:local|localdomain|lan|internal|intranet|fritz\.box|home\.arpa)(?![\w-]|\.\w)"
)


def without_words(line: str, removal: Removal) -> str:
    """Return a line without what is a secret by its form; what the report holds stays."""
    if "@" in line or "&#" in line or "&c" in line:
        line = _AT.sub(lambda found: _at(found, removal), line)
    if "UUID" in line or "-" in line or "_" in line or len(line) >= 32:
        line = _UUIDS.sub(lambda found: removal.take_unless_kept(UUID, found[0]), line)
    if any(mark in line for mark in _DISK_MARKS):
        line = _DISKS.sub(lambda found: removal.take_unless_kept(DISK, found[0]), line)
    line = _PAIRS.sub(lambda found: removal.take_unless_kept(MAC, found[0]), line)
    if ":" in line:
        line = _IPV6.sub(lambda found: _ipv6(found, removal), line)
    if "." in line:
        line = _IPV4.sub(lambda found: _ipv4(found, removal), line)
        line = _DOMAINS.sub(lambda found: removal.take_unless_kept(HOST, found[0]), line)
    if "/" not in line and "\\" not in line:
        return line
    return _HOMES.sub(lambda found: _home(found, removal), line)


def words_in(text: str) -> Iterator[str]:
    """Yield the words of a text that would be removed by their form, for a text that is a fact."""
    for pattern in (_AT, _UUIDS, _DISKS, _PAIRS, _IPV6, _DOMAINS, _HOMES):
        yield from (found[0] for found in pattern.finditer(text))
    yield from (found["ip"] for found in _IPV4.finditer(text))


def _at(found: re.Match[str], removal: Removal) -> str:
    # A full stop ends the sentence, not the name.
    host = found["host"].rstrip(".-")
    if _NO_HOST.fullmatch(host) or removal.keeps(found[0]):
        return found[0]
    names = removal.take(MAIL, f"{found['user']}{found['at']}{host}", f"{REMOVED_NAME}{found['at']}{REMOVED_NAME}")
    return names + found["host"][len(host) :]


def _home(found: re.Match[str], removal: Removal) -> str:
    # The name alone may be a word of the report by chance: a user may be called like a board's maker.
    return found[0] if removal.keeps(found[0]) else found["before"] + removal.take(HOME, found["name"])


def _ipv6(found: re.Match[str], removal: Removal) -> str:
    # "::" alone, or between two words of letters, is how programmers write.
    digits = found[0].replace(":", "")
    if not any(digit.isdigit() for digit in digits) and len(digits) < 8:
        return found[0]
    return removal.take_unless_kept(IP, found[0])


def _ipv4(found: re.Match[str], removal: Removal) -> str:
    # Networks and masks that every machine has are nobody's.
    if found["ip"].startswith(("0.", "127.", "255.")) or (found["after"] is None and _is_version(found)):
        return found[0]
    return removal.take_unless_kept(IP, found["ip"]) + (found["after"] or "")


def _is_version(found: re.Match[str]) -> bool:
    """Whether the words before four numbers, or how low they are, make them a version."""
    before = found.string[max(0, found.start() - _NEAR) : found.start()]
    words = [word.lower() for word in _WORDS.findall(before)[-2:]]
    if before.endswith(("//", "@")) or (words and words[-1] in _ADDRESS_WORDS):
        return False
    return any(word in _VERSION_WORDS or word.startswith("combo") for word in words) or _is_small(found["ip"])


def _is_small(numbers: str) -> bool:
    """Whether four numbers are as low as those of a version, and hardly an address."""
    parts = [int(part) for part in re.split("[.-]", numbers)]
    return parts[0] <= _HIGHEST_VERSION and max(parts) <= _HIGHEST_PART
