"""``hwdb serve``: the service under granian."""

from __future__ import annotations

import socket

import click

from hwdb.cli.opening import opened
from hwdb.errors import ConfigurationError


@click.command(short_help="Start the service.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8399, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
def command(host: str, port: int, workers: int) -> None:
    """Serve the pages and the REST API until Ctrl-C."""
    try:
        from granian import Granian
        from granian.constants import Interfaces
    except ModuleNotFoundError as error:
        raise ConfigurationError("the service is not installed; install hwdb[server]") from error
    _check_free(host, port)
    # Once, before the workers start, so that they find the schema as they need it.
    opened().dispose()
    click.echo(f"hwdb serves http://{host}:{port}/ until Ctrl-C.")
    Granian(
        "web:create_app",
        factory=True,
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        blocking_threads=8,
        log_enabled=True,
        log_access=False,
    ).serve()


def _check_free(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on, or that another program listens on already."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # As a server does, so that connections of one that just ended do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise ConfigurationError(
            f"{host} port {port} cannot be listened on: {error.strerror}; choose another with --host and --port"
        ) from error
