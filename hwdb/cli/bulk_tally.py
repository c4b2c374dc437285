"""What became of the inputs of a bulk import: counted, listed and told."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from hwdb.cli.bulk_reading import FAILED, NOTHING, UNREADABLE
from hwdb.intake.bulk import KNOWN, STORED, WITHDRAWN

if TYPE_CHECKING:
    from hwdb.cli.bulk_reading import Reading

PASSED = "passed"
"""The outcome of an input that an earlier run dealt with."""

_WORDS = {
    STORED: "stored",
    KNOWN: "already known",
    WITHDRAWN: "withdrawn by its owner, so not stored",
    PASSED: "dealt with by an earlier run",
    NOTHING: "nothing in it that hwdb reads",
    UNREADABLE: "cannot be read",
    FAILED: "failed, to be tried again by the next run",
}
_DEALT_WITH = (STORED, KNOWN, WITHDRAWN, PASSED)
_MOST_REASONS = 10


@dataclass
class Tally:
    """Counts of what became of inputs.

    Attributes:
        unit: What is counted, in the plural: ``files`` or ``machines``.
        failures: Where each input without a report is listed, with its outcome and the reason.
        outcomes: How many units had each outcome.
        reasons: How often each reason was given, by outcome.
        stored: How many reports were stored; a file may hold several, and several files one.
    """

    unit: str
    failures: IO[str] | None = None
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)
    stored: int = 0

    def add(self, reading: Reading, outcome: str, reason: str | None = None) -> None:
        """Count what became of a reading."""
        count = len(reading.files) if self.unit == "files" else 1
        self.outcomes[outcome] += count
        if reason is None:
            return
        # "line 12" and "line 13" are one reason.
        self.reasons.setdefault(outcome, Counter())[re.sub(r"\d+", "N", reason)] += count
        if self.failures is not None:
            self.failures.writelines(f"{file}\t{outcome}\t{reason}\n" for file in reading.files)

    @property
    def total(self) -> int:
        """How many were looked at."""
        return self.outcomes.total()

    @property
    def dealt_with(self) -> int:
        """How many gave a report, now or before."""
        return sum(self.outcomes[outcome] for outcome in _DEALT_WITH)

    def plain(self) -> dict[str, Any]:
        """Return the counts for other tools; every outcome stands there."""
        return {
            "unit": self.unit,
            "total": self.total,
            "outcomes": {outcome: self.outcomes[outcome] for outcome in _WORDS},
            "reports_stored": self.stored,
            "reasons": {outcome: dict(counted.most_common()) for outcome, counted in self.reasons.items()},
        }

    def lines(self) -> list[str]:
        """Return the counts as lines to read; outcomes that none had are left out."""
        reports = f", {self.stored:,} {'report' if self.stored == 1 else 'reports'} stored"
        lines = [f"{self.total:,} {self.unit if self.total != 1 else self.unit.removesuffix('s')}{reports}."]
        for outcome, words in _WORDS.items():
            if not self.outcomes[outcome]:
                continue
            lines.append(f"{self.outcomes[outcome]:>9,}  {words}")
            counted = self.reasons.get(outcome, Counter())
            lines += [f"{number:>17,}  {reason}" for reason, number in counted.most_common(_MOST_REASONS)]
            rest = sum(number for _, number in counted.most_common()[_MOST_REASONS:])
            lines += [f"{rest:>17,}  other reasons"] if rest else []
        return lines
