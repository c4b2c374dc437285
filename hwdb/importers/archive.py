"""An archive of hw-probe (``hw.info.txz``) and the like: bytes -> the texts in it that an importer can read. No I/O.

Nothing is ever written, a member's path is only looked at for its last part, and links and devices are passed over.
What is unpacked is counted as it comes out, so that an archive cannot make more of itself than a real one has.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, cast

from hwdb.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 64 * 1024 * 1024
"""The most bytes that are unpacked of one archive, wanted or not; a probe has about two million."""

MAX_MEMBERS = 2000
"""The most members of one archive; a probe has about 150."""

MAX_TEXT = 16 * 1024 * 1024
"""The most bytes of one text."""

WANTED = ("lspci_all", "lspci", "dmidecode", "dmesg", "iommu_groups", "facter")
"""Names of the members that an importer reads, without their endings; the fullest listing first.

hw-probe's other logs hold disks, network addresses and installed programs: they never become a text here.
"""

_ENDINGS = (".txt", ".log", ".json")
_CHUNK = 64 * 1024
_XZ, _GZIP, _BZIP2, _ZIP, _ZSTD = b"\xfd7zXZ\x00", b"\x1f\x8b", b"BZh", b"PK\x03\x04", b"\x28\xb5\x2f\xfd"
_ZIP_MEMBER = b"PK\x01\x02"
_TAR_AT, _TAR = 257, b"ustar"
# A stream may ask for a dictionary of 4 GiB; xz -9 takes 65 MiB.
_LZMA_MEMORY = 128 * 1024 * 1024
# The end of what a damaged header promises is looked for in vain, again and again.
_MOST_EMPTY_READS = 64


def is_archive(raw: bytes) -> bool:
    """Whether bytes begin like an archive that is read here, or like one that is refused with a sentence."""
    return raw.startswith((_XZ, _GZIP, _BZIP2, _ZIP, _ZSTD)) or raw[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR


def texts_of(raw: bytes) -> dict[str, str]:
    """Return the wanted texts of an archive by the names in ``WANTED``.

    Args:
        raw: A tar archive, plain or compressed by xz, gzip or bzip2, or a zip archive.

    Raises:
        ParseError: It is no archive, damaged, larger when unpacked than ``MAX_BYTES``, has more members than
            ``MAX_MEMBERS``, or none of the texts.
    """
    if raw.startswith(_ZSTD):
        raise ParseError("this archive is compressed by zstd, which is not read here; unpack it and give its texts")
    try:
        texts = _from_zip(raw) if raw.startswith(_ZIP) else _from_tar(raw)
    except (tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError, zlib.error, OSError, EOFError) as error:
        raise ParseError("this archive is damaged or cut off; download or copy it again") from error
    except (ValueError, LookupError, ArithmeticError, RuntimeError) as error:
        # What tarfile and zipfile raise over headers that no program writes, a recursion of headers among them.
        raise ParseError("this archive is not written as archives are; unpack it and give its texts") from error
    if not texts:
        raise ParseError(f"this archive has none of the texts that are read: {', '.join(WANTED)}")
    return texts


class _Unpacked(io.RawIOBase):
    """The bytes of a compressed stream, counted as they come out."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._left = MAX_BYTES
        self._empty = 0

    def read(self, size: int = _CHUNK) -> bytes:
        """Return the next bytes, fewer than asked for, and none at the end.

        Raises:
            ParseError: More came out than any archive of texts holds.
            EOFError: The end was read more often than an honest archive is read.
        """
        piece = self._source.read(min(size, _CHUNK))
        self._left -= len(piece)
        if self._left < 0:
            raise _too_large()
        self._empty = 0 if piece else self._empty + 1
        if self._empty > _MOST_EMPTY_READS:
            raise EOFError
        return piece


