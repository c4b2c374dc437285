"""The one encoding of a report: plain data, canonical bytes, and the digest that identifies them. No I/O."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from hwdb.report.document import Function

if TYPE_CHECKING:
    from hwdb.report.document import Report


def key_of(attribute: str) -> str:
    """Return the JSON key of a dataclass attribute; a trailing underscore only avoids a Python keyword."""
    return attribute.rstrip("_")


def to_document(report: Report) -> dict[str, Any]:
    """Return the report as plain JSON data.

    Unknown facts (None) are left out, known-empty ones are empty lists. All parts of the top level stand there, and
    every function has ``address`` and ``iommu_group``, the latter null when it is not known.
    """
    plain = _plain(report)
    return {key_of(f.name): plain.get(key_of(f.name)) for f in fields(report)}


def canonical(document: dict[str, Any]) -> bytes:
    """Return the canonical bytes of a plain document: sorted keys, no blanks, UTF-8."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def digest(encoded: bytes) -> str:
    """Return the SHA-256 of canonical bytes as 64 hex digits; the first 16 are the report's public id."""
    return hashlib.sha256(encoded).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if not is_dataclass(value):
        return value
    document = {key_of(f.name): _plain(getattr(value, f.name)) for f in fields(value)}
    known = {key: item for key, item in document.items() if item is not None}
    # "In no group" is an answer, so a function says it aloud; elsewhere null would only be silence.
    return {**known, "iommu_group": value.iommu_group} if isinstance(value, Function) else known
