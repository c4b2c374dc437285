"""Answers on a terminal."""

from __future__ import annotations

import json
import sys
from typing import Any

import click


def print_json(document: Any) -> None:
    """Print JSON; letters stand for themselves where the output can hold them all."""
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower()
    click.echo(json.dumps(document, indent=1, ensure_ascii=not encoding.startswith("utf")))
