"""Archives in the kernel's initramfs format (newc), without root and without a cpio program."""

from __future__ import annotations

import io
import stat
from pathlib import PurePosixPath

_BLOCK = 512


class Archive:
    """An initramfs in the making. Folders above a file are made as needed; everything belongs to root."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        self._entries = 0
        self._folders = {PurePosixPath(".")}

    def folder(self, name: str, mode: int = 0o755) -> None:
        """Add a folder and those above it."""
        path = PurePosixPath(name)
        if path in self._folders:
            return
        self._above(path)
        self._folders.add(path)
        self._entry(name, stat.S_IFDIR | mode)

    def file(self, name: str, data: bytes, mode: int = 0o644) -> None:
        """Add a regular file."""
        self._above(PurePosixPath(name))
        self._entry(name, stat.S_IFREG | mode, data)

    def link(self, name: str, target: str) -> None:
        """Add a symbolic link."""
        self._above(PurePosixPath(name))
        self._entry(name, stat.S_IFLNK | 0o777, target.encode())

    def device(self, name: str, major: int, minor: int) -> None:
        """Add a character device, which only the archive holds: making one in a file system takes root."""
        self._above(PurePosixPath(name))
        self._entry(name, stat.S_IFCHR | 0o600, rdev=(major, minor))

    def finished(self) -> bytes:
        """Return the archive. Another may follow it directly: the kernel unpacks both, the later files win."""
        self._entry("TRAILER!!!", 0)
        self._pad(_BLOCK)
        return self._out.getvalue()

    def _above(self, path: PurePosixPath) -> None:
        if path.parent not in self._folders:
            self.folder(str(path.parent))

    def _entry(self, name: str, mode: int, data: bytes = b"", rdev: tuple[int, int] = (0, 0)) -> None:
        self._entries += 1
        spelled = name.encode() + b"\0"
        # ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
        numbers = (self._entries, mode, 0, 0, 1, 0, len(data), 0, 0, *rdev, len(spelled), 0)
        self._out.write(b"070701" + b"".join(b"%08x" % number for number in numbers) + spelled)
        self._pad(4)
        self._out.write(data)
        self._pad(4)

    def _pad(self, boundary: int) -> None:
        self._out.write(b"\0" * (-self._out.tell() % boundary))
