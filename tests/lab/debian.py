"""Debian packages by name: fetched with ``apt-get download`` and unpacked in a folder, never installed."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Of what Python depends on, the part the guest loads; the rest is for terminals, mail caps and databases.
_LOADED = re.compile(r"(?:lib)?python3|libc6$|libcrypt|libexpat|libffi|libssl|libbz2|liblzma|libuuid|libzstd|zlib1g")


class NoPackages(Exception):
    """apt does not know or cannot fetch what the guest is made of; the sentence says what."""


def packages(folder: Path) -> list[Path]:
    """Return the packages a guest is made of, as files in a folder.

    Raises:
        NoPackages: apt cannot provide them.
    """
    try:
        return fetch(wanted(), folder)
    except NoPackages:
        if os.geteuid() != 0:
            raise
        # Lists of packages go stale: the archive drops a version soon after the next one.
        _run("apt-get", "update", "-q")
        return fetch(wanted(), folder)


def wanted() -> list[str]:
    """Return the names of the packages a guest is made of: kernel, shell, Python and its libraries."""
    kernel = _depends("linux-image-amd64", r"linux-image-\d\S+")
    python = _depends("python3-minimal", r"python3\.\d+-minimal")
    version = python.removesuffix("-minimal")
    libraries = _closure(python, f"lib{version}-stdlib")
    return sorted({kernel, "busybox-static", *libraries})


def fetch(names: Iterable[str], folder: Path) -> list[Path]:
    """Return the packages as files, downloading those that are not in the folder yet."""
    folder.mkdir(parents=True, exist_ok=True)
    names = list(names)
    missing = [name for name in names if not any(folder.glob(f"{name}_*.deb"))]
    if missing:
        with tempfile.TemporaryDirectory(dir=folder) as arriving:
            _run("apt-get", "download", "-q", *missing, cwd=Path(arriving))
            # A name appears only with its whole file behind it: another process may be looking.
            for deb in Path(arriving).glob("*.deb"):
                deb.replace(folder / deb.name)
    return [max(folder.glob(f"{name}_*.deb"), key=lambda deb: deb.stat().st_mtime) for name in names]


def unpack(deb: Path, folder: Path, only: re.Pattern[str] | None) -> None:
    """Unpack a package, or only those of its files whose path (``./usr/...``) fits."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE) as unpacking:
        with tarfile.open(fileobj=unpacking.stdout, mode="r|") as archive:
            for member in archive:
                if only is None or only.match(member.name):
                    _extract(archive, member, folder)
        if unpacking.stdout is not None:
            unpacking.stdout.read()
    if unpacking.returncode:
        raise NoPackages(f"{deb.name} cannot be unpacked; delete it and try again")


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    # By hand: what tarfile extracts by itself, and how it must be asked to, differs from one Python 3.11 to the next.
    path = folder / member.name
    path.parent.mkdir(parents=True, exist_ok=True)
    if member.issym():
        path.symlink_to(member.linkname)
    elif member.isfile() and (file := archive.extractfile(member)) is not None:
        path.write_bytes(file.read())
        path.chmod(member.mode & 0o777)


def _depends(package: str, pattern: str) -> str:
    """Return the one dependency of a meta package that fits: Debian names the current version so."""
    found = re.search(rf"Depends: ({pattern})", _run("apt-cache", "depends", package))
    if found is None:
        raise NoPackages(f"apt knows no current {package}; run `apt-get update` as root")
    return found.group(1)


def _closure(*packages: str) -> list[str]:
    kinds = ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
    listed = _run("apt-cache", "depends", "--recurse", *(f"--no-{kind}" for kind in kinds), *packages)
    names = re.findall(r"^[a-z0-9][\w.+-]*$", listed, re.MULTILINE)
    return [name for name in names if _LOADED.match(name)]


def _run(*command: str, cwd: Path | None = None) -> str:
    try:
        return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout
    except FileNotFoundError as error:
        raise NoPackages(f"{command[0]} is not here, and the guest is made of Debian's packages") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or [f"exit status {error.returncode}"]
        raise NoPackages(f"{' '.join(command[:2])} failed ({said[-1]}); run `apt-get update` as root") from error
