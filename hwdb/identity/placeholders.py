"""Texts that name nothing: what firmware ships with, chipsets and reference designs in place of a board. No I/O.

Measured on linuxhw/DMI (65,147 desktops and servers): the commonest texts that stand under two vendors or more.
"""

from __future__ import annotations

import re

from hwdb.identity.names import words_of

_PLACEHOLDERS = frozenset(
    {
        "",
        "0",
        "all series",
        "bad index",
        "base board",
        "baseboard",
        "board",
        "cpu version",
        "customer",
        "desktop",
        "desktop computer",
        "empty",
        "fill by oem",
        "filled by oem",
        "invalid",
        "mainboard",
        "mainbrd",
        "manufact",
        "manufacturer",
        "mb",
        "motherboard",
        "n a",
        "na",
        "name",
        "no",
        "none",
        "notebook",
        "null",
        "o e m",
        "oem",
        "oem mb",
        "out of spec",
        "pc",
        "ppppp ccc mmmmmmmm",
        "product",
        "product name",
        "sku",
        "stem manufacturer",
        "super server",
        "system",
        "system planar",
        "system planar card",
        "system version",
        "tbd",
        "undefined",
        "unknow",
        "unknown",
        "vendor",
    }
)
_PLACEHOLDER = re.compile(
    r"x+(?: x+)*|0+(?: 0+)*|0?1234567(?:8(?:90?)?)?"
    r"|to be filled\b.*|tobefilled\b.*|default string\b.*|reserved for\b.*|empty string"
    r"|not (?:specified|applicable|available|defined|present|set|used|settable)"
    r"|system (?:manufact\w*|product(?: name)?|name)"
    r"|(?:type2 )?(?:base ?)?board (?:manufacturer|vendor|product|version|name)(?: name1?)?"
)
# Chipsets as their makers name them; `X79G` and `A320MH` are boards.
_CHIPSETS = (  # noqa: SIM905 (a hundred and thirty quoted names would not be read)
    "c600 c602 c612 g31 g33 g35 g41 g43 g45 q33 q35 q43 q45 p31 p35 p43 p45 p55 h55 h57 q57 h61 b65 q65 q67 h67 p67"
    " z68 b75 q75 q77 h77 z75 z77 h81 b85 q85 q87 h87 z87 h97 z97 h110 b150 q150 h170 q170 z170 b250 q250 h270 q270"
    " z270 h310 b360 b365 h370 q370 z370 z390 h410 b460 h470 q470 w480 z490 h510 b560 h570 q570 w580 z590 h610 b660"
    " h670 q670 w680 z690 b760 h770 z790 h810 b860 z890 x38 x48 x58 x79 x99 x299 nm10 nm70 hm55 hm65 hm70 hm75 hm76"
    " hm77 a55 a58 a68 a75 a78 a85 a88 a300 a320 a520 a620 b350 b450 b550 b650 b650e b840 b850 x300 x370 x470 x570"
    " x670 x670e x870 x870e trx40 trx50 wrx80 wrx90 760g 780g 785g 880g 890gx 890fx 970 990x 990fx nforce nforce2"
    " nforce3 nforce4 mcp61 mcp73 mcp78 mcp79"
).split()
_CHIPSET = re.compile(
    rf"(?:(?:intel|amd|nvidia|motherboard) )*(?:{'|'.join(_CHIPSETS)})(?: (?:chipset|express|series|motherboard))*"
)
# Intel's and AMD's reference boards and platforms, and constants of firmware makers.
_REFERENCE = re.compile(
    r".*\b(?:crb|mrd|rvp|platform)|.*\bcipset"
    r"|(?:(?:intel|amd) )?(?:sharkbay|mahobay|skybay|crescentbay|chiefriver|huronriver|calpella|piketon|thurley|purley"
    r"|romley|grantley|harrisonville|eaglelake|bearlake|broadwater|braswell|pineview|tiger hill"
    r"|(?:bay|cherry|cedar) ?trail|(?:alder|amber|apollo|cannon|coffee|comet|elkhart|gemini|ice|jasper|kaby|meteor"
    r"|raptor|rocket|sky|tiger|twin) ?lake|adl)(?: (?:[a-z]|cr|ffd|tablet|series))?"
    r"|intel|amd|lnvnb161216|computer|custom|server|workstation|mini ?pc|x64"
)
# Says whom to ask, as DALCO's boards do.
_TELEPHONE = re.compile(r"\s*\+[0-9]{1,3}(?: [0-9]{2,4}){3,4}\s*")


def is_placeholder(text: str | None) -> bool:
    """Whether a firmware string says nothing: blank, ``Default string``, ``To Be Filled By O.E.M.`` and the like."""
    if text is None or text.lstrip().startswith("$("):
        # A build's variable that nobody replaced: $(DEFAULT_STRING), $(PROJECT_SKU_NAME).
        return True
    words = words_of(text)
    return words in _PLACEHOLDERS or _PLACEHOLDER.fullmatch(words) is not None


def names_no_board(text: str) -> bool:
    """Whether a product name is not a board's: a chipset, a reference design, a telephone number.

    ``H61``, ``X99`` and ``X79 INTEL (INTEL Xeon E5/Core i7 ... Cipset`` stand on dozens of white boards (94 machines
    of INTEL's "H61" run 40 BIOS builds, 16 of HUANANZHI's "X79" run 9 and state four board revisions); ``SHARKBAY``,
    ``MAHOBAY``, ``Aptio CRB`` and ``JSL MRD`` are what a board was derived from. None of them tells which board it is.
    """
    words = words_of(text)
    return (
        is_placeholder(text)
        or _CHIPSET.fullmatch(words) is not None
        # A system's name with its board's in brackets is one.
        or (_REFERENCE.fullmatch(words) is not None and not text.rstrip().endswith(")"))
        or _TELEPHONE.fullmatch(text) is not None
    )
