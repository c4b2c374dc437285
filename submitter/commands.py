"""The commands that tell, and that look after what was sent."""

from __future__ import annotations

import json
import os
import sys

from submitter import document as documents
from submitter.collecting import collect_machine, stated_notes
from submitter.errors import NotDone, NotSent
from submitter.notes import carried_over
from submitter.screen import note, show
from submitter.sending import NO_SERVER, agreed, confirmed, say, send_one, server_of, service_of
from submitter.state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

    from submitter.service import Service
    from submitter.state import Account

_GONE = 404


def default(asked: argparse.Namespace) -> int:
    """Collect, tell, ask what only a person knows, say where the document is, and send it when agreed to."""
    return _tell_and_send(asked, collect_machine(asked))


def update(asked: argparse.Namespace) -> int:
    """Do the same for a machine that was sent before, with what its owner said then."""
    sent = State().sent
    if not os.path.exists(sent):
        raise NotDone("no report was sent from this machine yet; run hwdb-submit without a command first")
    return _tell_and_send(asked, carried_over(documents.read(sent), collect_machine(asked)))


def _tell_and_send(asked: argparse.Namespace, document: dict[str, Any]) -> int:
    # Collecting alone must not pay for the analysis.
    from submitter import summary

    # What is wrong with the command line is said before anybody is asked anything.
    service = None if asked.offline or server_of(asked) is None else service_of(asked)
    stated = stated_notes(asked)
    if stated is not None:
        document = stated.apply(document)
    if not asked.json:
        show("\n".join(summary.summary(document)))
    if stated is None and _at_terminal(asked):
        from submitter.questions import ask_notes

        show()
        document = ask_notes(document, input).apply(document)
    status, receipt = _offer(asked, document, service)
    if asked.json:
        print(json.dumps({**summary.analysed(document), "receipt": receipt}, indent=1))
    return status


def _offer(
    asked: argparse.Namespace, document: dict[str, Any], service: Service | None
) -> tuple[int, dict[str, Any] | None]:
    """Say where the document can be read and send it when agreed to; return the exit status and the receipt."""
    encoded, state, path = documents.encode(documents.agreed(document)), State(), ""
    try:
        path = state.keep("report.json", encoded)
        say(asked, f"\nWhat would be sent, every byte of it ({len(encoded):,}): {state.shown(path)}")
    except NotDone as error:
        # Without the key beside it nobody could change the report later, so it is not sent. It has been told, though.
        if service is not None:
            raise
        note(f"{error}. `hwdb-submit collect -o FILE` writes the document where you say.")
    if service is None:
        say(asked, "Nothing was sent: --offline." if asked.offline else f"{NO_SERVER}.")
        return 0, None
    if not agreed(asked, service, 1):
        return 1, None
    return 0, send_one(asked, service, state, document, path, here=asked.root == "/")


def _at_terminal(asked: argparse.Namespace) -> bool:
    return not asked.yes and not asked.json and sys.stdin.isatty() and sys.stdout.isatty()


def show_file(asked: argparse.Namespace) -> int:
    """Print the verdicts of a document and then all of it, or with ``--json`` the document alone."""
    document = documents.read(asked.file)
    if not asked.json:
        from submitter.summary import summary

        show("\n".join(summary(document)))
        show()
    sys.stdout.write(documents.encode(document).decode("ascii"))
    return 0


def delete(asked: argparse.Namespace) -> int:
    """Withdraw reports sent from here."""
    service = service_of(asked)
    account = State().account(service.address)
    theirs = {str(report["id"]): key for report, key in account.reports()}
    machine = account.machine(None, here=True)
    if machine is not None:
        # What is kept here may be older than what the service knows.
        theirs.update((str(report["id"]), machine["key"]) for report in service.own_reports(machine["key"]))
    unknown = [report_id for report_id in asked.id if report_id not in theirs]
    if unknown:
        raise NotDone(f"report {unknown[0]} was not sent from here to {service.address}, so its key is not known here")
    chosen = asked.id or list(theirs)
    if chosen and not _withdrawal_agreed(asked, service.address, chosen):
        return 1
    gone = [report_id for report_id in chosen if _withdrawn(asked, service, account, report_id, theirs[report_id])]
    if not chosen:
        say(asked, f"No report at {service.address} was sent from here.")
    if asked.json:
        print(json.dumps({"withdrawn": gone}))
    return 0 if gone == chosen else 2


def _withdrawn(asked: argparse.Namespace, service: Service, account: Account, report_id: str, key: str) -> bool:
    """Withdraw one report; return whether it is gone. One that the service refuses does not keep the others."""
    try:
        service.withdraw(report_id, key)
    except NotSent as error:
        if error.status != _GONE:
            note(f"hwdb-submit: {error}")
            return False
    account.forget(report_id)
    say(asked, f"Withdrawn: report {report_id}.")
    return True


def _withdrawal_agreed(asked: argparse.Namespace, address: str, chosen: list[str]) -> bool:
    say(asked, f"To be withdrawn from {address}: {', '.join(chosen)}")
    say(asked, "The service removes the document and all that was made of it, and does not take it again.")
    if asked.yes or (sys.stdin.isatty() and confirmed(asked, "Withdraw? [y/N] ")):
        return True
    say(asked, "Nothing was withdrawn." if sys.stdin.isatty() else "Nothing was withdrawn: say --yes to agree.")
    return False


def status(asked: argparse.Namespace) -> int:
    """Ask whether the machine is known, sending nothing but the strings of its board, system, BIOS and processor."""
    service = service_of(asked)
    strings = _strings(collect_machine(asked))
    if not strings:
        raise NotDone("neither board, BIOS nor processor are named here, so there is nothing to ask by")
    say(asked, f"Sent to {service.address}, and nothing else:")
    for name, text in strings.items():
        say(asked, f"  {name}: {text}")
    answer = service.known(strings)
    own = [report for report, _ in State().account(service.address).reports()]
    if asked.json:
        print(json.dumps({**answer, "sent_from_here": own}))
        return 0
    show(f"\n{str(answer['level']).replace('_', ' ')}: {answer.get('sentence') or ''}")
    for board, what in ((answer.get("board"), ""), *((one, "related: ") for one in answer.get("related") or ())):
        if board:
            path = (board.get("links") or {}).get("board_page", "")
            show(f"  {what}{board.get('vendor')} {board.get('name')}: {service.page(path)}")
    for report in own:
        show(f"Sent from here on {report['sent']}: report {report['id']}")
    return 0


def _strings(document: dict[str, Any]) -> dict[str, str]:
    """Return what a service needs to know a machine again; of whole computers it is the system that people know."""
    board, system = document.get("board") or {}, document.get("system") or {}
    cpu = next((one["name"] for one in document.get("cpus") or () if one.get("name")), None)
    said = {
        "board_vendor": board.get("vendor"),
        "board_name": board.get("name"),
        "system_vendor": system.get("vendor"),
        "system_name": system.get("name"),
        "system_version": system.get("version"),
        "bios_version": (document.get("bios") or {}).get("version"),
        "cpu": cpu,
    }
    return {name: text for name, text in said.items() if text}
