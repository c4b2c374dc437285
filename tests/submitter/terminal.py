"""A person at a terminal: the client on a pseudo-terminal, its prompts awaited and answered."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import termios
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.submitter.client import Client

_PATIENCE = 60


class Terminal:
    """A running client and the terminal it is at.

    Attributes:
        screen: Everything printed so far.
    """

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self._process, self._descriptor = process, descriptor
        self.screen = ""
        self._seen = 0

    def await_text(self, text: str) -> None:
        """Wait until something new is on the screen."""
        until = time.monotonic() + _PATIENCE
        while text not in self.screen[self._seen :]:
            assert time.monotonic() < until, self.screen
            if not self._read():
                raise AssertionError(f"it ended without {text!r}:\n{self.screen}")
        self._seen = self.screen.index(text, self._seen) + len(text)

    def answer(self, prompt: str, line: str) -> None:
        """Wait for a prompt and type a line."""
        self.await_text(prompt)
        os.write(self._descriptor, f"{line}\n".encode())

    def interrupt(self, prompt: str) -> None:
        """Wait for something on the screen and press Ctrl-C."""
        self.await_text(prompt)
        # Between printing a prompt and reading, Python notices a signal only once a line comes. No hand is that fast.
        time.sleep(0.3)
        # The line discipline turns this into SIGINT.
        os.write(self._descriptor, b"\x03")

    def end_of_input(self, prompt: str) -> None:
        """Wait for a prompt and press Ctrl-D."""
        self.await_text(prompt)
        os.write(self._descriptor, b"\x04")

    def status(self) -> int:
        """Read to the end and return the exit status."""
        while self._read():
            pass
        return self._process.wait(timeout=_PATIENCE)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._descriptor], [], [], _PATIENCE)
        assert ready, self.screen
        try:
            got = os.read(self._descriptor, 65536)
        except OSError:
            # Linux says so when the last process at the terminal is gone.
            return False
        self.screen += got.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(got)


@contextmanager
def at_terminal(client: Client, *arguments: object) -> Iterator[Terminal]:
    """Run the client with a terminal of its own."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*client.command, *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**client.variables, "COLUMNS": "120"},
        # A session of its own, so that the terminal becomes its controlling one and Ctrl-C reaches it.
        preexec_fn=lambda: _take(theirs),  # noqa: PLW1509 - the child is a fresh interpreter a moment later
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
        os.close(ours)


def _take(descriptor: int) -> None:
    # A shell that runs the tests in the background has them ignore Ctrl-C, which processes inherit.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.setsid()
    fcntl.ioctl(descriptor, termios.TIOCSCTTY, 0)
