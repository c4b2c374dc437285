"""What a listing cannot hold, added from a notes file. No I/O.

Notes are TOML in the report's own keys (docs/report-format.md): objects set or overwrite single facts; ``[[slots]]``,
``[[settings]]`` and ``[[outcomes]]`` add statements; ``[[functions]]`` adds facts to a listed function by its address.
Several notes files may follow each other; a later one overwrites facts and adds statements.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

from hwdb.errors import AnnotationError

_ADDING = ("slots", "settings", "outcomes", "cpus", "root_buses")


def annotate(document: dict[str, Any], text: str) -> dict[str, Any]:
    """Return a report document with the facts of a notes file added; the result still has to be decoded.

    Args:
        document: A report as plain data, as ``to_document`` returns it.
        text: The notes file.

    Raises:
        AnnotationError: The notes are not TOML, or speak of a function the listing does not have.
    """
    try:
        notes = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AnnotationError(f"the notes are not valid TOML: {error}") from error
    added = dict(document)
    for key, said in notes.items():
        if key == "functions":
            added[key] = _add_to_functions(document.get("functions") or [], said)
        elif key in _ADDING:
            added[key] = [*(document.get(key) or []), *_plain(said)]
        elif isinstance(said, dict):
            added[key] = {**(document.get(key) or {}), **_plain(said)}
        else:
            added[key] = _plain(said)
    return added


def _add_to_functions(listed: list[dict[str, Any]], said: Any) -> list[dict[str, Any]]:
    by_address = {function["address"]: dict(function) for function in listed}
    for facts in said if isinstance(said, list) else [said]:
        address = facts.get("address") if isinstance(facts, dict) else None
        if address not in by_address:
            raise AnnotationError(f"the notes speak of function {address!r}, which the listing does not have")
        by_address[address].update(_plain(facts))
    return list(by_address.values())


def _plain(value: Any) -> Any:
    """Return TOML data as JSON data: dates become ISO text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return value