class _Xz(io.RawIOBase):
    """An xz file that may not ask for more memory than xz itself does at its best."""

    def __init__(self, raw: bytes) -> None:
        self._rest = memoryview(raw)
        self._stream = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY)

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what io.BufferedReader gives it
        """Fill a buffer with what comes out next, and return how much that is."""
        while not self._stream.eof:
            given = b""
            if self._stream.needs_input:
                given, self._rest = bytes(self._rest[:_CHUNK]), self._rest[_CHUNK:]
                if not given:
                    raise EOFError
            piece = self._stream.decompress(given, len(buffer))
            if piece:
                buffer[: len(piece)] = piece
                return len(piece)
        return 0


def _from_tar(raw: bytes) -> dict[str, str]:
    texts: dict[str, str] = {}
    # In this mode the archive is read once from its beginning to its end, and nothing is looked up in it.
    with _source_of(raw) as source, tarfile.open(fileobj=cast("IO[bytes]", _Unpacked(source)), mode="r|") as archive:
        for count, member in enumerate(archive, start=1):
            if count > MAX_MEMBERS:
                raise _too_many()
            if member.size < 0:
                raise tarfile.ReadError
            if member.size > MAX_BYTES:
                raise _too_large()
            name = _wanted(member.name)
            # A link or a device is no text, and a sparse file makes much of nothing.
            if name is None or name in texts or not member.isreg() or member.issparse():
                continue
            opened = archive.extractfile(member)
            if opened is not None:
                texts[name] = _text(opened)
    return texts


def _source_of(raw: bytes) -> IO[bytes]:
    if raw.startswith(_XZ):
        return io.BufferedReader(_Xz(raw))
    if raw.startswith(_GZIP):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=io.BytesIO(raw)))
    return bz2.BZ2File(io.BytesIO(raw)) if raw.startswith(_BZIP2) else io.BytesIO(raw)


def _from_zip(raw: bytes) -> dict[str, str]:
    # Counted before the directory is read, because reading it makes an object of each member.
    if raw.count(_ZIP_MEMBER) > MAX_MEMBERS:
        raise _too_many()
    texts: dict[str, str] = {}
    left = MAX_BYTES
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for member in archive.infolist():
            name = _wanted(member.filename)
            if name is None or name in texts or not _plain(member):
                continue
            with archive.open(member) as opened:
                texts[name] = _text(opened)
            left -= len(texts[name])
            if left < 0:
                raise _too_large()
    return texts


def _plain(member: zipfile.ZipInfo) -> bool:
    """Whether a member of a zip archive is a file, unencrypted, and packed as zip does it by default."""
    mode = member.external_attr >> 16
    usual = member.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    return usual and not member.is_dir() and not member.flag_bits & 1 and not stat.S_ISLNK(mode)


def _wanted(path: str) -> str | None:
    """Return which text a member is, None when it is none.

    Raises:
        ParseError: The path leads out of the archive, as no honest one does.
    """
    parts = path.replace("\\", "/").split("/")
    if ".." in parts or (path[:1] in {"/", "\\"}):
        raise ParseError("a member of this archive has a path that leads out of it; it was not read")
    name = parts[-1].lower()
    ending = next((ending for ending in _ENDINGS if name.endswith(ending)), "")
    name = name.removesuffix(ending)
    return name if name in WANTED else None


def _text(opened: IO[bytes]) -> str:
    raw = opened.read(MAX_TEXT + 1)
    if len(raw) > MAX_TEXT:
        raise _too_large()
    return raw.decode("utf-8", errors="replace")


def _too_large() -> ParseError:
    return ParseError(f"this archive holds more than {MAX_BYTES // 2**20} MiB when unpacked; a probe has about two")


def _too_many() -> ParseError:
    return ParseError(f"this archive has more than {MAX_MEMBERS:,} members; a probe has about 150")


def texts_in_order(texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the texts, the fullest listing first."""
    yield from ((name, texts[name]) for name in WANTED if name in texts)
