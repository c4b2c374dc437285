"""Servers to send to that are not ours: ones that fail, are busy, lead elsewhere, or speak TLS."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator


@dataclass(frozen=True)
class Answer:
    """What a server answers with."""

    status: int
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)


STORED = Answer(201, json.dumps({"id": "0123456789abcdef", "created": True, "links": {"board_page": "/boards/a/b"}}))


def problem(status: int, detail: str, **headers: str) -> Answer:
    """Return an error as hwdb says it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps({"detail": detail}), named)


@dataclass
class Peer:
    """A running server.

    Attributes:
        address: Where it listens.
        seen: (method, path, headers, body) of each request.
    """

    address: str
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def peer(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Peer]:
    """Serve these answers, one a request, the last one again and again."""
    left = list(answers)
    scheme = "http" if tls is None else "https"

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            made.seen.append((self.command, self.path, dict(self.headers.items()), self.rfile.read(length)))
            said = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(said.status)
            for name, value in {"Content-Length": str(len(said.body.encode())), **said.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body.encode())

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    made = Peer(f"{scheme}://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
