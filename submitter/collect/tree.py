"""A machine's files below some root: the collector's only way to read. Missing files are answers, not errors.

Files are read with ``os`` calls: a report takes thousands of small reads, and file objects and ``pathlib`` would
double the time. ``typing`` is not imported at run time for the same reason, here and in the other readers.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# No line of sysfs is longer than a page.
_PAGE = 4096
# As long as the report format lets a name be.
LONGEST = 200


class Tree:
    """The file tree of one machine: the running one, or one recorded into a folder.

    Args:
        root: Folder that stands for ``/``.
        tell: Called with each step, for those who want to know.

    Attributes:
        live: Whether it is the running machine, so that programs and device files answer for it as well.
        denied: Paths that exist and may not be read, as far as somebody tried.
        problems: What could not be read and why, in sentences.
    """

    def __init__(self, root: str = "/", tell: Callable[[str], None] = lambda _: None) -> None:
        self._root = os.path.realpath(root).rstrip("/")
        self.live = self._root == ""
        self.denied: set[str] = set()
        self.problems: list[str] = []
        self.tell = tell

    def read(self, path: str, limit: int = _PAGE) -> bytes | None:
        """Return at most ``limit`` bytes of a file, None when it is not there or may not be read.

        Args:
            path: From the root, without a leading slash.
            limit: In bytes.
        """
        try:
            descriptor = os.open(f"{self._root}/{path}", os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except PermissionError:
            self.denied.add(path)
            return None
        except OSError:
            return None
        try:
            whole = os.read(descriptor, limit)
            while len(whole) < limit and (more := os.read(descriptor, limit - len(whole))):
                whole += more
        except OSError:
            # A device that has just gone, or sleeps and cannot be woken.
            return None
        finally:
            os.close(descriptor)
        return whole

    def text(self, path: str, longest: int = LONGEST) -> str | None:
        """Return a file's text without blanks and NULs around it, None when it is not there or blank."""
        whole = self.read(path)
        if whole is None:
            return None
        return whole.decode("utf-8", "replace").strip(" \t\r\n\0")[:longest] or None

    def number(self, path: str) -> int | None:
        """Return a file's decimal number, None when it has none."""
        said = self.text(path)
        try:
            return None if said is None else int(said)
        except ValueError:
            return None

    def names(self, path: str) -> list[str] | None:
        """Return what is in a folder, sorted; None when it is not there or may not be listed."""
        try:
            return sorted(os.listdir(f"{self._root}/{path}"))
        except PermissionError:
            self.denied.add(path)
        except OSError:
            pass
        return None

    def link(self, path: str) -> str | None:
        """Return the last part of where a symbolic link leads, None when it is none."""
        try:
            return os.readlink(f"{self._root}/{path}").rsplit("/", 1)[-1]
        except OSError:
            return None

    def real(self, path: str) -> str:
        """Return a path with its last symbolic link followed, from the root.

        The link may be absolute in a recorded tree, and must not lead to the running machine then.
        """
        try:
            target = os.readlink(f"{self._root}/{path}")
        except OSError:
            return path
        if target.startswith("/"):
            return os.path.normpath(target).lstrip("/")
        return os.path.normpath(f"{os.path.dirname(path)}/{target}")

    def exists(self, path: str) -> bool:
        """Return whether something is there."""
        return os.path.lexists(f"{self._root}/{path}")

    def device_of(self, path: str) -> int | None:
        """Return the number of the file system a path lies on, None when it is not there."""
        try:
            return os.stat(f"{self._root}/{path}").st_dev
        except OSError:
            return None

    def records(self, path: str, limit: int) -> bytes | None:
        """Return what a device file gives without waiting, one record a read, None when it may not be read."""
        try:
            descriptor = os.open(f"{self._root}/{path}", os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError:
            return None
        whole, size = [], 0
        try:
            while size < limit and (record := os.read(descriptor, 8192)):
                whole.append(record)
                size += len(record)
        except OSError:
            # Nothing more to read for now, or a record that was overwritten while it was read.
            pass
        finally:
            os.close(descriptor)
        return b"".join(whole)
