"""What the client cannot do, as one sentence for the person at the terminal."""

from __future__ import annotations

from hwdb.errors import HwdbError


class NotDone(HwdbError):
    """Something asked for could not be done; nothing was lost, and the sentence says what to do."""


class NotSent(NotDone):
    """A document did not reach the service, or the service did not take it.

    Args:
        message: Why, one sentence.
        refused: Whether the service will not take it later either.
    """

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused
