"""What the words mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from web.pages.words import CONFIDENCE, EVIDENCE, GRADES

if TYPE_CHECKING:
    from flask import Blueprint


def add(pages: Blueprint) -> None:
    """Put the page on the blueprint."""
    pages.add_url_rule("/words", "words", _words)


def _words() -> str:
    return render_template("words.html", grades=GRADES, evidence=EVIDENCE, confidence=CONFIDENCE)
