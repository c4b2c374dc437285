"""Inputs as no folder holds them: what a parser, a process or the database stumbles over."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

from hwdb.cli.bulk_reading import Reading, reports_in
from hwdb.report import Function, Report


@dataclass(frozen=True)
class Good:
    """A listing that is read and stored."""

    files: tuple[str, ...]
    machine: str | None = None

    def read(self) -> tuple[Reading, ...]:
        with open(self.files[0], "rb") as opened:  # noqa: PTH123 (as the product reads: a path is text)
            return (Reading(self.files, reports_in(opened.read())[1]),)


@dataclass(frozen=True)
class Crashing(Good):
    """One that a parser has an error for."""

    def read(self) -> tuple[Reading, ...]:
        raise ZeroDivisionError("what stands in the file is not told")


@dataclass(frozen=True)
class Hungry(Good):
    """One that takes more memory than there is for it."""

    def read(self) -> tuple[Reading, ...]:
        return (Reading((str(len(bytearray(64 * 1024**3))),)),)


@dataclass(frozen=True)
class Deadly(Good):
    """One that ends the process that reads it."""

    def read(self) -> tuple[Reading, ...]:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


@dataclass(frozen=True)
class Refused(Good):
    """One whose report is no report, which the writing stumbles over."""

    def read(self) -> tuple[Reading, ...]:
        return (Reading(self.files, (Report(functions=(Function(address="nowhere"),)),)),)
