"""Every error hwdb raises on purpose, and what each asks of the caller.

No I/O, no third-party import: this module also rides in the client's single file.

    HwdbError                   the message is one sentence for a person
    ├── NotAReport              what came in cannot be read as a report
    │   ├── ParseError          a text format; carries the line and column
    │   ├── DocumentError       JSON that is malformed, unsafe or too large
    │   └── InvalidReport       JSON that is well formed but breaks the report format; carries every field
    ├── AnnotationError         a notes file that cannot be applied
    ├── AliasError              an operator's word on boards that does not fit what was said before
    ├── CuratedError            a curated layout or platform note breaks its schema
    ├── WishError               a wish for slots that cannot be read
    ├── Withdrawn               the document was withdrawn by its owner and is not taken back
    ├── NotFound                no such report or board
    ├── NotYours                the report was not submitted under this key
    └── ConfigurationError      an HWDB_* variable or a database that cannot be used
"""

from __future__ import annotations


class HwdbError(Exception):
    """Base of all errors that a person can do something about; ``str(error)`` is one sentence."""


class NotAReport(HwdbError):
    """The input is not a report; nothing was stored."""


class ParseError(NotAReport):
    """A text could not be read as the format it was taken for.

    Args:
        message: What is wrong and what to do, one sentence.
        line: 1-based line of the text, or None when the whole text is meant.
        column: 1-based column in that line, or None.
    """

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        place = "" if line is None else f"line {line}: " if column is None else f"line {line}, column {column}: "
        super().__init__(place + message)
        self.line = line
        self.column = column


class Unrecognised(ParseError):
    """A text or a file is of no kind that hwdb reads."""


class DocumentError(NotAReport):
    """A JSON document is malformed, unsafe or too large to be looked at.

    Args:
        message: What is wrong and where, one sentence.
        status: The HTTP status that says the same (400, 413 or 415).
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class FieldProblem:
    """One field of a document that breaks the report format.

    No dataclass, since the module that makes those takes the client longer to import than reading a machine does.

    Args:
        field: Where it stands, like ``functions[3].address``; empty for the document itself.
        reason: What is wrong and what would be right, one sentence.
    """

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldProblem) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((self.field, self.reason))


class InvalidReport(NotAReport):
    """A well-formed document breaks the report format.

    Args:
        problems: Every field that is wrong, at least one.
    """

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        first = problems[0]
        more = f" ({len(problems) - 1} more fields are wrong)" if len(problems) > 1 else ""
        super().__init__(f"{first.field or 'the document'}: {first.reason}{more}")
        self.problems = problems


class AnnotationError(HwdbError):
    """A notes file cannot be read or does not fit its listing."""


class AliasError(HwdbError):
    """What an operator says of boards does not fit what was said before; nothing was changed."""


class CuratedError(HwdbError):
    """A curated file breaks its schema; the message names the file, the key and what would be right."""


class WishError(HwdbError):
    """What somebody wants to plug in cannot be read; the sentence says how it is written."""


class Withdrawn(HwdbError):
    """The document was withdrawn by its owner; it is not stored again."""


class NotFound(HwdbError):
    """What was asked for is not in the database."""


class NotYours(HwdbError):
    """The report was not submitted under the key that asks to change it; nothing was changed."""


class ConfigurationError(HwdbError):
    """The configuration names something that cannot be used."""
