"""Reads the curated layouts and platform notes that come with the package, once."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from hwdb.analysis.layouts import parse_layout
from hwdb.analysis.platform_notes import parse_notes
from hwdb.errors import CuratedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from hwdb.analysis.layouts import Layout
    from hwdb.analysis.platform_notes import CuratedNote


@lru_cache(maxsize=1)
def curated_layouts() -> tuple[Layout, ...]:
    """Return the layouts of ``hwdb/boards``, in the order of their files' names."""
    return read_layouts(files("hwdb") / "boards")


@lru_cache(maxsize=1)
def curated_notes() -> tuple[CuratedNote, ...]:
    """Return the notes of ``hwdb/platforms``, in the order of their files' names."""
    return read_notes(files("hwdb") / "platforms")


def read_layouts(folder: Traversable) -> tuple[Layout, ...]:
    """Return the layouts of a folder.

    Raises:
        CuratedError: A file breaks the schema, or two files describe one board.
    """
    layouts = tuple(parse_layout(name, data) for name, data in _read(folder))
    seen: dict[tuple[str, str], str] = {}
    for layout in layouts:
        for key in layout.keys:
            other = seen.setdefault((layout.vendor_key, key), layout.file)
            if other != layout.file:
                raise CuratedError(f"{layout.file}: board.names: {other} describes the same board.")
    return layouts


def read_notes(folder: Traversable) -> tuple[CuratedNote, ...]:
    """Return the notes of a folder.

    Raises:
        CuratedError: A file breaks the schema, or two notes have one id.
    """
    notes: list[CuratedNote] = []
    for name, data in _read(folder):
        added = parse_notes(name, data)
        known = {one.note.id for one in notes}
        again = [one.note.id for one in added if one.note.id in known]
        if again:
            raise CuratedError(f"{name}: notes.id: {again[0]!r} is the id of a note in another file.")
        notes += added
    return tuple(notes)


def _read(folder: Traversable) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if not path.name.endswith(".toml"):
            continue
        try:
            yield path.name, tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            raise CuratedError(f"{path.name}: is no TOML: {problem}.") from problem
