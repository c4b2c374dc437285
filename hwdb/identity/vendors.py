"""Who made it: spellings of vendors -> the name people know. No I/O."""

from __future__ import annotations

from hwdb.identity.names import key_of, printable, words_of
from hwdb.identity.placeholders import is_placeholder

_LEGAL_FORMS = frozenset(
    {"ab", "ag", "bv", "cjsc", "co", "company", "computer", "computers", "corp", "corporation", "electronics", "gmbh"}
    | {
        "inc",
        "incorporated",
        "international",
        "intl",
        "kg",
        "limited",
        "llc",
        "ltd",
        "ltda",
        "plc",
        "sa",
        "srl",
        "tech",
    }
    | {"techonology", "technologies", "technology", "tecohnology"}
)
# "S.A.", "S.p.A.", "A.S" and the like come apart into letters.
_LEGAL_LETTERS = frozenset({"s p a", "s a", "a s", "b v", "d o o"})
# The name on the box: how its spellings in the data begin, without legal forms. Makers stay apart where their firmware
# does: ASRock and ASRock Rack, HP and HPE, Dell and Alienware, Quanta and its cloud company.
_SPELLINGS = {
    "ABIT": "abit, http www abit com tw, www abit com tw",
    "Acer": "acer",
    "ADLINK": "adlink",
    "Alienware": "alienware",
    "AMD": "amd",
    "AOpen": "aopen",
    "Apple": "apple",
    "Aquarius": "aquarius",
    "ASRock": "asrock",
    "ASRock Industrial": "asrock industrial",
    "ASRock Rack": "asrock rack",
    "ASUS": "asus, asustek, ustek",
    "Beelink": "azw, beelink",
    "BESSTAR": "besstar",
    "Biostar": "biostar",
    "Casper": "casper",
    "CHUWI": "chuwi",
    "Cisco": "cisco",
    "Colorful": "colorful",
    "Compaq": "compaq",
    "CSL": "csl",
    "Daten": "daten",
    "Dell": "dell",
    "DFI": "dfi",
    "ECS": "ecs, ecs2, elitegroup",
    "eMachines": "emachines",
    "EPoX": "epox",
    "EVGA": "evga",
    "FIC": "fic",
    "Foxconn": "foxconn, hon hai",
    "Framework": "framework",
    "Fujitsu": "fujitsu",
    "Gateway": "gateway",
    "Giga Computing": "giga computing",
    "Gigabyte": "gigabyte, giga byte",
    "Google": "google",
    "HP": "hewleet packard, hewlett packard, hp, hppav",
    "HPE": "hewlett packard enterprise, hpe",
    "HUANANZHI": "huanan, huananzhi",
    "Huawei": "huawei",
    "IBM": "ibm",
    "Intel": "intel",
    "Inventec": "inventec",
    "iRU": "delovoy office, iru, ltd delovoy office",
    "Itautec": "itautec",
    "J&W": "j w, jw",
    "Kraftway": "kraftway",
    "Lenovo": "lenovo",
    "Login": "informatica login, login informatica",
    "MACHINIST": "machinist, machinst",
    "Medion": "medion, medionpc",
    "Minisforum": "micro hk, minisforum",
    "MiTAC": "mitac",
    "MSI": "micro star, msi",
    "NEC": "nec",
    "NVIDIA": "nvidia",
    "Oracle": "oracle",
    "Packard Bell": "packard bell",
    "PC Partner": "pc partner",
    "Pegatron": "pegatron",
    "Positivo": "desenvolvido para positivo, positivo",
    "Positivo BGH": "positivo bgh",
    "Quanta": "quanta",
    "Quanta Cloud": "quanta cloud",
    "Samsung": "samsung",
    "Sapphire": "sapphire",
    "Semp Toshiba": "semp toshiba",
    "Shuttle": "shuttle",
    "Sony": "sony",
    "Sun": "sun microsystems",
    "Supermicro": "super micro, supermicro",
    "System76": "system76",
    "Toshiba": "toshiba",
    "Tyan": "tyan",
    "ViewSonic": "viewsonic",
    "Weibu": "weibu",
    "Wistron": "wistron",
    "Wortmann": "wortmann",
    "ZOTAC": "motherboard by zotac, zotac",
}
_BY_SPELLING = {
    spelling.replace(" ", ""): name for name, spellings in _SPELLINGS.items() for spelling in spellings.split(", ")
}
# These are spellings when nothing follows: two strings that lost a letter, and First International Computer.
_WHOLE = {"dll": "Dell", "ell": "Dell", "first": "FIC"}
_LONGEST_SPELLING = 5
# Makers of firmware sign what board makers leave unsigned; no board is theirs, nor a "Standard" one's.
_NO_MAKERS = frozenset({"ami", "americanmegatrends", "award", "insyde", "phoenix", "phoenixaward", "standard", "sys"})

OEMS = frozenset(
    {"Acer", "Alienware", "Apple", "Compaq", "Dell", "eMachines", "Framework", "Gateway", "HP", "HPE", "IBM", "Lenovo"}
    | {"Minisforum", "Packard Bell"}
)
"""Who sells whole machines, known by the system's name, on boards whose names are codes."""


def vendor_name(text: str) -> str:
    """Return the name people know a vendor by; its own spelling, trimmed, when it is not in the table.

    Spellings are told by how they begin, legal forms and punctuation aside, so that ``MICRO-STAR INTERANTIONAL
    CO.,LTD`` is found as well.
    """
    words = _telling_words(text)
    for length in range(min(len(words), _LONGEST_SPELLING), 0, -1):
        known = _BY_SPELLING.get("".join(words[:length]))
        if known is not None:
            return known
    return _WHOLE.get("".join(words)) or printable(text)


def vendor_key(text: str) -> str:
    """Return what a vendor's spellings have in common, without legal form: ``Foo`` and ``FOO Inc.`` are one."""
    name = vendor_name(text)
    return key_of(" ".join(_telling_words(name))) or key_of(name)


def names_only_the_vendor(vendor: str, name: str) -> bool:
    """Whether a product's name is its vendor's: the ``LENOVO`` of LENOVO, ``IBM CORPORATION``, ``Pegatron``."""
    said = "".join(_telling_words(name))
    return vendor in {_BY_SPELLING.get(said), name} or said == "".join(_telling_words(vendor))


def stated_vendor(text: str | None) -> str | None:
    """Return the vendor a firmware string names, None where it says nothing or only who wrote the firmware."""
    if text is None or is_placeholder(text):
        return None
    name = vendor_name(text)
    nobody = "".join(_telling_words(name)) in _NO_MAKERS
    return None if nobody or not key_of(name) else name


def vendor_in(name: str) -> str | None:
    """Return the vendor whose name a product's name begins with, as people write it: ``ASRock X399 Taichi``."""
    words = words_of(name).split()
    for length in range(min(len(words) - 1, _LONGEST_SPELLING), 0, -1):
        known = _BY_SPELLING.get("".join(words[:length]))
        if known is not None and name.casefold().startswith(known.casefold() + " "):
            return known
    return None


def _telling_words(text: str) -> list[str]:
    words = words_of(text).split()
    for length in (3, 2):
        if len(words) > length and " ".join(words[-length:]) in _LEGAL_LETTERS:
            words = words[:-length]
    return [word for word in words if word not in _LEGAL_FORMS]
