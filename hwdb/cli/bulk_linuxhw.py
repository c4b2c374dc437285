"""The data sets linuxhw/LsPCI and linuxhw/DMI, as folders of a local clone: one report for each machine in them.

What their READMEs say of their folders: a dump of DMI is ``TYPE/VENDOR/FAMILY/MODEL/HWID``, one of LsPCI the same
folder and below it ``OS/KERNEL/ARCH/PROBE``. HWID is the data sets' own name for a machine, which joins the two.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from hwdb.cli.bulk_reading import UNREADABLE, Reading, cleaned, content_of, reports_in
from hwdb.errors import HwdbError, ParseError
from hwdb.identity import is_placeholder
from hwdb.importers.combine import combine
from hwdb.report import Kernel, System

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hwdb.report import Report

LICENCE = "CC-BY-4.0"
LSPCI, DMI = "LsPCI", "DMI"

_HWID = re.compile(r"[0-9A-F]{12}\Z")
_DEPTHS = {LSPCI: 9, DMI: 5}
_FORMATS = {LSPCI: "lspci", DMI: "dmidecode"}
# What the data sets call a maker or a model that they do not know.
_OTHERS = "Others"
_GROUPS = b"IOMMU group"


@dataclass(frozen=True)
class LinuxhwMachine:
    """All dumps of one machine.

    Attributes:
        lspci, dmi: Paths below the folder of each data set; several where a machine was probed or filed repeatedly.
        lspci_root, dmi_root: These folders.
    """

    lspci: tuple[str, ...]
    dmi: tuple[str, ...]
    lspci_root: str
    dmi_root: str

    @property
    def files(self) -> tuple[str, ...]:
        """All its dumps."""
        below = [(self.lspci_root, path) for path in self.lspci] + [(self.dmi_root, path) for path in self.dmi]
        return tuple(f"{root}/{path}" for root, path in below)

    @property
    def machine(self) -> str:
        """Its HWID: two machines of a model have dumps of equal content."""
        return (self.lspci or self.dmi)[0].split("/")[4]

    def read(self) -> tuple[Reading, ...]:
        """Return one report: the dump that tells most of each data set, taken together."""
        found: list[tuple[str, str, Report]] = []
        reasons: list[str] = []
        for repository, root, paths in (
            (LSPCI, self.lspci_root, _newest_with_groups(self.lspci_root, self.lspci)),
            (DMI, self.dmi_root, _best_filed(self.dmi, self.lspci)),
        ):
            for path in paths:
                try:
                    found.append((repository, path, _largest(repository, f"{root}/{path}")))
                    break
                except HwdbError as error:
                    reasons.append(f"{repository}: {error}")
        try:
            return (Reading(self.files, (_joined(found),)),) if found else (self._unread(reasons[0]),)
        except HwdbError as error:
            return (self._unread(str(error)),)

    def _unread(self, reason: str) -> Reading:
        return Reading(self.files, outcome=UNREADABLE, reason=reason)


def linuxhw_machines(lspci: str | None, dmi: str | None, types: Collection[str] = ()) -> dict[str, LinuxhwMachine]:
    """Return the machines of the data sets by HWID, in the order of their folders.

    Args:
        lspci: Folder of the clone of LsPCI; None when it is left out.
        dmi: The same of DMI.
        types: Names of the types of computer to take, like ``Desktop``; empty for all.

    Raises:
        ParseError: A folder holds no dump where that data set has them.
    """
    by_machine: dict[str, dict[str, list[str]]] = defaultdict(lambda: {LSPCI: [], DMI: []})
    for repository, root in ((DMI, dmi), (LSPCI, lspci)):
        if root is None:
            continue
        before = len(by_machine)
        for path in _dumps(root, _DEPTHS[repository], types):
            by_machine[path.split("/")[4]][repository].append(path)
        if len(by_machine) == before and not any(dumps[repository] for dumps in by_machine.values()):
            of_types = f" of the types {', '.join(sorted(types))}" if types else ""
            raise ParseError(
                f"{root} holds no dumps{of_types} where linuxhw/{repository} has them; give the folder of a clone with"
                " its files checked out, in which Desktop, Server and the others stand"
            )
    return {
        hwid: LinuxhwMachine(tuple(dumps[LSPCI]), tuple(dumps[DMI]), lspci or "", dmi or "")
        for hwid, dumps in by_machine.items()
    }


def _dumps(root: str, depth: int, types: Collection[str]) -> Iterator[str]:
    """Yield the paths of ordinary files at a depth, whose fifth part is a HWID, below the folders of some types."""
    left = [(root, "", 0)]
    while left:
        folder, below, level = left.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            raise ParseError(f"{folder} cannot be read: {error.strerror}") from error
        for entry in reversed(found):
            path = f"{below}{entry.name}"
            if level + 1 == depth and entry.is_file(follow_symlinks=False) and _HWID.match(path.split("/")[4]):
                yield path
        for entry in found:
            if level == 0 and (entry.name.startswith(".") or (types and entry.name not in types)):
                continue
            if level + 1 < depth and entry.is_dir(follow_symlinks=False):
                left.append((entry.path, f"{below}{entry.name}/", level + 1))


def _largest(repository: str, path: str) -> Report:
    _, reports = reports_in(content_of(path), _FORMATS[repository])
    return max(reports, key=lambda report: len(report.functions))


def _newest_with_groups(root: str, paths: tuple[str, ...]) -> list[str]:
    """Return a machine's probes, those that show IOMMU groups first, of these the one with the newest kernel."""
    newest = sorted(paths, key=lambda path: (_version(path.split("/")[6]), path), reverse=True)
    if len(newest) < 2:
        return newest
    return sorted(newest, key=lambda path: not _shows_groups(f"{root}/{path}"))


