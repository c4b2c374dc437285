"""Secrets made up at run time, and small texts of every format with each at the places where it really stands."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, fields
from ipaddress import IPv4Address, IPv6Address

from hypothesis import strategies as st

from tests.importers.redact_posts import (
    around,
    dmidecode,
    dmidecode_strings,
    facter,
    iommu_info,
    log,
    qubes,
    report,
    virsh,
    vpd,
)

_LETTERS = "bdghjklmnpqrstvwxz"


@dataclass(frozen=True)
class Secrets:
    """What tells whose machine it is."""

    serial: str
    asset: str
    uuid: str
    mac: str
    user: str
    host: str
    ip: str
    ipv6: str
    wwn: str

    @property
    def mail(self) -> str:
        return f"{self.user}@{self.host}.example.org"

    @property
    def home(self) -> str:
        return f"/home/{self.user}"

    @property
    def disk(self) -> str:
        return f"/dev/disk/by-id/nvme-Example_SSD_970_{self.serial}"

    def found_in(self, text: str) -> list[str]:
        """Return the names of the secrets that a text still holds, however they are cased."""
        lowered = text.lower()
        return [one.name for one in fields(self) if getattr(self, one.name).lower() in lowered]


def _pairs(count: int, sign: str) -> st.SearchStrategy[str]:
    return st.lists(st.integers(0x10, 0xFE), min_size=count, max_size=count).map(
        lambda bytes_: sign.join(f"{byte:02x}" for byte in bytes_)
    )


def _words(first: str) -> st.SearchStrategy[str]:
    return st.text(_LETTERS, min_size=4, max_size=9).map(lambda rest: first + rest)


SECRETS = st.builds(
    Secrets,
    serial=st.text("0123456789BCDFGHJKLMNPQRSTVWXYZ", min_size=8, max_size=12).map(lambda rest: "Q7" + rest),
    asset=st.text("0123456789", min_size=6, max_size=9).map(lambda rest: "INV-9" + rest),
    uuid=st.uuids(version=4).map(str),
    mac=_pairs(6, ":"),
    user=_words("zq"),
    host=_words("xj"),
    ip=st.tuples(st.integers(128, 223), *[st.integers(0, 254)] * 3).map(lambda parts: ".".join(map(str, parts))),
    ipv6=st.integers(0x2000 << 112, 0x3FFF << 112).map(lambda number: str(IPv6Address(number))),
    wwn=st.integers(0x5000 << 48, 0x5FFF << 48).map(lambda n: f"{n:016x}"),
)

EXAMPLE = Secrets(
    serial="Q7" + "KX1" * 3,
    asset="INV-" + "987" * 2,
    uuid=str(uuid.UUID(int=0x1234567890ABCDEF1234567890ABCDEF)),
    mac=bytes(range(0x9A, 0xA0)).hex(":"),
    user="zqpostman",
    host="xjtower",
    ip=str(IPv4Address(0xCB00714D)),
    ipv6=str(IPv6Address(0x20010DB8_00010002_00030004_00050006)),
    wwn="5002538e" + "40a1b2c3",
)


GROUPS = """\
IOMMU Group 0 00:00.0 Host bridge [0600]: Intel Corporation Device [8086:4660] (rev 02)
IOMMU Group 1 00:01.0 PCI bridge [0604]: Intel Corporation Device [8086:460d] (rev 02)
IOMMU Group 1 01:00.0 VGA compatible controller [0300]: NVIDIA Corporation TU104 [10de:1e87] (rev a1)
"""
# The last line is as long as one that mail breaks: a prompt behind it is no part of its name.
PLAIN = """\
00:00.0 Host bridge: Example Corp. Root Complex
00:01.1 PCI bridge: Example Corp. Bridge
01:00.0 USB controller: Example Corp. Family 17h (Models 00h-0fh) USB 3.0 Host Controller
"""
DRAWN = """\
-[0000:00]-+-00.0  Example Corp. Root Complex
           \\-01.1-[01]----00.0  Example Corp. GP104
"""
RECORDS = """\
Slot:\t01:00.0
Class:\tUSB controller [0c03]
Vendor:\tA [1022]
Device:\tB [43ba]

Slot:\t02:00.0
Class:\tNetwork controller [0280]
Vendor:\tA [1022]
Device:\tC [43bb]
PhySlot:\t3
IOMMUGroup:\t14
"""
TREE = "├── 7\n│   └── 01:00.0 USB controller [0c03]: Example Corp. [1022:43ba]\n"
TABLE = "\n| address | IOMMU Group |\n|---|---|\n| 0000:1b:00.0 | 50 |\n\n"


def _quoted(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.splitlines())


def _pvesh(said: Secrets) -> str:
    command = f"root@{said.host}:~# pvesh get /nodes/{said.host}/hardware/pci\n"
    return f"{command}| 0x030000 | 0x1b80 | 0000:08:00.0 | 14 | 0x10de | GP104 |\n"


def _devices(said: Secrets) -> dict[str, str]:
    """Return the formats that are an array of devices as JSON."""
    ids = {"class": "0x030000", "vendor": "0x10de", "device": "0x2204", "serial": said.serial, "uuid": said.uuid}
    groups = [{"id": 1, "devices": [{"address": "0000:43:00.0", **ids}]}]
    return {
        "pvesh JSON": json.dumps([{"id": "0000:43:00.0", "iommugroup": 42, **ids}]),
        "lsiommu JSON": json.dumps({"iommu_groups": groups, "hostname": said.host}),
    }


def texts(said: Secrets) -> dict[str, str]:
    """Return a text with secrets for every format by its name, and for a report as JSON."""
    above, after = around(said), f"{said.user}@{said.host}:~$ \n"
    stamp = "[    0.678920] "
    return {
        "tree": above + TREE + after,
        "facter": facter(said),
        "iommu-info": json.dumps(iommu_info(said)),
        "iommu-info printed": repr(iommu_info(said)),
        "qubes": qubes(said),
        "virsh": virsh(said),
        "pvesh": _pvesh(said),
        **_devices(said),
        "lsiommu": above + "Group 042 Address 0000:43:00.0 Class 030000 ID 10de:2204 Revision a1\n" + after,
        "listing": above + GROUPS + after,
        "listing, Windows": (above + GROUPS + after).replace("\n", "\r\n"),
        "listing, quoted": _quoted(above + GROUPS + after),
        "sysfs": above + f"{said.home}/dump/sys/kernel/iommu_groups/7/devices/0000:00:1c.0\n" + after,
        "dmesg": log(said, stamp),
        "dmesg, syslog": log(said, f"Nov 24 10:00:00 {said.host} kernel: {stamp}"),
        "dmesg, journal": log(said, f"2024-11-24T10:00:00.123456+01:00 {said.host} kernel: "),
        "dmesg, quoted": _quoted(log(said, stamp)),
        "markdown": above + TABLE + after,
        "lspci": above + vpd(said) + after,
        "lspci-vmm": above + RECORDS + after,
        "lspci-tree": above + DRAWN,
        "dmidecode": dmidecode(said) + dmidecode_strings(said) + after,
        "dmidecode, quoted": _quoted(dmidecode(said) + dmidecode_strings(said)),
        "lspci-plain": above + PLAIN + after,
        "report": report(said),
        "prose": above,
    }
