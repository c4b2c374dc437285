"""Names made to fit where there is room for so many letters only: in drawings and pictures. Pure functions."""

from __future__ import annotations

import unicodedata

from web.pages.words import plain


def lines(text: str, room: int) -> tuple[str, ...]:
    """Return a name in one line or, at a blank where there is one, in two."""
    if letters(text) <= room:
        return (text,)
    first = ""
    for word in text.split(" "):
        if letters(f"{first} {word}") > room:
            break
        first = f"{first} {word}".strip()
    first = first or _head(text, room)
    return first, cut(text[len(first) :].strip(), room + 1)


def cut(text: str, room: int) -> str:
    """Return text in one line of at most so many letters, its end cut off visibly."""
    text = " ".join(plain(text).split())
    return text if letters(text) <= room else f"{_head(text, room - 1).rstrip()}…"


def _head(text: str, room: int) -> str:
    taken = 0
    for at, letter in enumerate(text):
        taken += letters(letter)
        if taken > room:
            return text[:at]
    return text


def letters(text: str) -> int:
    """Return how many letters' width a text takes: East Asian letters take two, marks on letters none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
