"""The client's single file, as it is served and as the page speaks of it."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class ClientFile:
    """The client at one moment.

    Attributes:
        content: Its bytes. The checksum is theirs, whatever lies on disk a moment later.
        name: What the file is called once it is fetched.
    """

    content: bytes
    name: str = "hwdb-submit.pyz"

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, as ``sha256sum`` prints it."""
        return hashlib.sha256(self.content).hexdigest()


def read_client(path: Path) -> ClientFile | None:
    """Return the client, None when there is none that can be read.

    It is read anew each time: it is small, and a checksum of another build would tell people that theirs is forged.
    """
    try:
        return ClientFile(path.read_bytes())
    except OSError:
        return None


def command(server: str, client: ClientFile) -> str:
    """Return the one command that fetches the client, checks it and runs it, for a POSIX shell.

    Args:
        server: Address of this service, without a slash at its end.
        client: Of which the checksum is told.
    """
    return (
        f"curl -fsSLO {shlex.quote(f'{server}/{client.name}')} &&\n"
        f'echo "{client.sha256}  {client.name}" |\n'
        f"sha256sum -c && python3 {client.name} --server {shlex.quote(server)}"
    )