def _version(kernel: str) -> tuple[int, ...]:
    """Return the numbers a kernel's name begins with."""
    found = re.match(r"\d+(?:[.-]\d+)*", kernel)
    return tuple(int(number) for number in re.split("[.-]", found[0])) if found else ()


def _shows_groups(path: str) -> bool:
    try:
        return _GROUPS in content_of(path)
    except ParseError:
        return False


def _best_filed(paths: tuple[str, ...], lspci: tuple[str, ...]) -> list[str]:
    """Return a machine's dumps, the one filed like its probes first, then those whose model is known."""
    folders = {_folder(path) for path in lspci}
    return sorted(paths, key=lambda path: (_folder(path) not in folders, _OTHERS in path.split("/"), path))


def _folder(path: str) -> str:
    return "/".join(path.split("/")[:5])


def _joined(found: list[tuple[str, str, Report]]) -> Report:
    """Return one report of a machine's dumps, with where they were published."""
    report = combine([report for _, _, report in found], [repository for repository, _, _ in found])
    by_repository = {repository: path for repository, path, _ in found}
    if LSPCI in by_repository:
        system, kernel = _of_folder(by_repository[LSPCI])
        if DMI not in by_repository:
            report = replace(report, system=system)
        if report.kernel.release is None:
            report = replace(
                report, kernel=replace(report.kernel, release=kernel.release, distribution=kernel.distribution)
            )
    reference = " and ".join(_address(repository, path) for repository, path in by_repository.items())
    provenance = replace(report.provenance, reference=reference, licence=LICENCE)
    return cleaned(replace(report, provenance=provenance))


def _of_folder(path: str) -> tuple[System, Kernel]:
    """Return what the folders of a probe say: who made the computer, its model, the system and the kernel.

    They are spelled as the data set spells them; kernels stand there in capitals, as no kernel is named.
    """
    _, vendor, _, model, _, distribution, kernel, *_ = path.split("/")
    known = model != _OTHERS and not is_placeholder(model)
    system = System(vendor=None if vendor == _OTHERS else vendor, name=model if known else None)
    return system, Kernel(release=kernel.lower(), distribution=distribution)


def _address(repository: str, path: str) -> str:
    """Return where a dump can be read."""
    return f"https://github.com/linuxhw/{repository}/blob/HEAD/{quote(path)}"
