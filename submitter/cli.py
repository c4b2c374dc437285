"""The ``hwdb-submit`` command: what may be said on its command line, and who does it.

Only what a command needs is imported, since reading a machine takes less time than importing everything would.
"""

from __future__ import annotations

import argparse
import os
import sys

from submitter import VERSION
from submitter.errors import NotDone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_DESCRIPTION = """\
Collects which PCI devices of this machine share IOMMU groups and which slots of its motherboard isolate cleanly for
passthrough to a virtual machine; tells you; and, when you agree, sends it to an hwdb service.

Without a command it collects, prints the verdicts for this machine, asks a few questions that can be skipped, says
where the exact document can be read, and asks before it sends. Nothing is sent without a yes (or --yes)."""

_EPILOG = """\
what is read:
  /sys/bus/pci (devices, config space, slots), /sys/kernel/iommu_groups, /sys/class/iommu, allowed files of
  /sys/class/dmi/id, SMBIOS types 4, 9 and 41, names of ACPI tables and of root buses; of /proc the processors, the
  memory's size, whether interrupts are remapped, the kernel's release and the IOMMU's words of its command line;
  os-release; signs of a hypervisor or container; versions of QEMU and libvirt. The kernel log is searched for one
  sentence, that ACS is overridden. Root adds ACS, slot numbers and the firmware's slot names.
what is never read or sent:
  serial numbers, UUIDs, asset tags, MAC addresses, host and user names, disks, monitors, the rest of the command line.

files:
  $XDG_STATE_HOME/hwdb, else ~/.local/state/hwdb (under sudo: of the user who called it), holds the last report, and
  for each service a random key. The key goes into the Authorization header only; the service keeps a hash of it. It
  links the reports of one machine and lets you change or delete them. Copy it to keep that after a new installation.
environment:
  HWDB_SERVER     address of the service, when --server is not given
  XDG_STATE_HOME  where state is kept
exit status:
  0 done, 1 not sent because you said no, 2 an error, in one sentence on standard error, 130 interrupted

examples:
  sudo python3 hwdb-submit.pyz --server https://hwdb.example
  python3 hwdb-submit.pyz --offline
  python3 hwdb-submit.pyz --slot PCIE4=0a:00.0 --outcome "0a:00.0=works, Windows 11" --server https://hwdb.example
  python3 hwdb-submit.pyz collect -o report.json     (then, where there is a network:)
  python3 hwdb-submit.pyz send report.json --server https://hwdb.example

Facts you send are given under CC0-1.0: anyone may use them for anything."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command and exit; errors are one sentence on standard error."""
    try:
        sys.exit(_run(_parser().parse_args(argv)))
    except NotDone as error:
        _complain(f"hwdb-submit: {error}")
        sys.exit(2)
    except (KeyboardInterrupt, EOFError):
        _complain("\nNothing was sent.")
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read the output has seen enough. What is still buffered must not fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def _complain(text: str) -> None:
    from submitter.screen import note

    note(text)


def _run(asked: argparse.Namespace) -> int:
    if asked.command == "collect":
        from submitter.collecting import collect_command

        return collect_command(asked)
    if asked.command == "send":
        from submitter.sending import send

        return send(asked)
    from submitter import commands

    return {
        None: commands.default,
        "show": commands.show_file,
        "update": commands.update,
        "delete": commands.delete,
        "status": commands.status,
    }[asked.command](asked)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hwdb-submit",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"hwdb-submit {VERSION}")
    _add_common(parser, defaults=True)
    _add_statements(parser, defaults=True)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, text, statements in (
        ("collect", "write this machine's report to a file and do nothing else", True),
        ("show", "print the verdicts and the whole document of a report in a file", False),
        ("send", "send reports from files, after showing what they are", False),
        ("update", "collect again and send it as a newer report of this machine, with what you said before", True),
        (
            "delete",
            "withdraw reports sent from here: the service removes the document and all that was made of it",
            False,
        ),
        ("status", "ask whether this board, system, BIOS and processor are known; nothing else is sent", False),
    ):
        command = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False)
        _add_common(command, defaults=False)
        if statements:
            _add_statements(command, defaults=False)
        _add_arguments(command, name)
    return parser


def _add_arguments(command: argparse.ArgumentParser, name: str) -> None:
    if name == "collect":
        command.add_argument(
            "-o", "--output", metavar="FILE", default="-", help="where to write it (- or nothing: here)"
        )
    elif name == "show":
        command.add_argument("file", metavar="FILE", help="a report document, - for standard input")
    elif name == "send":
        command.add_argument("file", metavar="FILE", nargs="+", help="report documents, - for standard input")
    elif name == "delete":
        command.add_argument(
            "id", metavar="ID", nargs="*", help="ids of reports; without: all that were sent from here"
        )


def _add_common(parser: argparse.ArgumentParser, *, defaults: bool) -> None:
    """Add what every command takes, before or after its name: after it, only what is said replaces what was before."""

    def default(value: object) -> object:
        return value if defaults else argparse.SUPPRESS

    add = parser.add_argument
    add("--server", metavar="URL", default=default(None), help="the service; https unless http:// is typed")
    add("--root", metavar="DIR", default=default("/"), help="read a machine recorded below DIR instead of this one")
    add("--yes", action="store_true", default=default(False), help="ask nothing, agree to sending under CC0-1.0")
    add("--json", action="store_true", default=default(False), help="print data for programs instead of sentences")
    add("--offline", action="store_true", default=default(False), help="never open a network connection")
    add("-v", "--verbose", action="store_true", default=default(False), help="say what is done and what is not read")


def _add_statements(parser: argparse.ArgumentParser, *, defaults: bool) -> None:
    group = parser.add_argument_group("what only you know (instead of the questions)")
    for flag, metavar, text in (
        ("--slot", "NAME=ADDRESS", "the slot a card sits in, as printed on the board: PCIE4=0a:00.0"),
        ("--setting", "NAME=VALUE", "a firmware setting that matters: 'ACS Enable=Enabled'"),
        ("--outcome", "ADDRESS=RESULT,GUEST,NOTE", "works, workaround or fails; guest and note may be left out"),
        ("--notes", "FILE", "the same in a file: sections [slots], [settings], [outcomes], a line each"),
    ):
        default: object = [] if defaults else argparse.SUPPRESS
        group.add_argument(flag, metavar=metavar, action="append", default=default, help=text)
