"""Report documents as bytes in a file: what is read there is, byte for byte, what is sent."""

from __future__ import annotations

import json
import os
import sys

from submitter.errors import NotDone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LICENCE = "CC0-1.0"
_LARGEST = 4 << 20


def encode(document: dict[str, Any]) -> bytes:
    """Return a document as text for people and programs: a line for each fact of the top level and of its lists.

    All of it is ASCII, so that no terminal shows something else than what is there.
    """
    lines = []
    for key, value in document.items():
        if isinstance(value, list) and value:
            items = ",\n  ".join(_compact(item) for item in value)
            lines.append(f'"{key}": [\n  {items}\n ]')
        else:
            lines.append(f"{_compact(key)}: {_compact(value)}")
    return ("{\n " + ",\n ".join(lines) + "\n}\n").encode("ascii")


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(", ", ": "))


def agreed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with its submitter's consent to CC0-1.0 in it."""
    return {**document, "provenance": {**(document.get("provenance") or {}), "licence": LICENCE}}


def read(path: str) -> dict[str, Any]:
    """Return the document in a file, ``-`` for standard input.

    Raises:
        NotDone: The file cannot be read or holds no report document.
    """
    try:
        if path == "-":
            raw = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with open(path, "rb") as opened:
                raw = opened.read(_LARGEST + 1)
    except OSError as error:
        raise NotDone(f"{path} cannot be read: {error.strerror}") from error
    if len(raw) > _LARGEST:
        raise NotDone(f"{path} is larger than {_LARGEST >> 20} MiB, which no report is")
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise NotDone(f"{path} is no report document: it is not JSON ({error})") from error
    if not isinstance(document, dict) or not isinstance(document.get("functions"), list) or "format" not in document:
        raise NotDone(f"{path} is no report document: it lacks format and functions; `hwdb-submit collect` makes one")
    return document


def write(path: str, encoded: bytes) -> None:
    """Write a document to a file, ``-`` for standard output. A file is either written whole or not at all.

    Raises:
        NotDone: It cannot be written.
    """
    if path == "-":
        sys.stdout.buffer.write(encoded)
        sys.stdout.buffer.flush()
        return
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as device:
                device.write(encoded)
        else:
            replace(path, encoded, 0o644)
    except OSError as error:
        raise NotDone(f"{path} cannot be written: {error.strerror}") from error


def replace(path: str, whole: bytes, mode: int, owner: tuple[int, int] | None = None) -> None:
    """Put a new file in the place of an old one in one step, so that an interruption leaves the old or the new.

    Args:
        path: Where; a symbolic link there is replaced, not followed.
        whole: What the file holds.
        mode: Its permissions, less what the umask takes away.
        owner: User and group ids it is given to.

    Raises:
        OSError: It cannot be written.
    """
    beside = f"{path}.{os.getpid()}.new"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            if owner is not None:
                os.fchown(opened.fileno(), *owner)
            opened.write(whole)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise
