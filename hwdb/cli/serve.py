"""``hwdb serve``: the service under granian."""

from __future__ import annotations

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
