"""Whose report it is: what is kept of a submitter's key. No I/O."""

from __future__ import annotations

import hashlib


def owner_hash(key: str) -> str:
    """Return what is kept of a submitter's key: its SHA-256, 64 hex digits. The key itself is nowhere stored."""
    return hashlib.sha256(key.encode()).hexdigest()
