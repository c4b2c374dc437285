"""What comes off a line before any grammar sees it, and what stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb.importers.class_names import class_named
from hwdb.importers.posted import Posted, is_prompt, lines


@pytest.mark.parametrize(
    ("posted", "clean"),
    [
        ("> > text", "text"),
        (">>>text  ", "text"),
        ("\ttext", "\ttext"),
        ("\u00a0\u00a0text\u200b\u00a0x", "  text x"),
        ("\x1b[1;31mred\x1b[0m and \x1b[Kmore", "red and more"),
        ("[22;31mred[0m", "red"),
        ("[b]bold[/b] [COLOR=#ff0000]red[/COLOR] [url=http://x]y[/url]", "bold red y"),
        (
            "<b>bold</b> <span class='x'>y</span> a &amp; b &lt;c&gt; &#39;d&#39; &quot;e&quot;",
            "bold y a & b <c> 'd' \"e\"",
        ),
        ("a&nbsp;b &amp;amp; c", "a b & c"),
        # None of these is markup.
        ("R3 QPI Link 0 & 1 Monitoring", "R3 QPI Link 0 & 1 Monitoring"),
        ("bus[E:B] [AHCI mode] [R] [E18] [6:0] [1022:1452]", "bus[E:B] [AHCI mode] [R] [E18] [6:0] [1022:1452]"),
        ("Capabilities: <access denied> <TAbort- <MAbort+ <?>", "Capabilities: <access denied> <TAbort- <MAbort+ <?>"),
        ("<6>[    0.1] pci", "<6>[    0.1] pci"),
        ("[    0.0 <    0.0>] pci", "[    0.0 <    0.0>] pci"),
        ('echo -e "\\t$(lspci)\\n"', 'echo -e "\\t$(lspci)\\n"'),
    ],
)
def test_decoration_comes_off_and_content_stays(posted: str, clean: str) -> None:
    assert [line.text for line in lines(posted)] == [clean]


def test_lines_keep_the_numbers_they_were_given() -> None:
    text = "one\r\n\r\nthree<br>three again\nA\\nB\\nC\\nD\n> five"
    numbered = [tuple(line) for line in lines(text)]
    assert numbered == [
        *((1, "one"), (2, ""), (3, "three"), (3, "three again")),
        *((4, "A"), (4, "B"), (4, "C"), (4, "D"), (5, "five")),
    ]


@pytest.mark.parametrize(
    ("margins", "stripped"),
    [
        (["  1 ", "  2 ", "  3 ", "  4"], True),
        (["     1\t", "     2\t", "     3\t", "     4\t"], True),
        (["17. ", "18. ", "19. ", "20."], True),
        (["[2023-01-05 12:00:01] "] * 4, True),
        (["2023-01-05T12:00:01.123+01:00 "] * 4, True),
        (["Jan  5 12:00:01 box script[12]: "] * 4, True),
        # Groups are numbers too; and the kernel's log is read with its stamps.
        (["1 ", "1 ", "2 ", "3 "], False),
        (["[    0.1] "] * 4, False),
        (["Jan  5 12:00:01 box kernel: "] * 4, False),
    ],
)
def test_a_margin_before_every_line_comes_off(margins: list[str], *, stripped: bool) -> None:
    texts = ["\tone", "two", "three", ""]
    posted = [line.text for line in lines("\n".join(map("".join, zip(margins, texts, strict=True))))]
    assert (posted == texts) is stripped


@pytest.mark.parametrize(
    "line",
    ["user@host:~$ lspci", "[root@box ~]# lspci -nn", "$ lspci", "# lspci", "alex@duo > cat x", "(venv) a@b:/$ x"],
)
def test_a_command_that_was_typed_is_known(line: str) -> None:
    assert is_prompt(line)


@pytest.mark.parametrize(
    "line", ["", "$", "### Group 17 ###", "00:01.0 Host bridge", "#Ryzen 7", "IOMMU Group 1:", "a > b"]
)
def test_other_lines_are_no_prompts(line: str) -> None:
    assert not is_prompt(line)


def test_classes_are_known_by_the_name_lspci_gives_them() -> None:
    assert class_named("PCI bridge") == "0604"
    assert class_named(" VGA  compatible controller") == "0300"
    assert class_named("Generic system peripheral") is None
    assert class_named("") is None


@given(st.text())
def test_a_text_that_keeps_its_lines_has_the_same(text: str) -> None:
    assert list(lines(Posted.of(text))) == list(lines(text))
    assert Posted.of(text) == text
    assert Posted.of(Posted.of(text)).kept is not None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_long_texts_have_the_lines_they_would_have_in_one_piece(end: str) -> None:
    given = [f"{number:6} {'x' * (number % 80)}." for number in range(0, 9000, 2)]
    assert [line.text for line in lines(end.join(given))] == given


@given(st.text())
def test_any_text_has_lines(text: str) -> None:
    numbers = [line.number for line in lines(text)]
    assert numbers == sorted(numbers)
    assert all("\n" not in line.text for line in lines(text))
