"""The base initramfs: busybox, Debian's Python with its library compiled beforehand, and a few kernel modules."""

from __future__ import annotations

import lzma
import re
import struct
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab.cpio import Archive

if TYPE_CHECKING:
    from collections.abc import Iterator

INIT = Path(__file__).with_name("init.sh")
LIBRARIES = "lib/x86_64-linux-gnu"
LOADER = "ld-linux-x86-64.so.2"
MODULES = ("virtio_pci", "virtio_net", "e1000e", "vfio_pci")
# Parts of the library that no client imports, a third of its size.
_UNUSED = re.compile(r"/(?:test|tests|idlelib|ensurepip|lib2to3|pydoc_data|tkinter|turtledemo|unittest|config-3[^/]*)/")
_APPLETS = ("sh", "mount", "cat", "cut", "echo", "insmod", "ip", "ls", "dmesg", "poweroff", "sleep", "su")
_ACCOUNTS = "root:x:0:0:root:/:/bin/sh\nowner:x:1000:1000:owner:/tmp:/bin/sh\n"
_RELEASE = """PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
"""


def base(unpacked: Path) -> bytes:
    """Return the archive made of unpacked packages."""
    archive = Archive()
    for name in ("proc", "sys", "dev", "etc", "lab"):
        archive.folder(name)
    archive.folder("tmp", 0o1777)
    archive.device("dev/console", 5, 1)
    archive.file("init", INIT.read_bytes(), 0o755)
    archive.file("etc/passwd", _ACCOUNTS.encode())
    archive.file("etc/group", b"root:x:0:\nowner:x:1000:\n")
    archive.file("etc/os-release", _RELEASE.encode())
    archive.file("bin/busybox", _one_of(unpacked, "bin/busybox").read_bytes(), 0o755)
    for applet in _APPLETS:
        archive.link(f"bin/{applet}", "busybox")
    _add_python(archive, unpacked)
    for name, data in _modules(unpacked):
        archive.file(f"lib/modules/{name}", data)
    return archive.finished()


def _add_python(archive: Archive, unpacked: Path) -> None:
    python = next(iter(sorted(unpacked.glob("usr/bin/python3.*"))))
    libraries = {path.name: path for path in sorted(unpacked.glob(f"**/{LIBRARIES}/*.so*"))}
    _compile(unpacked, python, libraries)
    archive.file(f"lib64/{LOADER}", libraries[LOADER].read_bytes(), 0o755)
    archive.file(f"usr/bin/{python.name}", python.read_bytes(), 0o755)
    archive.link("usr/bin/python3", python.name)
    needed = set(_needed(python.read_bytes()))
    for path in sorted((unpacked / "usr/lib" / python.name).rglob("*")):
        inside = path.relative_to(unpacked).as_posix()
        compiled = path.suffix == ".py" and path.with_suffix(".pyc").exists()
        if not path.is_file() or path.is_symlink() or compiled or _UNUSED.search(f"/{inside}"):
            continue
        data = path.read_bytes()
        if path.suffix == ".so":
            wants = set(_needed(data))
            # An extension whose library was left out (curses, readline, dbm) is left out too.
            if not wants <= set(libraries):
                continue
            needed |= wants
        archive.file(inside, data)
    for name in _with_their_own(needed, libraries):
        archive.file(f"{LIBRARIES}/{name}", libraries[name].read_bytes(), 0o755)


def _compile(unpacked: Path, python: Path, libraries: dict[str, Path]) -> None:
    """Compile the library in place, with the packaged Python itself: the one at hand may be of another version.

    A guest that compiled its imports would take twice as long, being emulated.
    """
    folders = sorted({str(path.parent) for path in libraries.values()})
    library = unpacked / "usr/lib" / python.name
    start = [str(libraries[LOADER]), "--library-path", ":".join(folders), str(python), "-I", "-S", "-m", "compileall"]
    options = ["-q", "-b", "--invalidation-mode", "unchecked-hash", "-s", str(library), "-p", f"/usr/lib/{python.name}"]
    # Its exit status counts the files of lib2to3's tests, which are wrong on purpose.
    subprocess.run([*start, *options, str(library)], check=False, capture_output=True)
    if not (library / "os.pyc").exists():
        raise RuntimeError(f"{python.name} of the package did not run, so the guest has no library")


def _needed(elf: bytes) -> Iterator[str]:
    """Yield the libraries a program or library is linked with (DT_NEEDED of its dynamic section)."""
    sections_at, count = struct.unpack_from("<Q", elf, 40)[0], struct.unpack_from("<H", elf, 60)[0]
    sections = [struct.unpack_from("<IIQQQQIIQQ", elf, sections_at + 64 * i) for i in range(count)]
    for _, kind, _, _, offset, size, link, *_ in sections:
        if kind != 6:
            continue
        names = sections[link][4]
        for at in range(offset, offset + size, 16):
            tag, value = struct.unpack_from("<QQ", elf, at)
            if tag == 1:
                yield elf[names + value : elf.index(b"\0", names + value)].decode()


def _with_their_own(names: set[str], libraries: dict[str, Path]) -> list[str]:
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= {n for n in _needed(libraries[name].read_bytes()) if n in libraries} - found
    return sorted(found)


def _modules(unpacked: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the modules, those they need, and for each of ``MODULES`` a list of these in the order they load in."""
    paths = {path.name.split(".")[0].replace("-", "_"): path for path in unpacked.glob("**/lib/modules/**/*.ko*")}
    loaded: dict[str, bytes] = {}

    def way_to(name: str) -> list[str]:
        # A module that is not there is built into the kernel.
        if name not in paths:
            return []
        packed = paths[name].read_bytes()
        loaded[name] = lzma.decompress(packed) if paths[name].suffix == ".xz" else packed
        depends = re.search(rb"\0depends=([^\0]*)\0", loaded[name])
        others = depends.group(1).decode().replace("-", "_").split(",") if depends else []
        return [*(step for other in filter(None, others) for step in way_to(other)), name]

    for name in MODULES:
        yield f"{name}.way", "\n".join(dict.fromkeys(way_to(name))).encode()
    for name, module in loaded.items():
        yield f"{name}.ko", module


def _one_of(folder: Path, inside: str) -> Path:
    """Return a file of /bin, which newer releases of Debian keep in /usr/bin."""
    return next(path for path in (folder / inside, folder / "usr" / inside) if path.exists())
