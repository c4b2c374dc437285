"""How well a board's name fits the words somebody types: in any order, in part, with typing errors."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from hwdb.identity import searchable

if TYPE_CHECKING:
    from collections.abc import Sequence

LIKE_ENOUGH = 80
"""A name must be this like the words asked for (0 to 100): one typing error in a short word, two in a longer one."""

# A search compares every name there is; spelling each anew would take most of its time.
plainly = lru_cache(maxsize=100_000)(searchable)
"""Return a name as a search compares it, remembered."""


def likeness(words: Sequence[str], asked: str, name: str) -> float:
    """Return how well a name fits: the least of how well each word asked for fits some part of it; 0 when not enough.

    Whole words count a little more than parts of words, and a name that holds nothing else more than a longer one.

    Args:
        words: Those the name must hold.
        asked: All that was asked, which may hold more.
        name: As ``searchable`` spells it.
    """
    parts = [*name.split(), name.replace(" ", "")]
    worst = 100.0
    for word in words:
        worst = min(worst, max(_word_likeness(word, part) for part in parts))
        if worst < LIKE_ENOUGH:
            return 0.0
    return worst * 0.9 + fuzz.token_sort_ratio(asked, name) * 0.1


def _word_likeness(word: str, part: str) -> float:
    if word == part:
        return 100.0
    # A model number is no word to mistype: X399 is not X299.
    if any(c.isdigit() for c in word):
        return 96.0 if word in part else 0.0
    if len(word) > 1 and word in part:
        return 96.0
    return fuzz.ratio(word, part, score_cutoff=LIKE_ENOUGH)
