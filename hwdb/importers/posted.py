"""Take off a text what posting put on it, and give its lines as they were printed. No I/O.

Mail quotes, terminal colours, forum and HTML markup, entities, no-break spaces, Windows line ends and text that went
through a JSON string come off here, for every format that is read line by line. What belongs to one grammar only
(bullets, line numbers, log stamps) is left to its importer. Lines keep the number they have in the text as it was
given, so that a problem can name them.
"""

from __future__ import annotations

import html
import re
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
# Where a paste lost the escape character, "[0m" and "[22;31m" are left.
_COLOUR = re.compile(r"\x1b\[[0-9;:?]{0,20}[A-Za-z]|\x1b[()][A-Z0-9]|\[(?:[0-9]{1,3};){0,4}[0-9]{1,3}m")
_BREAKING_TAG = re.compile(r"<(?:br|/p|/div|/tr|/li|/pre|/h[1-6])\s{0,9}/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|body|br|center|code|dd|del|details|div|dl|dt|em|figure|font|h[1-6]|hr|html|i|img|ins"
    r"|kbd|li|mark|ol|p|pre|s|samp|small|span|strike|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul|wbr)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_BBCODE = re.compile(
    r"\[/?(?:b|i|u|s|code|quote|color|colour|size|font|url|spoiler|list|center|left|right|pre|php|plain|mono|icode|table"
    r"|tr|td|hide|indent)(?:=[^\[\]\n]{0,200})?\]",
    re.IGNORECASE,
)
# "<6>[ 0.1]" begins with a level of the kernel's log; only the closing sign, with blanks around it, is a quote.
_QUOTE = re.compile(r"(?:[ \t]*+>)+ ?")
_STRING_BREAK = re.compile(r"\\r\\n|\\n")
_PROMPT = re.compile(
    r"(?:\([\w. -]{1,40}\)\s)?(?:\[?[\w.-]{1,64}@[\w.-]{1,64}\b[^$#%>\n]{0,200}[$#%>\u276f]|[$%\u276f\u279c]|#(?=\s\w)"
    r"|PS [A-Z]:[^>\n]{0,200}>)\s*+\S"
)


class Line(NamedTuple):
    """One line without its decoration, and the number it has in the text (from 1)."""

    number: int
    text: str


def lines(text: str) -> Iterator[Line]:
    """Yield the lines of a text without what posting added to them; their indentation stays where it was kept."""
    for number, raw in enumerate(text.translate(_BLANKS).splitlines(), start=1):
        for part in _unmarked(raw).split("\n"):
            quoted = _QUOTE.match(part)
            yield Line(number, (part[quoted.end() :] if quoted else part).rstrip())


def is_prompt(line: str) -> bool:
    """Whether a line shows a command that was typed: what follows it is another command's output."""
    return _PROMPT.match(line.lstrip()) is not None


def _unmarked(line: str) -> str:
    # A listing that went through a JSON string is one line; a script may hold a "\n" or two of its own.
    if line.count("\\n") > 2:
        line = _STRING_BREAK.sub("\n", line).replace("\\t", "\t").replace('\\"', '"')
    if "<" in line:
        line = _TAG.sub("", _BREAKING_TAG.sub("\n", line))
    if "&" in line:
        line = _unescaped(line)
    if "[" in line:
        line = _BBCODE.sub("", _COLOUR.sub("", line))
    return line


def _unescaped(line: str) -> str:
    # A page that shows its own source has escaped twice.
    for _ in range(2):
        line = _ENTITY.sub(_character, line)
    return line.translate(_BLANKS)


def _character(entity: re.Match[str]) -> str:
    character = html.unescape(entity[0])
    return " " if character in "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029" else character
