"""What curated files have in common: tables read key by key, and the sources they rest on. No I/O.

Curated files are written by people: whatever is wrong in one is a sentence that names the file, the key and what
would be right. Unknown keys are wrong too, so that a misspelled one is not silently left out.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hwdb.errors import CuratedError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_URL = re.compile(r"https://[^\s/]+/\S*")


@dataclass(frozen=True)
class Source:
    """Where a curated fact comes from.

    Attributes:
        key: What the file calls it, like ``manual``.
        title: What it is called, so that it is found when its address has changed.
        who: Who says so: a maker, a project, a public person or the kind of person.
        says: What of it is used, in our words.
        url: Where it can be read; None when it has no public address.
        date: When it was said, as an ISO year, month or day; None is unknown.
    """

    key: str
    title: str
    who: str
    says: str
    url: str | None
    date: str | None


class Table:
    """One table of a curated file while it is read.

    Args:
        file: Name of the file, for sentences.
        where: The table's place in it, like ``slots[3]``; empty for the whole file.
        data: The table as ``tomllib`` gives it.
    """

    def __init__(self, file: str, where: str, data: Mapping[str, Any]) -> None:
        self._file = file
        self._where = where
        self._data = data
        self._read: set[str] = set()

    def wrong(self, key: str, reason: str) -> CuratedError:
        """Return the error that a key of this table is wrong for a reason; the caller raises it."""
        place = f"{self._where}.{key}" if self._where and key else self._where or key
        return CuratedError(f"{self._file}: {place + ': ' if place else ''}{reason}")

    def has(self, key: str) -> bool:
        """Whether a key is there."""
        return key in self._data

    def text(self, key: str) -> str:
        """Return a text, which must be there and say something."""
        said = self.text_or_none(key)
        if said is None:
            raise self.wrong(key, "is missing; it is a text.")
        return said

    def text_or_none(self, key: str) -> str | None:
        """Return a text, None when the key is not there."""
        said = self._take(key)
        if said is None:
            return None
        if not isinstance(said, str) or not said.strip() or said != said.strip():
            raise self.wrong(key, f"must be a text without blanks around it; it is {said!r}.")
        return said

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty when the key is not there; each must say something and stand there once."""
        said = self._take(key)
        if said is None:
            return ()
        if not isinstance(said, list) or not said or not all(isinstance(one, str) and one.strip() for one in said):
            raise self.wrong(key, f"must be a list of texts; it is {said!r}.")
        if len(set(said)) < len(said):
            raise self.wrong(key, f"names one of them twice: {said!r}.")
        return tuple(said)

    def word(self, key: str, words: Collection[str]) -> str:
        """Return one of the words that a key may have."""
        said = self.text(key)
        if said not in words:
            raise self.wrong(key, f"must be one of {', '.join(words)}; it is {said!r}.")
        return said

    def word_or_none(self, key: str, words: Collection[str]) -> str | None:
        """Return one of the words that a key may have, None when the key is not there."""
        return self.word(key, words) if self.has(key) else None

    def shaped(self, key: str, shape: re.Pattern[str], example: str) -> str | None:
        """Return a text of a certain shape, None when the key is not there."""
        said = self.text_or_none(key)
        if said is not None and shape.fullmatch(said) is None:
            raise self.wrong(key, f"must look like {example}; it is {said!r}.")
        return said

    def integer(self, key: str, allowed: Collection[int]) -> int | None:
        """Return one of the numbers that a key may have, None when the key is not there."""
        said = self._take(key)
        if said is None:
            return None
        if not isinstance(said, int) or isinstance(said, bool) or said not in allowed:
            few = f"{min(allowed)} to {max(allowed)}" if isinstance(allowed, range) else ", ".join(map(str, allowed))
            raise self.wrong(key, f"must be a whole number of {few}; it is {said!r}.")
        return said

    def number(self, key: str) -> float | None:
        """Return a number from zero, None when the key is not there."""
        said = self._take(key)
        if said is None:
            return None
        if not isinstance(said, (int, float)) or isinstance(said, bool) or not 0 <= said < 1000:
            raise self.wrong(key, f"must be a number from 0; it is {said!r}.")
        return float(said)

    def table(self, key: str) -> Table:
        """Return a table below this one, which must be there."""
        said = self._take(key)
        if not isinstance(said, dict):
            raise self.wrong(key, f"is missing; it is a table, [{key}].")
        return Table(self._file, f"{self._where}.{key}" if self._where else key, said)

    def tables(self, key: str) -> tuple[Table, ...]:
        """Return the tables of a list, empty when the key is not there."""
        said = self._take(key)
        if said is None:
            return ()
        if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
            raise self.wrong(key, f"must be a list of tables, [[{key}]].")
        place = f"{self._where}.{key}" if self._where else key
        return tuple(Table(self._file, f"{place}[{number}]", one) for number, one in enumerate(said, start=1))

    def done(self) -> None:
        """Make sure that every key was read.

        Raises:
            CuratedError: The table has a key that its schema does not know.
        """
        unknown = sorted(set(self._data) - self._read)
        if unknown:
            raise self.wrong(unknown[0], f"is no key of this table; it knows {', '.join(sorted(self._read))}.")

    def _take(self, key: str) -> Any:
        self._read.add(key)
        return self._data.get(key)


def read_sources(table: Table) -> tuple[Source, ...]:
    """Return the sources of a table, at least one, their keys different.

    Raises:
        CuratedError: There is none, or one lacks its title, who says it or what it says.
    """
    sources = tuple(_source(one) for one in table.tables("sources"))
    if not sources:
        raise table.wrong("sources", "is missing; every curated fact names who says it and where.")
    keys = [source.key for source in sources]
    if len(set(keys)) < len(keys):
        raise table.wrong("sources", "two sources have one key.")
    return sources


def _source(table: Table) -> Source:
    source = Source(
        key=table.shaped("key", _KEY, "manual") or table.text("key"),
        title=table.text("title"),
        who=table.text("who"),
        says=table.text("says"),
        url=table.shaped("url", _URL, "https://example.org/manual.pdf"),
        date=table.shaped("date", _DATE, "2018, 2018-03 or 2018-03-21"),
    )
    if source.date is not None and not _is_date(source.date):
        raise table.wrong("date", f"is no date of the calendar: {source.date!r}.")
    table.done()
    return source


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat((text + "-01-01")[:10] if len(text) < 10 else text)
    except ValueError:
        return False
    return True
