"""One field type for each kind of fact in a report: what is refused, what is cleaned, what is only left out.

A field refuses what cannot be the fact (with a sentence saying what would be right), and takes ``null`` and blank
text for "unknown". What it publishes as JSON Schema stands in its metadata, beside the code that checks the same.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, types

from hwdb.parameters import spelled
from hwdb.schema.text import clean, excerpt

INT32 = 2**31 - 1
NAME, NOTE, SENTENCE, WORD, PATH = 200, 2000, 500, 64, 255

MISSING: types.ErrorMessages = {
    "required": "It is missing or blank; a report cannot be understood without it.",
    "null": "It is null; a report cannot be understood without it.",
}
_KINDS = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
_DOMAIN = r"(?:([0-9a-fA-F]{4,8}):)?"
_HOP = r"[01][0-9a-fA-F]\.[0-7]"


class Fact(fields.Field[Any]):
    """One fact, which ``parse`` checks and cleans; null means unknown unless the fact is required.

    Args:
        required: Whether an object means nothing without it.
        key: The JSON key, when it differs from the attribute.
        published: What the JSON Schema says of it.
    """

    def __init__(self, *, required: bool = False, key: str | None = None, **published: Any) -> None:
        super().__init__(
            required=required, allow_none=not required, data_key=key, metadata=published, error_messages=MISSING
        )

    def parse(self, value: Any) -> Any:
        """Return the fact, or None when the value says nothing.

        Raises:
            ValidationError: The value cannot be this fact.
        """
        raise NotImplementedError

    def drops(self, value: Any) -> bool:
        """Return whether an acceptable value is left out because it says what this version does not know."""
        del value
        return False

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        fact = self.parse(value)
        if fact is None and self.required:
            raise self.make_error("required")
        return fact


class Text(Fact):
    """Text of a bounded length, cleaned; blank text is unknown.

    Args:
        maximum: The most characters, as sent.
        lines: Whether it may have several lines.
        blank: Whether blank text is a statement of its own and stays.
    """

    def __init__(
        self, maximum: int = WORD, *, lines: bool = False, blank: bool = False, required: bool = False, **published: Any
    ) -> None:
        super().__init__(required=required, type="string", maxLength=maximum, **published)
        self.maximum, self.lines, self.blank = maximum, lines, blank

    def parse(self, value: Any) -> str | None:
        """Return the cleaned text."""
        if not isinstance(value, str):
            raise ValidationError(f"It is {kind_of(value)}; write it as text, in quotes.")
        if len(value) > self.maximum:
            raise ValidationError(f"It has {len(value):,} characters; shorten it to at most {self.maximum:,}.")
        text = clean(value, lines=self.lines)
        return text if text or self.blank else None


class Word(Text):
    """One of a few words; one that this version does not know counts as unknown, since a newer client may say it."""

    def __init__(self, *words: str) -> None:
        # Examples and not an enumeration: the schema says what is taken, and other words are.
        super().__init__(WORD, examples=list(words))
        self.words = frozenset(words)

    def known(self, text: str) -> str | None:
        """Return the word as it is kept, or None when it is not known."""
        return text.lower() if text.lower() in self.words else None

    def parse(self, value: Any) -> str | None:
        """Return the word, or None for an unknown one."""
        text = super().parse(value)
        return None if text is None else self.known(text)

    def drops(self, value: Any) -> bool:
        """Return whether this is a word, and not one of ours."""
        text = super().parse(value)
        return text is not None and self.known(text) is None


class Parameter(Word):
    """One allow-listed parameter of the kernel command line; any other is left out, because it is private."""

    def __init__(self) -> None:
        super().__init__("intel_iommu=on", "pcie_acs_override=downstream")
        # A list of vfio-pci ids grows longer than a word.
        self.maximum = 1000
        self.metadata = {**self.metadata, "maxLength": self.maximum}

    def known(self, text: str) -> str | None:
        """Return the parameter, spelled as in ``PARAMETERS``, when it is one and nothing else stands beside it."""
        return spelled(text)


class Whole(Fact):
    """A whole number in a range; text and true are none."""

    def __init__(self, low: int = 0, high: int = INT32, *, required: bool = False) -> None:
        super().__init__(required=required, type="integer", minimum=low, maximum=high)
        self.low, self.high = low, high

    def parse(self, value: Any) -> int:
        """Return the number; JSON knows one kind of number, so 1.0 is 1."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError(f"It is {kind_of(value)}; write a whole number without quotes.")
        if not self.low <= value <= self.high:
            raise ValidationError(f"It is out of range; write a number from {self.low} to {self.high}.")
        return value


