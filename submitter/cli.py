"""The ``hwdb-submit`` command."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from hwdb.errors import HwdbError
from submitter.send import NotSent, is_exposed, send

_LICENCE = "Facts you send are given under CC0-1.0: anyone may use them for anything."


def main(argv: list[str] | None = None) -> None:
    """Run the command; errors are one sentence on stderr and exit status 2."""
    try:
        sys.exit(_run(_parser().parse_args(argv)))
    except HwdbError as error:
        print(f"hwdb-submit: {error}", file=sys.stderr)
        sys.exit(2)
    except (KeyboardInterrupt, EOFError):
        print("\nNothing was sent.", file=sys.stderr)
        sys.exit(130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hwdb-submit",
        description="Send a report document to an hwdb service, after showing it.",
        epilog=f"{_LICENCE} `hwdb convert` makes a document from a listing.",
    )
    parser.add_argument("file", metavar="FILE", help="a report document, JSON")
    parser.add_argument(
        "--server", default=os.environ.get("HWDB_SERVER"), help="address of the service (or HWDB_SERVER)"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before sending")
    return parser


def _run(asked: argparse.Namespace) -> int:
    if not asked.server:
        raise NotSent("no server is named; say --server https://... or set HWDB_SERVER")
    try:
        document = Path(asked.file).read_bytes()
    except OSError as error:
        raise NotSent(f"{asked.file} cannot be read: {error.strerror}") from error
    if not asked.yes and not _agreed(asked.server, document):
        print("Nothing was sent.")
        return 1
    receipt = send(asked.server, document)
    print(f"{'Stored' if receipt.get('created') else 'Already there'}: report {receipt['id']}.")
    for remark in receipt.get("remarks", []):
        print(remark)
    page = (receipt.get("links") or {}).get("board_page")
    if page:
        print(f"{asked.server.rstrip('/')}{page}")
    return 0


def _agreed(server: str, document: bytes) -> bool:
    """Show exactly what would be sent, and ask."""
    print(document.decode("utf-8", errors="replace"))
    print(f"\nThese {len(document)} bytes, and nothing else, go to {server}.")
    if is_exposed(server):
        print("Warning: the address is plain http, so anyone on the way can read and change them.")
    print(_LICENCE)
    return input("Send them? [y/N] ").strip().casefold() in {"y", "yes"}
