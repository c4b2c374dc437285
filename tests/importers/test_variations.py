"""The recorded listings of other people as they might have been posted as well: what they say stays the same."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwdb import importers
from hwdb.errors import ParseError
from tests.importers.test_forum import is_ours, is_true, text_of, truths

if TYPE_CHECKING:
    from collections.abc import Callable

GROUP = re.compile(r"(?m)^([ \t]*IOMMU [Gg]roup)[ \t]+([0-9]+):?")
ADDRESS = re.compile(r"(?<![0-9a-f:])([0-9a-f]{2}:[01][0-9a-f]\.[0-7])(?= )")
ADDRESS_AND_DOMAIN = re.compile(r"(?<![0-9a-f:])(?:0000:)?([0-9a-f]{2}:[01][0-9a-f]\.[0-7])(?= )")


def each_line(change: Callable[[int, str], str]) -> Callable[[str], str]:
    return lambda text: "\n".join(change(number, line) for number, line in enumerate(text.splitlines(), start=1))


def worded(form: str) -> Callable[[str], str]:
    return lambda text: GROUP.sub(form, text)


WAYS: dict[str, Callable[[str], str]] = {
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "line ends of old Macs": lambda text: text.replace("\n", "\r"),
    "quoted": each_line(lambda _, line: f"> {line}"),
    "quoted thrice": each_line(lambda _, line: f">>> {line}"),
    "indented": each_line(lambda _, line: f"    {line}"),
    "indented by a tab": each_line(lambda _, line: f"\t{line}"),
    "in a fence, with prose": lambda text: f"Hello, my groups:\n\n```\n{text}\n```\nWhat do you think?\n",
    "below a prompt": lambda text: f"user@host:~$ bash iommu.sh\n{text}\nuser@host:~$ \n",
    "below root's prompt": lambda text: f"[root@box ~]# ./iommu.sh\n{text}",
    "in a board's tags": lambda text: f'[quote="somebody, post:1"]\n[code]{text}[/code]\n[/quote]',
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "trailing blanks": each_line(lambda _, line: f"{line}   "),
    "byte order mark": lambda text: f"\ufeff{text}",
    "lost indentation": each_line(lambda _, line: line.lstrip()),
    "collapsed blanks": each_line(lambda _, line: re.sub(r"[ \t]+", " ", line.strip())),
    "tabs for blanks": lambda text: re.sub(r"(?m)^ {2,8}", "\t", text),
    "blanks for tabs": lambda text: text.replace("\t", "        "),
    "numbered": each_line(lambda number, line: f"{number:4} {line}"),
    "numbered with dots": each_line(lambda number, line: f"{number}. {line}"),
    "cat -n": each_line(lambda number, line: f"{number:6}\t{line}"),
    "with dates": each_line(lambda number, line: f"[2023-01-05 12:00:{number % 60:02}] {line}"),
    "of a system's log": each_line(lambda number, line: f"Jan 05 12:00:{number % 60:02} box script[123]: {line}"),
    "coloured": lambda text: ADDRESS.sub("\x1b[32m\\1\x1b[0m", text),
    "without revisions": lambda text: re.sub(r" \(rev [0-9a-f]{2}\)", "", text),
    "without ids of classes": lambda text: re.sub(r" \[[0-9a-f]{4}\]:", ":", text),
    "with domains": lambda text: ADDRESS_AND_DOMAIN.sub("0000:\\1", text),
    "in capitals": lambda text: ADDRESS.sub(lambda place: place[0].upper(), text),
    "GROUP": lambda text: re.sub(r"(?m)^([ \t]*)IOMMU [Gg]roup", r"\1IOMMU GROUP", text),
    "group": lambda text: re.sub(r"(?m)^([ \t]*)IOMMU [Gg]roup", r"\1iommu group", text),
    "iommu_group": lambda text: re.sub(r"(?m)^([ \t]*)IOMMU [Gg]roup", r"\1iommu_group", text),
    "Group": lambda text: re.sub(r"(?m)^([ \t]*)IOMMU [Gg]roup", r"\1Group", text),
    "group: 1": worded(r"\1: \2"),
    "group 01": lambda text: re.sub(r"(?m)^([ \t]*IOMMU [Gg]roup:?[ \t]+)([0-9])\b", r"\g<1>0\2", text),
    "group 1 -": worded(r"\1 \2 -"),
    "group #1": worded(r"\1 #\2"),
    "group (1)": worded(r"\1 (\2)"),
    "group=1": worded(r"\1=\2"),
    "a page's source": lambda text: f"<pre>{html.escape(text)}</pre>",
    "a string of JSON": json.dumps,
    "a list of bullets": each_line(lambda _, line: f"* {line}"),
    "a list of dashes": each_line(lambda _, line: f"- {line}"),
    "a diff": each_line(lambda _, line: f"+{line}"),
}

# What a way takes from a listing for good: its file's number, with the way.
LOST = {
    # Tables in Markdown end where a line has no bar or begins with another sign.
    *((number, way) for number in ("136", "138") for way in ("a string of JSON", "a list of bullets")),
    # These had been escaped, or put into a string, before.
    *(("030", "a page's source"), ("053", "a page's source")),
    *(("054", way) for way in ("with dates", "of a system's log")),
    *(("084", "a string of JSON"), ("082", "a string of JSON"), ("083", "a string of JSON")),
    # Nothing but the ids of classes told where its lines had begun.
    ("154", "without ids of classes"),
    # The script printed no numbers of groups.
    *(("147", way) for way in ("group: 1", "group 1 -", "group #1", "group (1)", "group=1")),
    # This is what lspci prints; nothing prints it in capitals.
    ("086", "GROUP"),
}


@pytest.mark.corpus
@pytest.mark.parametrize("way", WAYS)
def test_a_listing_says_the_same_however_it_was_posted(way: str) -> None:
    ours = {file: truth for file, truth in truths().items() if is_ours(file) and (file[:3], way) not in LOST}
    differ = []
    for file, truth in ours.items():
        try:
            report = importers.parse(WAYS[way](text_of(file)))
        except ParseError as error:
            differ.append(f"{file}: {error}")
            continue
        if not is_true(report, truth):
            differ.append(f"{file}: {len(report.functions)} functions")
    assert differ == []
    assert len(ours) > 100


@pytest.mark.corpus
@settings(max_examples=150)
@given(st.data())
def test_a_listing_that_was_cut_off_says_nothing_else(data: st.DataObject) -> None:
    ours = sorted((file, truth) for file, truth in truths().items() if is_ours(file) and not truth["in_several_groups"])
    file, truth = data.draw(st.sampled_from([(f, t["members"]) for f, t in ours]))
    raw = text_of(file)
    try:
        report = importers.parse(raw[: data.draw(st.integers(0, len(raw)))])
    except ParseError:
        return
    groups = {address: int(group) for group, members in truth.items() for address in members}
    said = {f.address: f.iommu_group for f in report.functions if f.iommu_group is not None}
    wrong = [address for address, group in said.items() if groups.get(address) != group]
    # Of the last number or address, digits may be missing.
    assert wrong in ([], list(said)[-1:])
