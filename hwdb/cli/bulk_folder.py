"""A folder of anything: which files belong together, and what each holds."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hwdb.cli.bulk_reading import Reading, cleaned, read_file
from hwdb.errors import HwdbError
from hwdb.importers.archive import WANTED
from hwdb.importers.combine import combine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_VERSION_CONTROL = frozenset({".git", ".hg", ".svn"})
_ENDINGS = (".txt", ".log", ".json")
# A stem that more files share is a title, not a machine.
_MOST_TOGETHER = 8


@dataclass(frozen=True)
class FolderInput:
    """One file, or several that may be about one machine.

    Attributes:
        files: Paths; of several each is read by itself first.
        of_one_machine: Whether their names say nothing but which program wrote them, so that all in the folder are of
            one machine; else files in the same format are kept apart.
    """

    files: tuple[str, ...]
    of_one_machine: bool = False

    @property
    def machine(self) -> None:
        """Nothing but the content tells the machines of a folder apart."""

    def read(self) -> tuple[Reading, ...]:
        """Return one reading when the files are about one machine, else one for each file."""
        readings = tuple(map(read_file, self.files))
        found = [reading for reading in readings if reading.reports]
        formats = {reading.format for reading in found}
        single = all(len(reading.reports) == 1 for reading in found)
        if len(found) < 2 or not single or (len(formats) < len(found) and not self.of_one_machine):
            return readings
        # The fullest listing is believed first.
        found.sort(key=lambda reading: len(reading.reports[0].functions), reverse=True)
        try:
            report = cleaned(combine([reading.reports[0] for reading in found]))
        except HwdbError:
            return readings
        together = replace(found[0], files=tuple(file for each in found for file in each.files), reports=(report,))
        return (together, *(reading for reading in readings if not reading.reports))


def folder_inputs(paths: Iterable[str]) -> tuple[list[FolderInput], int]:
    """Return what is to be imported of some folders, and files beside them, and how many links and devices are not.

    Links are not followed: what they point at inside the folder is found there, and what lies outside was not meant.
    Files are taken together when they stand in one folder and are named alike up to the first dot, or are named after
    the programs whose output an archive of hw-probe holds.
    """
    inputs: list[FolderInput] = []
    passed = 0
    for path in paths:
        if not Path(path).is_dir():
            inputs.append(FolderInput((path,)))
            continue
        for files, others in _walk(path):
            passed += others
            inputs += _together(files)
    return inputs, passed


def _walk(top: str) -> Iterator[tuple[dict[str, str], int]]:
    """Yield, folder by folder, the paths of ordinary files by their names, and how many other things stand there."""
    left = [top]
    while left:
        files: dict[str, str] = {}
        folders: list[str] = []
        others = 0
        try:
            with os.scandir(left.pop()) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    if entry.is_file(follow_symlinks=False):
                        files[entry.name] = entry.path
                    elif not entry.is_dir(follow_symlinks=False):
                        others += 1
                    elif entry.name not in _VERSION_CONTROL:
                        folders.append(entry.path)
        except OSError:
            # A folder that may not be looked into is passed over like a link.
            others += 1
        left += reversed(folders)
        yield files, others


def _together(files: dict[str, str]) -> Iterator[FolderInput]:
    programs = {name: order for name in files if (order := _program(name)) is not None}
    if len(programs) > 1:
        ordered = sorted(programs, key=lambda name: (programs[name], name))
        yield FolderInput(tuple(files[name] for name in ordered), of_one_machine=True)
    by_stem: dict[str, list[str]] = defaultdict(list)
    for name, path in files.items():
        if len(programs) < 2 or name not in programs:
            # A hidden file's name begins after its dot.
            by_stem[name[:1] + name[1:].partition(".")[0]].append(path)
    for paths in by_stem.values():
        if len(paths) <= _MOST_TOGETHER:
            yield FolderInput(tuple(paths))
        else:
            yield from (FolderInput((path,)) for path in paths)


def _program(name: str) -> int | None:
    """Return the place of a file's program among those of an archive, None when it is named otherwise."""
    lowered = name.lower()
    ending = next((ending for ending in _ENDINGS if lowered.endswith(ending)), "")
    stem = lowered.removesuffix(ending)
    return WANTED.index(stem) if stem in WANTED else None
