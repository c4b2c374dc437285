"""What ``HWDB_*`` variables say, read once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from limits import parse_many

from hwdb.errors import ConfigurationError
from hwdb.models.engine import default_url

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_HOPS = 8
# Where `make submitter` leaves the client in a checkout.
_BUILT_CLIENT = Path(__file__).resolve().parent.parent / "dist" / "hwdb-submit.pyz"


@dataclass(frozen=True)
class Config:
    """The service's configuration; docs/operations.md has a paragraph on each variable.

    Attributes:
        database_url: ``HWDB_DATABASE_URL``, where reports are written.
        read_database_url: ``HWDB_READ_DATABASE_URL``, a replica for reading; None for the same database.
        limiter_url: ``HWDB_LIMITER_URL``, where request counts are kept; one process's memory by default.
        submit_limit: ``HWDB_SUBMIT_LIMIT``, how many reports one address may send, and how many it may withdraw.
        proxy_hops: ``HWDB_PROXY_HOPS``, how many proxies in front are trusted to name the client's address.
        submitter: ``HWDB_SUBMITTER``, the client's single file, which may be absent.
    """

    database_url: str
    read_database_url: str | None
    limiter_url: str
    submit_limit: str
    proxy_hops: int
    submitter: Path


def read_config(environ: Mapping[str, str]) -> Config:
    """Return the configuration.

    Raises:
        ConfigurationError: A variable cannot be understood.
    """
    submit_limit = environ.get("HWDB_SUBMIT_LIMIT") or "60 per hour"
    try:
        parse_many(submit_limit)
    except ValueError as error:
        raise ConfigurationError(
            f"HWDB_SUBMIT_LIMIT is {submit_limit!r}; write a rate like '60 per hour' or '5/minute;60/hour'"
        ) from error
    hops = environ.get("HWDB_PROXY_HOPS") or "0"
    if not hops.isascii() or not hops.isdigit() or int(hops) > _MOST_HOPS:
        raise ConfigurationError(
            f"HWDB_PROXY_HOPS is {hops!r}; write how many proxies stand in front, 0 to {_MOST_HOPS}"
        )
    return Config(
        database_url=default_url(environ),
        read_database_url=environ.get("HWDB_READ_DATABASE_URL") or None,
        limiter_url=environ.get("HWDB_LIMITER_URL") or "memory://",
        submit_limit=submit_limit,
        proxy_hops=int(hops),
        submitter=Path(environ.get("HWDB_SUBMITTER") or _BUILT_CLIENT),
    )
