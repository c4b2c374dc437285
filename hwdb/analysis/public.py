"""Values of the analysis as JSON data: whole for storing, without workings for showing. No I/O."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any


def plain(value: Any, *, workings: bool = True) -> Any:
    """Return dataclasses, tuples and scalars as JSON data; unknown facts stay null.

    Args:
        value: A value of this package or of ``hwdb.queries``.
        workings: Whether fields marked as workings, which only serve the analysis, are included.
    """
    if is_dataclass(value):
        return {
            f.name.rstrip("_"): plain(getattr(value, f.name), workings=workings)
            for f in fields(value)
            if workings or not f.metadata.get("workings")
        }
    if isinstance(value, (tuple, list)):
        return [plain(item, workings=workings) for item in value]
    return value


def public(value: Any) -> Any:
    """Return a value in its public shape, the same from the command line, the API and the pages' views."""
    return plain(value, workings=False)
