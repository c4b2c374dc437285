"""What somebody pasted or uploaded, read for the preview and read again when it is stored.

Nothing is kept between the two: the page carries the text on in a field of its form, redacted. What is no text (an
archive, a binary table, several files together) is carried on as the report document that it gave.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from flask import request

from hwdb import importers, schema
from hwdb.errors import DocumentError, HwdbError, ParseError
from hwdb.importers.archive import is_archive
from hwdb.importers.combine import combine
from hwdb.importers.redact import redact, redactions
from hwdb.inputs import is_document, is_table, is_text, reports_in, text_of, unmarked
from hwdb.report import to_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.report import Report

MAX_TEXT = 4 * 1024 * 1024
"""The most bytes of one pasted text, as of a report document."""

MAX_FILES = 8 * 1024 * 1024
"""The most bytes of all uploaded files together."""

MAX_FIELD = MAX_TEXT + MAX_TEXT // 2
"""The most bytes of one form field: a text that is carried on has longer line ends, and words for what was removed."""

MAX_FORM = MAX_FIELD + MAX_FILES
"""The most bytes of a whole form."""


class Input(NamedTuple):
    """One thing that was sent: what to call it in a sentence, and its bytes."""

    name: str
    raw: bytes


@dataclass(frozen=True)
class Pasted:
    """What was read.

    Attributes:
        carried: What the page carries on and reads again: the text without secrets, or a report document.
        text: The text to keep, redacted; None where there was none.
        reports: One for each machine or state of a machine that it holds, at least one.
        describes: What it was recognised as.
        removed: Kinds of secrets that were removed and how many of each, most first.
    """

    carried: str
    text: str | None
    reports: tuple[Report, ...]
    describes: str
    removed: tuple[tuple[str, int], ...]

    @property
    def largest(self) -> int:
        """Which of the reports shows most, counted from 0."""
        return max(range(len(self.reports)), key=lambda n: (_grouped(self.reports[n]), len(self.reports[n].functions)))


def take_large_forms() -> None:
    """Let this request be as large as a paste and its files may be; the limits are smaller everywhere else."""
    request.max_content_length = MAX_FORM
    request.max_form_memory_size = MAX_FIELD


def inputs() -> list[Input]:
    """Return what the form sends: the pasted text, then the files, blank ones left out."""
    sent = [Input("the pasted text", request.form.get("text", "").encode("utf-8", errors="replace"))]
    sent += [Input(f"file {n}", file.read()) for n, file in enumerate(request.files.getlist("file"), start=1)]
    return [one for one in sent if one.raw.strip()]


def read(sent: Sequence[Input]) -> Pasted:
    """Return what was sent, understood.

    Args:
        sent: From ``inputs``, at least one.

    Raises:
        HwdbError: It is too large, or holds nothing that can be read; one sentence for who sent it.
    """
    _refuse_large(sent)
    if len(sent) > 1:
        return _together(sent)
    raw = unmarked(sent[0].raw)
    if not is_text(raw):
        (report,) = reports_in(raw)
        return _as_document(report, _kind(raw))
    safe = redactions(_as_forms_send(text_of(raw)))
    described = importers.sniff(safe.text).describes
    return Pasted(safe.text, safe.text, reports_in(safe.text.encode()), described, safe.removed)


def safe_text() -> str:
    """Return the pasted text as it may be shown again, when it could not be read."""
    return redact(request.form.get("text", "")[:MAX_TEXT])


def _refuse_large(sent: Sequence[Input]) -> None:
    for name, raw in sent:
        if is_archive(raw):
            continue
        # The text that a page carries on is a little longer than what was pasted.
        if len(raw) > MAX_FIELD:
            raise DocumentError(
                f"{name} has {len(raw):,} bytes, and at most {MAX_TEXT:,} are taken; leave out what is not about PCI,"
                " the firmware or the IOMMU.",
                413,
            )


def _as_forms_send(text: str) -> str:
    """Return a text as it comes back from a form's hidden field: browsers even out line ends and drop NUL."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")


def _together(sent: Sequence[Input]) -> Pasted:
    reports = []
    for name, raw in sent:
        try:
            (report,) = reports_in(unmarked(raw), lambda text: (importers.parse(text),))
        except HwdbError as error:
            raise ParseError(f"{name}: {error}") from error
        reports.append(report)
    combined = combine(reports, [one.name for one in sent])
    return _as_document(schema.load(to_document(combined)).report, f"{len(sent)} inputs about one machine")


def _as_document(report: Report, describes: str) -> Pasted:
    document = {key: part for key, part in to_document(report).items() if part is not None}
    return Pasted(json.dumps(document, ensure_ascii=False), None, (report,), describes, ())


def _kind(raw: bytes) -> str:
    if is_archive(raw):
        return "an archive, as hw-probe makes it"
    if is_table(raw):
        return "a binary SMBIOS table, as dmidecode --dump-bin writes it"
    return "a report document" if is_document(raw) else "a listing"


def _grouped(report: Report) -> int:
    return sum(function.iommu_group is not None for function in report.functions)
