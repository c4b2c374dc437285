"""Carry one connection between QEMU and the service; QEMU starts this for every connection of a guest.

Its own forwarding to a TCP port serves a single connection and no more.
"""

from __future__ import annotations

import os
import selectors
import socket
import sys

_ENOUGH = 65536


def relay(port: int) -> None:
    """Copy standard input to the port and the port to standard output, until the service has said all."""
    with socket.create_connection(("127.0.0.1", port)) as service, selectors.DefaultSelector() as waiting:
        waiting.register(service, selectors.EVENT_READ)
        waiting.register(0, selectors.EVENT_READ)
        while True:
            for ready, _ in waiting.select():
                if ready.fileobj is service:
                    said = service.recv(_ENOUGH)
                    if not said:
                        return
                    os.write(1, said)
                elif asked := os.read(0, _ENOUGH):
                    service.sendall(asked)
                else:
                    waiting.unregister(0)
                    service.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    relay(int(sys.argv[1]))
