"""Take off a text what posting put on it, and give its lines as they were printed. No I/O.

Mail quotes, terminal colours, forum and HTML markup, entities, no-break spaces, Windows line ends and text that went
through a JSON string come off here, for every format that is read line by line. What belongs to one grammar only
(bullets, line numbers, log stamps) is left to its importer. Lines keep the number they have in the text as it was
given, so that a problem can name them.

Nearly all of a text is as it was printed, so it is looked over in pieces, and only a piece with marks of posting is
cleaned line by line. A text that many look at is a ``Posted``, which keeps its lines.
"""

from __future__ import annotations

import html
import re
from functools import cached_property, partial
from itertools import chain, count, islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# Blanks of mail programs, web pages and word processors; marks that print nothing go altogether.
_BLANKS = str.maketrans(
    {
        **dict.fromkeys(
            "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f", " "
        ),
        "\u3000": " ",
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", None),
    }
)
_ODD_BLANK = re.compile(f"[{''.join(map(chr, _BLANKS))}]")
# What str.splitlines() takes for the end of a line.
_RARE_ENDS = r"\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_ENDS = rf"\n\r{_RARE_ENDS}"
_END = re.compile(rf"\n|\r(?!\n)|[{_RARE_ENDS}]")
# Where a paste lost the escape character, "[0m" and "[22;31m" are left.
_COLOUR = re.compile(r"\x1b(?:\[[0-9;:?]{0,20}[A-Za-z]|[()][A-Z0-9])")
_REST_OF_COLOUR = re.compile(r"\[(?:[0-9]{1,3};){0,4}[0-9]{1,3}m")
_BREAKING_TAG = re.compile(r"<(?:br|/p|/div|/tr|/li|/pre|/h[1-6])[ \t]{0,9}/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|body|br|center|code|dd|del|details|div|dl|dt|em|figure|font|h[1-6]|hr|html|i|img|ins"
    r"|kbd|li|mark|ol|p|pre|s|samp|small|span|strike|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul|wbr)"
    rf"(?:[ \t][^<>{_ENDS}]{{0,500}})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# lspci ends what it says of a region of memory with " [size=256M]", behind a bracket or a number.
_BBCODE = re.compile(
    r"\[(?!(?<=[)\]0-9a-f] .)size=)"
    r"/?(?:b|i|u|s|code|quote|color|colour|size|font|url|spoiler|list|center|left|right|pre|php|plain|mono|icode|table"
    rf"|tr|td|hide|indent)(?:=[^\[\]{_ENDS}]{{0,200}})?\]",
    re.IGNORECASE,
)
# "<6>[ 0.1]" begins with a level of the kernel's log; only the closing sign, with blanks around it, is a quote.
_QUOTE = re.compile(r"(?:[ \t]*+>)+ ?")
_STRING_BREAK = re.compile(r"\\r\\n|\\n")
_STRING_CHARACTER = re.compile(r"\\u([0-9a-fA-F]{4})")
# A piece without these is as it was printed; a first look for one character is cheap.
_MARKS = (
    ("<", _TAG),
    ("&", _ENTITY),
    ("[", _BBCODE),
    ("[", _REST_OF_COLOUR),
    ("\x1b", _COLOUR),
    ("\\n", _STRING_BREAK),
)
# A page that shows a text numbers its lines from its first to its last; what begins like that by chance does not go on.
_LINE_NUMBER = re.compile(r"[ \t]{0,8}([0-9]{1,6})(?:[.:)|]?[ \t]|[.:)|]?\Z)")
# "[2023-01-05 12:00:01] ", "Jan 05 12:00:01 host script[123]: "; the kernel's own log is read with its stamps.
_DATE_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_TIME = re.compile(
    rf"\[?{_DATE_TIME}\]?:?(?: |\Z)(?!\S{{1,64}} kernel:)"
    r"|[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} \S{1,64} (?!kernel:)[\w./-]{1,64}(?:\[[0-9]{1,9}\])?:"
    r"(?: |\Z)"
)
_HEAD, _FEWEST = 12, 3
_PIECE = 64 * 1024
_MOST_KEPT = 2 * 1024 * 1024
_PROMPT_END = re.compile(r"[$#%>\u276f\u279c]")
_PROMPT = re.compile(
    r"(?:\([\w. -]{1,40}\)\s)?(?:\[?[\w.-]{1,64}@[\w.-]{1,64}\b[^$#%>\n]{0,200}[$#%>\u276f]|[$%\u276f\u279c]|#(?=\s\w)"
    r"|PS [A-Z]:[^>\n]{0,200}>)\s*+\S"
)


class Line(NamedTuple):
    """One line without its decoration, and the number it has in the text (from 1)."""

    number: int
    text: str


class Posted(str):  # noqa: SLOT000 (its lines are kept beside it)
    """A text whose lines are cleaned once, however many importers look at it; to everybody else it is the text."""

    @cached_property
    def kept(self) -> tuple[Line, ...]:
        """Its lines."""
        return tuple(_numbered(self))

    @classmethod
    def of(cls, text: str) -> Posted:
        """Return a text as one whose lines are kept; one that is, with the lines it has."""
        return text if isinstance(text, Posted) else cls(text)


def lines(text: str) -> Iterator[Line]:
    """Yield the lines of a text without what posting added to them; their indentation stays where it was kept."""
    # Lines of two letters take the memory of sixty: only what is as long as a listing may be is kept.
    return iter(text.kept) if isinstance(text, Posted) and len(text) <= _MOST_KEPT else _numbered(text)


def as_printed(text: str) -> str:
    """Return a whole text without what posting added to it, for formats that are not read line by line."""
    return "\n".join(line.text for line in lines(text))


def _numbered(text: str) -> Iterator[Line]:
    cleaned = chain.from_iterable(map(_cleaned, _pieces(text)))
    for number, line in enumerate(_without_margin(cleaned), start=1):
        if "\n" in line:
            for part in line.split("\n"):
                yield Line(number, part)
        else:
            yield Line(number, line)


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces that end where a line does."""
    start = 0
    while start < len(text):
        end = _END.search(text, start + _PIECE)
        yield text[start : end.end() if end else len(text)]
        start = end.end() if end else len(text)


def _cleaned(piece: str) -> list[str]:
    """Return the lines of a piece; where a mark stood for a line break, a line holds one."""
    if not piece.isascii() and _ODD_BLANK.search(piece):
        piece = piece.translate(_BLANKS)
    if any(mark in piece and pattern.search(piece) for mark, pattern in _MARKS):
        return ["\n".join(map(_unquoted, _unmarked(line).split("\n"))) for line in piece.splitlines()]
    if ">" in piece:
        return [_unquoted(line) if ">" in line else line.rstrip() for line in piece.splitlines()]
    return list(map(str.rstrip, piece.splitlines()))


def _without_margin(cleaned: Iterator[str]) -> Iterator[str]:
    """Yield lines without what a page or a logger put before every one of them: its number, or the time."""
    head = list(islice(cleaned, _HEAD))
    filled = [(at, line) for at, line in enumerate(head) if line]
    numbers = [(at, _LINE_NUMBER.match(line)) for at, line in filled]
    offsets = {int(number[1]) - at if number else None for at, number in numbers}
    rest = chain(head, cleaned)
    if len(filled) < _FEWEST:
        return rest
    if len(offsets) == 1 and None not in offsets:
        return map(partial(_without_number, offset=offsets.pop() or 0), count(), rest)
    if all(_TIME.match(line) for _, line in filled):
        return (_TIME.sub("", line, count=1) for line in rest)
    return rest


def _without_number(at: int, line: str, offset: int) -> str:
    number = _LINE_NUMBER.match(line)
    return line[number.end() :] if number and int(number[1]) == at + offset else line


def _unquoted(line: str) -> str:
    quoted = _QUOTE.match(line)
    return (line[quoted.end() :] if quoted else line).rstrip()


def is_prompt(line: str) -> bool:
    """Whether a line shows a command that was typed: what follows it is another command's output."""
    return _PROMPT_END.search(line) is not None and _PROMPT.match(line.lstrip()) is not None


def _unmarked(line: str) -> str:
    # A listing that went through a JSON string is one line; a script may hold a "\n" or two of its own.
    if line.count("\\n") > 2:
        line = _STRING_BREAK.sub("\n", line).replace("\\t", "\t").replace('\\"', '"')
        line = _STRING_CHARACTER.sub(_printed, line)
    if "<" in line:
        line = _TAG.sub("", _BREAKING_TAG.sub("\n", line))
    if "&" in line:
        line = _unescaped(line)
    if "[" in line:
        line = _BBCODE.sub("", _REST_OF_COLOUR.sub("", _COLOUR.sub("", line)))
    return line


def _printed(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character.isprintable() or character == "\x1b" else " "


def _unescaped(line: str) -> str:
    # A page that shows its own source has escaped twice.
    for _ in range(2):
        line = _ENTITY.sub(_character, line)
    return line.translate(_BLANKS)


def _character(entity: re.Match[str]) -> str:
    character = html.unescape(entity[0])
    return " " if character in "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029" else character