class Flag(Fact):
    """True or false."""

    def __init__(self) -> None:
        super().__init__(type="boolean")

    def parse(self, value: Any) -> bool:
        """Return the truth value."""
        if not isinstance(value, bool):
            raise ValidationError(f"It is {kind_of(value)}; write true or false, or leave it out when not known.")
        return value


class Spelled(Fact):
    """Text of one exact form, lowercase when kept.

    Attributes:
        right: What would be right, for the sentence that refuses.
    """

    right: str

    def __init__(self, pattern: str, *, required: bool = False, key: str | None = None) -> None:
        super().__init__(required=required, key=key, type="string", maxLength=PATH, pattern=f"^{pattern}$")
        self.pattern = re.compile(pattern)

    def parse(self, value: Any) -> str | None:
        """Return the text as it is kept."""
        text = clean(value) if isinstance(value, str) else None
        if text == "":
            return None
        match = self.pattern.fullmatch(text) if text is not None and len(text) <= PATH else None
        if match is None:
            said = kind_of(value) if text is None else f"'{excerpt(text)}'"
            raise ValidationError(f"It is {said}; {self.right}.")
        spelled = self.spell(match)
        if len(spelled) > PATH:
            raise ValidationError(f"It has {len(spelled)} characters with its domain; at most {PATH} are taken.")
        return spelled

    def spell(self, match: re.Match[str]) -> str:
        """Return the one spelling of what matched."""
        return match[0].lower()


class Hex(Spelled):
    """An id of two or four hex digits."""

    def __init__(self, digits: int, *, key: str | None = None) -> None:
        super().__init__(f"[0-9a-fA-F]{{{digits}}}", key=key)
        self.right = f"write exactly {digits} hex digits as text, like '{'10de'[:digits]}'"


class _Placed(Spelled):
    def spell(self, match: re.Match[str]) -> str:
        # Tools write the domain with four or eight digits, or leave out domain 0: one place has one spelling.
        return f"{int(match[1] or '0', 16):04x}:{match[2].lower()}"


class Address(_Placed):
    """The address of a PCI function; without a domain it is in domain 0000."""

    right = "write a PCI address like 0000:01:00.0"

    def __init__(self, *, required: bool = False) -> None:
        super().__init__(rf"{_DOMAIN}([0-9a-fA-F]{{2}}:{_HOP})", required=required)


class PortPath(_Placed):
    """A path of device.function hops from a root bus; the slot of a conventional bridge ends with a device alone."""

    right = "write the path of the port, like 0000:00:01.1/00.2/07.0"

    def __init__(self) -> None:
        super().__init__(rf"{_DOMAIN}([0-9a-fA-F]{{2}}:{_HOP}(?:/{_HOP})*(?:/[01][0-9a-fA-F])?)")


class Bus(_Placed):
    """A root bus with its domain."""

    right = "write domain and bus, like 0000:40"

    def __init__(self) -> None:
        super().__init__(rf"{_DOMAIN}([0-9a-fA-F]{{2}})", required=True)


class Moment(Spelled):
    """An ISO 8601 date, or date and time, kept as it is written."""

    right = "write a date of the calendar, like 2024-05-31 or 2024-05-31T18:00:00Z"

    def __init__(self) -> None:
        date = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
        time = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
        zone = "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
        super().__init__(f"{date}(?:[Tt ]{time}{zone})?")

    def spell(self, match: re.Match[str]) -> str:
        """Return the text after looking it up in the calendar."""
        try:
            datetime.fromisoformat(match[0].upper())
        except ValueError as error:
            raise ValidationError(f"It is '{match[0]}'; {self.right}.") from error
        return match[0]


class Many(fields.List[Any]):
    """A list of bounded length, kept as a tuple; empty means "known to be none".

    Items that say nothing (null or blank text) and words that are left out do not stand in the tuple.
    """

    def __init__(self, item: fields.Field[Any], maximum: int, *, required: bool = False) -> None:
        published = {"maxItems": maximum}
        super().__init__(item, required=required, allow_none=not required, metadata=published, error_messages=MISSING)
        self.maximum = maximum

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list):
            raise ValidationError(f"It is {kind_of(value)}; write a list, [] when there is none.")
        # Before any item is looked at, or a long list would cost the time this limit is to save.
        if len(value) > self.maximum:
            raise ValidationError(f"It has {len(value):,} items; at most {self.maximum:,} are taken.")
        return tuple(item for item in super()._deserialize(value, attr, data, **kwargs) if item is not None)


def kind_of(value: Any) -> str:
    """Return what a JSON value is, in words."""
    return _KINDS.get(type(value), "null")
