"""Archives of hw-probe: the texts in them, together one report, and archives that are made to harm."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import stat
import struct
import tarfile
import zipfile
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb.errors import ParseError
from hwdb.importers.archive import MAX_BYTES, MAX_MEMBERS, is_archive, texts_in_order, texts_of
from hwdb.importers.probe import parse_archive
from tests.importers.groups import groups, problems
from tests.importers.hostile_text import taken

if TYPE_CHECKING:
    from collections.abc import Callable

DMESG = """\
[    0.000000] Linux version 6.1.0 (SECRET@SECRET)
[    0.472565] pci 0000:00:01.0: Adding to iommu group 0
[    0.472582] pci 0000:01:00.0: Adding to iommu group 1
"""
FILES = {
    "hw.info/host": "SECRET",
    "hw.info/logs/smartctl": "Serial Number: SECRET",
    "hw.info/logs/lspci": "no listing",
    "hw.info/logs/dmesg": DMESG,
}


def tar_of(files: dict[str, str], *more: tarfile.TarInfo, form: int = tarfile.PAX_FORMAT) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for member in more:
            archive.addfile(member, io.BytesIO(bytes(member.size)))
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return made.getvalue()


def zip_of(files: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()


def special(name: str, kind: bytes, linkname: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, linkname
    return member


def zeros(compress: Callable[[bytes], bytes], name: str = "hw.info/other") -> bytes:
    """Return an archive of a few bytes whose one member is larger than any archive may be."""
    member = tarfile.TarInfo(name)
    member.size = MAX_BYTES + 2**20
    return compress(member.tobuf() + bytes(member.size + 1024))


PACKED = [
    pytest.param(tar_of(FILES), id="tar"),
    pytest.param(lzma.compress(tar_of(FILES)), id="xz"),
    pytest.param(lzma.compress(tar_of(FILES), preset=9), id="xz at its best"),
    pytest.param(gzip.compress(tar_of(FILES)), id="gzip"),
    pytest.param(bz2.compress(tar_of(FILES)), id="bzip2"),
    pytest.param(lzma.compress(tar_of(FILES, form=tarfile.GNU_FORMAT)), id="GNU"),
    pytest.param(tar_of({"./" + name: text for name, text in FILES.items()}), id="from a folder"),
    pytest.param(tar_of({name + ".txt": text for name, text in FILES.items()}), id="with endings"),
    pytest.param(zip_of(FILES), id="zip"),
    pytest.param(zip_of({name.replace("/", "\\"): text for name, text in FILES.items()}), id="zip of Windows"),
]


@pytest.mark.parametrize("raw", PACKED)
def test_only_the_wanted_texts_come_out(raw: bytes) -> None:
    assert is_archive(raw)
    assert texts_of(raw) == {"lspci": "no listing", "dmesg": DMESG}


@pytest.mark.parametrize("raw", PACKED)
def test_an_archive_is_one_report(raw: bytes) -> None:
    report = parse_archive(raw)
    taken(report)
    assert groups(report) == {0: {"0000:00:01.0"}, 1: {"0000:01:00.0"}}
    assert "The archive's lspci holds nothing that can be read." in problems(report)
    assert "SECRET" not in repr(report)


def test_listing_and_firmware_tables_are_one_machine() -> None:
    lspci = (
        "00:01.0 PCI bridge [0604]: AMD GPP Bridge [1022:1453] (prog-if 00 [Normal decode])\n\tIOMMU group: 0\n"
        "\tBus: primary=00, secondary=01, subordinate=01, sec-latency=0\n\n"
        "01:00.0 VGA compatible controller [0300]: NVIDIA GP104 [10de:1b80] (rev a1)\n\tIOMMU group: 1\n"
    )
    table = (
        "# dmidecode 3.3\nSMBIOS 3.1.1 present.\n\nHandle 0x0002, DMI type 2, 15 bytes\nBase Board Information\n"
        "\tManufacturer: ASRock\n\tProduct Name: X399 Taichi\n\tSerial Number: SECRET\n\n"
    )
    report = parse_archive(lzma.compress(tar_of({**FILES, "logs/lspci_all": lspci, "logs/dmidecode": table})))
    taken(report)
    assert (report.board.name, [f.device for f in report.functions]) == ("X399 Taichi", ["1453", "1b80"])
    assert groups(report) == {0: {"0000:00:01.0"}, 1: {"0000:01:00.0"}}
    assert report.functions[0].secondary_bus == 1
    assert "SECRET" not in repr(report)


def test_the_fullest_listing_is_read_first() -> None:
    texts = texts_of(tar_of({"dmesg": "d", "lspci": "l", "lspci_all": "a", "dmidecode": "m"}))
    assert [name for name, _ in texts_in_order(texts)] == ["lspci_all", "lspci", "dmidecode", "dmesg"]


def test_of_two_texts_of_one_name_the_first_counts() -> None:
    assert texts_of(tar_of({"a/dmesg": "first", "b/dmesg": "second"})) == {"dmesg": "first"}


def test_bytes_that_are_no_text_come_out_as_replacement_characters() -> None:
    member = tarfile.TarInfo("dmesg")
    member.size = 2
    assert texts_of(member.tobuf() + b"\xff\x00".ljust(512, b"\0") + bytes(1024)) == {"dmesg": "\ufffd\x00"}


@pytest.mark.parametrize("raw", [b"", b"{", b"hello" * 200, b"PKZIP", b"\xff\xfe\x00", b"\x1f"])
def test_other_bytes_are_no_archive(raw: bytes) -> None:
    assert not is_archive(raw)


@pytest.mark.parametrize(
    "compress", [lzma.compress, gzip.compress, bz2.compress, lambda raw: gzip.compress(gzip.compress(raw))]
)
def test_a_bomb_is_refused(compress: Callable[[bytes], bytes]) -> None:
    bomb = zeros(compress)
    assert len(bomb) < MAX_BYTES // 500
    with pytest.raises(ParseError, match=r"more than 64 MiB when unpacked|damaged"):
        texts_of(bomb)


def test_a_bomb_of_honest_members_is_refused() -> None:
    raw = lzma.compress(tar_of({f"hw.info/{n}": "a" * 2**20 for n in range(70)}))
    with pytest.raises(ParseError, match="more than 64 MiB when unpacked"):
        texts_of(raw)


@pytest.mark.parametrize("pack", [zip_of, lambda files: lzma.compress(tar_of(files))])
def test_a_text_that_is_too_large_is_refused(pack: Callable[[dict[str, str]], bytes]) -> None:
    with pytest.raises(ParseError, match="more than 64 MiB when unpacked"):
        texts_of(pack({"dmesg": "a" * (20 * 2**20)}))


def test_an_archive_within_an_archive_is_not_opened() -> None:
    nested = tar_of({}, special("hw.info/dmesg.tar.xz", tarfile.REGTYPE))
    with pytest.raises(ParseError, match="none of the texts"):
        texts_of(lzma.compress(nested))
    with pytest.raises(ParseError, match="damaged"):
        texts_of(lzma.compress(lzma.compress(tar_of(FILES))))


@pytest.mark.parametrize("path", ["../dmesg", "a/../../dmesg", "/etc/dmesg", "..\\dmesg", "\\dmesg", "a/.."])
def test_a_path_that_leads_out_is_refused(path: str) -> None:
    for raw in (tar_of({path: "x", "dmesg": DMESG}), zip_of({path: "x", "dmesg": DMESG})):
        with pytest.raises(ParseError, match="a path that leads out of it"):
            texts_of(raw)


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_links_and_devices_are_passed_over(kind: bytes) -> None:
    raw = tar_of({"logs/dmesg": DMESG}, special("dmesg", kind, "/etc/passwd"), special("lspci", kind, "logs/dmesg"))
    assert texts_of(raw) == {"dmesg": DMESG}


def test_links_in_a_zip_archive_are_passed_over() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("dmesg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ParseError, match="none of the texts"):
        texts_of(made.getvalue())


@pytest.mark.parametrize("pack", [zip_of, lambda files: lzma.compress(tar_of(files))])
def test_thousands_of_members_are_refused(pack: Callable[[dict[str, str]], bytes]) -> None:
    with pytest.raises(ParseError, match="more than 2,000 members"):
        texts_of(pack({f"{n}": "" for n in range(MAX_MEMBERS + 1)}))


@pytest.mark.parametrize("size", [-512, -(2**40), 2**33, 2**62, 2**80])
@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_SPARSE])
def test_a_size_that_cannot_be_is_refused(size: int, kind: bytes) -> None:
    member = special("dmesg", kind)
    member.size = size
    with pytest.raises(ParseError):
        texts_of(member.tobuf(format=tarfile.GNU_FORMAT) + bytes(1024))


def test_headers_upon_headers_are_refused() -> None:
    name = special("x", tarfile.GNUTYPE_LONGNAME)
    name.size = 2
    with pytest.raises(ParseError):
        texts_of(lzma.compress((name.tobuf() + b"a".ljust(512, b"\0")) * 20_000))


def test_a_stream_that_asks_for_too_much_memory_is_refused() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 2**30, "mode": lzma.MODE_FAST, "mf": lzma.MF_HC3}]
    header = bytearray(lzma.compress(tar_of(FILES), filters=[{**filters[0], "dict_size": 2**20}]))
    # The dictionary's size is one byte of the block header, which has a checksum of its own.
    block = header[12 : 12 + (header[12] + 1) * 4 - 4]
    block[block.index(0x21) + 2] = 40
    header[12 : 12 + len(block)] = block
    header[12 + len(block) : 16 + len(block)] = struct.pack("<I", zlib.crc32(bytes(block)))
    with pytest.raises(ParseError, match="damaged"):
        texts_of(bytes(header))


@pytest.mark.parametrize("raw", [b"\xfd7zXZ\x00", b"\x1f\x8b", b"BZh", b"PK\x03\x04", b"\x28\xb5\x2f\xfd"])
def test_a_beginning_alone_is_refused(raw: bytes) -> None:
    assert is_archive(raw)
    for given_ in (raw, raw + bytes(1000), raw + random.Random(1).randbytes(1000)):
        with pytest.raises(ParseError):
            texts_of(given_)


@pytest.mark.parametrize("raw", PACKED)
@given(cut=st.integers(0, 2000))
def test_an_archive_that_was_cut_off_is_refused_or_read(raw: bytes, cut: int) -> None:
    try:
        texts = texts_of(raw[:cut])
    except ParseError:
        return
    assert texts.keys() <= {"lspci", "dmesg"}


@pytest.mark.parametrize("raw", PACKED)
@given(at=st.integers(0, 4000), put=st.binary(min_size=1, max_size=8))
def test_a_damaged_archive_raises_nothing_but_a_parse_error(raw: bytes, at: int, put: bytes) -> None:
    at %= len(raw)
    with suppress(ParseError):
        texts_of(raw[:at] + put + raw[at + len(put) :])


def test_an_encrypted_text_is_passed_over() -> None:
    raw = bytearray(zip_of({"dmesg": DMESG}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        raw[raw.index(mark) + (6 if mark[2] == 3 else 8)] |= 1
    with pytest.raises(ParseError, match="none of the texts"):
        texts_of(bytes(raw))


def test_an_archive_without_anything_to_read_is_refused_with_a_sentence() -> None:
    with pytest.raises(ParseError, match="no text of this archive can be read: The archive's lspci holds nothing"):
        parse_archive(tar_of({"lspci": "my slots are fine"}))
