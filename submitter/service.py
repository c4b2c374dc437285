"""Talking to a service over HTTP: the client's only network code."""

from __future__ import annotations

import email.utils
import http.client
import json
import time
import urllib.error
import urllib.request
from urllib.parse import urlencode, urlsplit

from submitter import VERSION
from submitter.errors import NotSent
from submitter.screen import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

# A server that takes longer than this to answer is taken for dead, in seconds.
_PATIENCE = 60
# How long to wait before each further try, in seconds, where the server does not say.
_WAITS = (1, 4, 15)
# A server that asks for more than this is asked again later by a person, in seconds.
_LONGEST_WAIT = 120
_LARGEST_ANSWER = 8 << 20
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Service:
    """One hwdb service.

    Args:
        address: As its user typed it; without a scheme it is taken as https.
        say: Called with each sentence that a person should see.
        sleep: Waits some seconds.
        tell: Called with each request, for those who want to know.

    Raises:
        NotSent: The address is not one of http or https.
    """

    def __init__(
        self,
        address: str,
        say: Callable[[str], None],
        sleep: Callable[[float], None] = time.sleep,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.address = _checked(address)
        self._say = say
        self._sleep = sleep
        self._tell = tell
        # An answer that leads elsewhere is not followed: a key, or https, could be lost on the way.
        self._opener = urllib.request.build_opener(_NoRedirect)

    @property
    def exposed(self) -> bool:
        """Whether what is sent can be read on the way: plain http to another machine."""
        parts = urlsplit(self.address)
        return parts.scheme == "http" and parts.hostname not in _LOOPBACK

    def submit(self, document: bytes, key: str) -> dict[str, Any]:
        """Post a report document and return the service's receipt.

        Raises:
            NotSent: The service cannot be reached or does not take it; the sentence is the service's own.
        """
        receipt = self._ask("POST", "reports", key, document)
        return receipt if "id" in receipt else self._stranger()

    def withdraw(self, report_id: str, key: str) -> None:
        """Withdraw a report.

        Raises:
            NotSent: The service cannot be reached or refuses.
        """
        self._ask("DELETE", f"reports/{report_id}", key)

    def own_reports(self, key: str) -> list[dict[str, Any]]:
        """Return the reports the service holds under a key.

        Raises:
            NotSent: The service cannot be reached or refuses.
        """
        listed = self._ask("GET", "reports", key).get("reports")
        return listed if isinstance(listed, list) else self._stranger()

    def known(self, strings: dict[str, str]) -> dict[str, Any]:
        """Ask whether a machine is known by the strings of its board, BIOS and processor.

        Raises:
            NotSent: The service cannot be reached or refuses.
        """
        answer = self._ask("GET", f"known?{urlencode(strings)}")
        return answer if "level" in answer else self._stranger()

    def page(self, path: object) -> str:
        """Return the address of a page that the service names by its path."""
        parts = urlsplit(self.address)
        return printable(f"{parts.scheme}://{parts.netloc}{path}")

    def _ask(self, method: str, path: str, key: str | None = None, body: bytes | None = None) -> dict[str, Any]:
        url = f"{self.address}/api/v1/{path}"
        headers = {"Accept": "application/json", "User-Agent": f"hwdb-submit/{VERSION}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        # _checked has let nothing but http and https through.
        request = urllib.request.Request(url, data=body, method=method, headers=headers)  # noqa: S310
        self._tell(f"{method} {url}{'' if body is None else f', {len(body):,} bytes'}")
        waits = iter(_WAITS)
        while True:
            try:
                return self._once(request)
            except urllib.error.HTTPError as error:
                self._wait_or_give_up(error, next(waits, None))

    def _once(self, request: urllib.request.Request) -> dict[str, Any]:
        try:
            with self._opener.open(request, timeout=_PATIENCE) as answer:
                raw = answer.read(_LARGEST_ANSWER)
        except urllib.error.HTTPError:
            raise
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise NotSent(f"{self.address} cannot be reached: {_reason(reason)}") from error
        try:
            answered = json.loads(raw) if raw else {}
        except ValueError:
            self._stranger()
        return answered if isinstance(answered, dict) else self._stranger()

    def _wait_or_give_up(self, error: urllib.error.HTTPError, wait: int | None) -> None:
        """Wait as long as the service asks before the next try.

        Raises:
            NotSent: Trying again is of no use, or not now.
        """
        sentence = _sentence_of(error)
        if 300 <= error.code < 400:
            place = printable(str(error.headers.get("Location") or "another address"))
            raise NotSent(f"{self.address} sends on to {place}; say --server with that address if you trust it")
        if error.code != 429 and error.code < 500:
            raise NotSent(f"{self.address} says: {sentence}", error.code)
        asked = _retry_after(error.headers.get("Retry-After"))
        if wait is None or (asked or 0) > _LONGEST_WAIT:
            when = f" (it asks to wait {round(asked)} seconds)" if asked else ""
            raise NotSent(f"{self.address} says: {sentence}{when}")
        seconds = wait if asked is None else asked
        self._say(f"{self.address} says: {sentence} Trying again in {seconds:g} s.")
        self._sleep(seconds)

    def _stranger(self) -> NoReturn:
        raise NotSent(f"{self.address} answered with something that is not hwdb's; is the address right?")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _checked(address: str) -> str:
    typed = address.strip()
    whole = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(whole)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        port_is_sound = False
    sound = port_is_sound and parts.scheme in {"http", "https"} and parts.hostname and whole.isprintable()
    if not sound or parts.query or parts.fragment or "@" in parts.netloc or " " in whole:
        raise NotSent(f"{printable(address)!r} is no server address; write one like https://hwdb.example")
    return whole.rstrip("/")


def _reason(reason: object) -> str:
    """Return why a connection failed, in words; of errors of the system without their numbers."""
    said = printable(str(getattr(reason, "strerror", None) or reason))
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return (
            f"its certificate cannot be verified ({said}). Check this machine's clock and its ca-certificates; the "
            "certificate is never ignored"
        )
    return said


def _sentence_of(error: urllib.error.HTTPError) -> str:
    """Return the sentence of a problem+json answer, else the status."""
    try:
        detail = json.loads(error.read(_LARGEST_ANSWER)).get("detail")
    except (OSError, ValueError, AttributeError, http.client.HTTPException):
        detail = None
    sentence = printable(str(detail or f"{error.code} {error.reason}")).strip()
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _retry_after(header: str | None) -> float | None:
    """Return the seconds of a Retry-After header, which holds a number or a date (RFC 9110, section 10.2.3)."""
    if header is None:
        return None
    if header.strip().isdigit():
        return float(header.strip()[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None
