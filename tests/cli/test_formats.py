"""What a command is pointed at need not be a report: JSON of other tools and archives find their importers."""

from __future__ import annotations

import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.commands import Shell

FACTER = {
    "version": 1,
    "hardware": {
        "graphics_card": [
            {
                "sysfs_bus_id": "0000:0a:00.0",
                "sysfs_id": "/devices/pci0000:00/0000:0a:00.0",
                "sysfs_iommu_group_id": 14,
                "base_class": {"value": 3},
                "vendor": {"value": 0x10DE},
                "device": {"value": 0x1B80},
            }
        ]
    },
    "smbios": {},
}
PVESH = [{"id": "0000:0a:00.0", "class": "0x030000", "vendor": "0x10de", "device": "0x1b80", "iommugroup": 14}]
DEVICE = {"slot": "0a:00.0", "dev_class": "VGA [0300]", "vendor": {"vendorid": "10de"}, "device": "GP104 [1b80]"}
IOMMU_INFO = {"board": {"name": "B"}, "groups": [{"devices": [DEVICE], "iommugroup": "14"}]}
XML = """<device><name>pci_0000_0a_00_0</name><capability type='pci'><class>0x030000</class><domain>0</domain>
<bus>10</bus><slot>0</slot><function>0</function><product id='0x1b80'/><vendor id='0x10de'/><iommuGroup number='14'>
<address domain='0x0000' bus='0x0a' slot='0x00' function='0x0'/></iommuGroup></capability></device>"""


def archive(text: str, name: str = "hw.info/logs/dmesg") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:xz") as opened:
        member = tarfile.TarInfo(name)
        member.size = len(text.encode())
        opened.addfile(member, io.BytesIO(text.encode()))
    return made.getvalue()


@pytest.mark.parametrize(
    ("source", "given"),
    [
        ("facter", json.dumps(FACTER)),
        ("facter", "\n  " + json.dumps(FACTER, indent=2)),
        # A key that stands twice is no reason to refuse what another tool wrote.
        ("facter", json.dumps(FACTER).replace('"version": 1', '"version": 1, "version": 1')),
        ("pvesh", json.dumps(PVESH)),
        ("pvesh", json.dumps({"data": PVESH})),
        ("iommu-info", json.dumps(IOMMU_INFO)),
        ("iommu-info", str(IOMMU_INFO)),
        ("virsh", XML),
    ],
)
def test_json_of_other_tools_finds_its_importer(shell: Shell, source: str, given: str) -> None:
    report: dict[str, Any] = json.loads(shell.says("convert", "-", given=given.encode()))
    assert report["provenance"]["source"] == source
    [function] = report["functions"]
    assert (function["address"], function["iommu_group"]) == ("0000:0a:00.0", 14)
    assert (function["class"], function["vendor"], function["device"]) == ("0300", "10de", "1b80")


def test_an_archive_is_read_from_a_file_and_from_standard_input(shell: Shell) -> None:
    raw = archive("[    0.472565] pci 0000:00:01.0: Adding to iommu group 0\n")
    (shell.folder / "hw.info.txz").write_bytes(raw)
    for said in (shell.says("convert", "hw.info.txz"), shell.says("convert", "-", given=raw)):
        assert [f["address"] for f in json.loads(said)["functions"]] == ["0000:00:01.0"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (json.dumps(FACTER)[:-30].encode(), r"line 1, column 222: the JSON ends in the middle"),
        (json.dumps(PVESH)[:-5].encode(), "the JSON ends in the middle"),
        (archive("my slots are fine"), "no text of this archive can be read"),
        (archive("x", "../dmesg"), "a path that leads out of it"),
        (archive("x" * 20_000_000), "more than 64 MiB"),
        (archive("x")[:40], "this archive is damaged"),
        (b"PK\x03\x04", "this archive is damaged"),
        (b'{"format": 1, "hardware": {"sysfs_bus_id": 1}}', "functions"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(shell: Shell, given: bytes, sentence: str) -> None:
    assert sentence in shell.refuses("convert", "-", given=given)
