"""Sending documents: which service, whether it was agreed to, and what became of it."""

from __future__ import annotations

import json
import os
import shlex
import sys
import time

from submitter import document as documents
from submitter.errors import NotSent
from submitter.screen import note, show
from submitter.state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

    from submitter.service import Service

NO_SERVER = "No service is named, so nothing is sent; say --server https://... or set HWDB_SERVER"
_LICENCE = "Facts you send are given under CC0-1.0: anyone may use them for anything."


def send(asked: argparse.Namespace) -> int:
    """Send reports from files; those that fail do not keep the others from being sent."""
    service = service_of(asked)
    read = [(path, documents.read(path)) for path in asked.file]
    for path, document in read:
        board = document.get("board") or {}
        name = f"{board.get('vendor') or 'vendor not stated'} {board.get('name') or 'board not stated'}"
        say(asked, f"{path}: {name}, {len(document['functions'])} PCI functions")
    say(asked, "`hwdb-submit show FILE` prints all of it; sending adds the licence you agree to, and nothing else.")
    if not agreed(asked, service, len(read)):
        return 1
    state, failed = State(), False
    for path, document in read:
        try:
            receipt = send_one(asked, service, state, document, path, here=False)
            if asked.json:
                print(json.dumps(receipt))
        except NotSent as error:
            failed = True
            note(f"hwdb-submit: {error}")
    return 2 if failed else 0


def server_of(asked: argparse.Namespace) -> str | None:
    """Return the address of the service that is named, None when none is."""
    return asked.server or os.environ.get("HWDB_SERVER") or None


def service_of(asked: argparse.Namespace) -> Service:
    """Return the service that is named.

    Raises:
        NotSent: None is, or the network is not to be used.
    """
    if asked.offline:
        raise NotSent("--offline was said, and this needs the network")
    server = server_of(asked)
    if server is None:
        raise NotSent(NO_SERVER[0].lower() + NO_SERVER[1:])
    # No network code is even loaded before it is needed.
    from submitter.service import Service

    service = Service(server, note, tell=note if asked.verbose else lambda _: None)
    if service.exposed:
        note(f"Warning: {service.address} is plain http, so anyone on the way can read and change what is sent.")
    return service


def agreed(asked: argparse.Namespace, service: Service, count: int) -> bool:
    """Say under what licence facts are given, and ask; without a terminal only ``--yes`` agrees."""
    say(asked, _LICENCE)
    if asked.yes:
        return True
    if not sys.stdin.isatty():
        note("Nothing was sent: there is no terminal to ask at. Say --yes to agree.")
        return False
    what = "it" if count == 1 else f"these {count}"
    if confirmed(asked, f"Send {what} to {service.address}? [y/N] "):
        return True
    say(asked, "Nothing was sent.")
    return False


def confirmed(asked: argparse.Namespace, question: str) -> bool:
    """Ask at the terminal; only a yes is one."""
    if asked.json:
        print(question, end="", file=sys.stderr, flush=True)
    return input("" if asked.json else question).strip().casefold() in {"y", "yes"}


def send_one(
    asked: argparse.Namespace, service: Service, state: State, document: dict[str, Any], path: str, *, here: bool
) -> dict[str, Any]:
    """Send one document, say what became of it, and return the receipt.

    Args:
        asked: The command line.
        service: Where to.
        state: Where the key is kept.
        document: What is sent, once its licence is in it.
        path: File that holds it, for another try.
        here: Whether it is of the machine this runs on.

    Raises:
        NotSent: It did not arrive; the sentence says where it is kept and how to try again.
    """
    account = state.account(service.address)
    key = account.key(document, here=here)
    again = f"{_program()} send {_quoted(state.shown(path))} --server {service.address}"
    encoded = documents.encode(documents.agreed(document))
    try:
        receipt = service.submit(encoded, key)
    except NotSent as error:
        kept = f"It is kept; try again with: {again}" if error.status is None else f"It is kept in {state.shown(path)}."
        raise NotSent(f"{error} {kept}", error.status) from error
    except KeyboardInterrupt:
        note(f"\nInterrupted while sending: it is stored whole or not at all. To be sure, send it again: {again}")
        note("The same document is stored only once.")
        sys.exit(130)
    page = service.page((receipt.get("links") or {}).get("board_page") or f"/reports/{receipt['id']}")
    sent = time.strftime("%Y-%m-%d", time.gmtime())
    account.add(key, {"id": str(receipt["id"]), "page": page, "sent": sent})
    if account.is_here(key):
        state.keep("sent.json", encoded)
    _tell(asked, receipt, page)
    return receipt


def _tell(asked: argparse.Namespace, receipt: dict[str, Any], page: str) -> None:
    say(asked, f"{'Stored' if receipt.get('created') else 'Already there'}: report {receipt['id']}.")
    for remark in receipt.get("remarks") or []:
        say(asked, f"- {remark}")
    for field in receipt.get("ignored") or []:
        say(asked, f"- The service does not know {field}, so it was left out.")
    say(asked, page)


def _program() -> str:
    """Return what one types to run this program."""
    return f"python3 {_quoted(sys.argv[0])}" if sys.argv[0].endswith(".pyz") else "hwdb-submit"


def _quoted(path: str) -> str:
    """Quote a path for the shell, which must still see what ``~`` means."""
    return f"~/{shlex.quote(path[2:])}" if path.startswith("~/") else shlex.quote(path)


def say(asked: argparse.Namespace, text: str) -> None:
    """Print a sentence; with ``--json`` to standard error, so that standard output holds data only."""
    (note if asked.json else show)(text)
