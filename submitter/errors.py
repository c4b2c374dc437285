"""What the client cannot do, as one sentence for the person at the terminal."""

from __future__ import annotations

from hwdb.errors import HwdbError


class NotDone(HwdbError):
    """Something asked for could not be done; nothing was lost, and the sentence says what to do."""


class NotSent(NotDone):
    """A document did not reach the service, or the service did not take it.

    Args:
        message: Why, one sentence.
        status: The HTTP status of a service that will not do it later either, None when it may.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
