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
from hwdb.importers.lspci_line import full_address

_ADDING = ("slots", "settings", "outcomes", "cpus", "root_buses")


def annotate(document: dict[str, Any], text: str) -> dict[str, Any]:
    """Return a report document with the facts of a notes file added; the result still has to be decoded.

    Args:
        document: A report as plain data, as ``to_document`` returns it.
        text: The notes file.

    Raises:
        AnnotationError: The notes are not TOML, or speak of a function the listing does not have.
    """
    notes = _toml(text)
    added = dict(document)
    for key, said in notes.items():
        if key == "functions":
            added[key] = _add_to_functions(document.get("functions") or [], said)
        elif key in _ADDING:
            added[key] = [*(document.get(key) or []), *_plain(_tables(key, said))]
        elif isinstance(said, dict) and isinstance(document.get(key) or {}, dict):
            added[key] = {**(document.get(key) or {}), **_plain(said)}
        else:
            added[key] = _plain(said)
    return added


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise AnnotationError("the notes are nested too deeply; a report needs no more than 5 levels") from error
    except ValueError as error:
        raise AnnotationError(f"the notes are not valid TOML: {error}") from error


def _tables(key: str, said: Any) -> list[dict[str, Any]]:
    if isinstance(said, list) and all(isinstance(item, dict) for item in said):
        return said
    raise AnnotationError(f"{key} adds statements one by one; write each below a line [[{key}]]")


def _add_to_functions(listed: list[dict[str, Any]], said: Any) -> list[dict[str, Any]]:
    by_address = {function["address"]: dict(function) for function in listed}
    for facts in _tables("functions", said):
        stated = facts.get("address")
        if not isinstance(stated, str):
            raise AnnotationError("a [[functions]] of the notes has no address, like '0000:01:00.0', to be found by")
        address = full_address(stated)
        if address not in by_address:
            raise AnnotationError(f"the notes speak of function {stated!r}, which the listing does not have")
        by_address[address].update({**_plain(facts), "address": address})
    return list(by_address.values())


def _plain(value: Any) -> Any:
    """Return TOML data as JSON data: dates and times become ISO text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return value
