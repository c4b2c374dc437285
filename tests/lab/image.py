"""What every guest boots: a kernel and a base initramfs, made once of Debian's packages and kept in a cache."""

from __future__ import annotations

import fcntl
import hashlib
import lzma
import os
import re
import shutil
import struct
import tempfile
import time
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab import cpio, debian, initramfs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Of the kernel's 400 MB the guest needs the kernel, and of its modules these and what they depend on.
_FROM_KERNEL = re.compile(
    r"\./boot/vmlinuz-|\./(?:usr/)?lib/modules/[^/]+/kernel/(?:virt/lib|net/core"
    r"|drivers/(?:virtio|vfio|ptp|pps|net/(?:virtio|net_failover)|net/ethernet/intel/e1000e))"
)
_KEPT = 24 * 3600
_XZ, _GZIP = b"\xfd7zXZ\0", b"\x1f\x8b"


@dataclass(frozen=True)
class Image:
    """A kernel and an initramfs, as files."""

    kernel: Path
    initramfs: Path


def cache() -> Path:
    """Return where packages and images are kept: ``HWDB_LAB``, else below the user's cache folder."""
    own = os.environ.get("HWDB_LAB")
    return Path(own) if own else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hwdb" / "lab"


def image() -> Image:
    """Return the image of the current packages, making it when it is not in the cache.

    Raises:
        NoPackages: apt cannot provide the packages.
    """
    folder = cache()
    with _alone(folder):
        debs = debian.packages(folder / "packages")
        made = folder / f"image-{_key(debs)}"
        if not made.exists():
            with tempfile.TemporaryDirectory(dir=folder, prefix="making-") as making:
                _make(debs, Path(making) / "unpacked", Path(making) / "image")
                (Path(making) / "image").rename(made)
        os.utime(made)
        _forget_unused(folder)
    return Image(made / "kernel", made / "initramfs")


def _forget_unused(folder: Path) -> None:
    """Remove images that no checkout has booted lately: each is 100 MB, and new packages and code make a new one."""
    for made in folder.glob("image-*"):
        if time.time() - made.stat().st_mtime > _KEPT:
            shutil.rmtree(made)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes from filling the same cache at the same time."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _key(debs: Iterable[Path]) -> str:
    """Return what changes with the packages and with the code that puts them together."""
    modules = (cpio, debian, initramfs)
    code = [Path(__file__), *(Path(str(module.__file__)) for module in modules), initramfs.INIT]
    names = "\n".join(sorted(deb.name for deb in debs))
    return hashlib.sha256(b"".join([names.encode(), *(path.read_bytes() for path in code)])).hexdigest()[:16]


def _make(debs: Iterable[Path], unpacked: Path, made: Path) -> None:
    made.mkdir()
    for deb in debs:
        debian.unpack(deb, unpacked, _FROM_KERNEL if deb.name.startswith("linux-image-") else None)
    vmlinuz = next(unpacked.glob("boot/vmlinuz-*"))
    (made / "kernel").write_bytes(bare_kernel(vmlinuz.read_bytes()))
    (made / "initramfs").write_bytes(initramfs.base(unpacked))
    shutil.rmtree(unpacked)


def bare_kernel(bzimage: bytes) -> bytes:
    """Return the kernel out of its self-extracting image, which QEMU boots directly (PVH).

    Emulated, the unpacking of an xz kernel takes as long as all the rest of the boot. Images packed otherwise are
    returned as they are: they boot too.
    """
    setup = (bzimage[0x1F1] + 1) * 512
    offset, length = struct.unpack_from("<II", bzimage, 0x248)
    packed = bzimage[setup + offset : setup + offset + length]
    if packed.startswith(_XZ):
        # The payload ends in its unpacked size, which is not xz; a decompressor object stops before it.
        return lzma.LZMADecompressor(format=lzma.FORMAT_XZ).decompress(packed)
    if packed.startswith(_GZIP):
        return zlib.decompressobj(31).decompress(packed)
    return bzimage
