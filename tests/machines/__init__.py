"""Recorded machines and made-up ones, as reports."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from hwdb import schema
from tests.conftest import ROOT

if TYPE_CHECKING:
    from hwdb.report import Report

SEED = ROOT / "hwdb" / "starter" / "asrock-x399-taichi-1900x.json"


@cache
def seed() -> Report:
    """Return the report of the X399 Taichi with a Threadripper 1900X."""
    return schema.load(json.loads(SEED.read_text(encoding="utf-8"))).report


def seed_document() -> dict[str, Any]:
    """Return the same as a document, to be changed."""
    document: dict[str, Any] = json.loads(SEED.read_text(encoding="utf-8"))
    return document
