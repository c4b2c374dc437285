"""The ``hwdb`` command: one module a subcommand, imported when it is called."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from hwdb.errors import HwdbError

if TYPE_CHECKING:
    from typing import NoReturn

_COMMANDS = {
    "analyse": "Judge one file without a database.",
    "board": "Say which boards are one, or not, and take it back.",
    "convert": "Turn a listing into a report document.",
    "device": "Tell where a PCI device was seen, and how it behaves.",
    "identities": "Say which boards the files in a folder are about.",
    "import": "Store reports from files.",
    "moderate": "Hold a report out of the counts, or release it.",
    "plan": "Find boards, or slots of one, for your cards.",
    "query": "Answer for the boards that fit a name.",
    "reanalyse": "Judge stored reports by the present rules.",
    "serve": "Start the service.",
    "upgrade": "Bring the database up to date.",
}


class _Commands(click.Group):
    """Commands found by name and imported only when needed, so that ``--help`` loads nothing heavy."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Who says nothing is told what can be said.
        return super().parse_args(ctx, args or ["--help"])

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (signature of click)
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (signature of click)
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"hwdb.cli.{'import_' if cmd_name == 'import' else cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (signature of click)
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hwdb", prog_name="hwdb")
def cli() -> None:
    """Which slots of a motherboard isolate cleanly for PCI passthrough.

    Reports of real machines go in with `import`; answers come out with `query`, over REST and on pages with `serve`.
    The database is a SQLite file in your data directory, or what HWDB_DATABASE_URL names.
    """


def main() -> None:
    """Run the command; errors of use, of input and of the database are one sentence on stderr and exit status 2."""
    # A terminal that cannot show a letter of a name shows another one.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        cli(standalone_mode=False, prog_name="hwdb")
    except (HwdbError, click.ClickException) as error:
        _fail(error.format_message() if isinstance(error, click.ClickException) else str(error))
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except OSError as error:
        # Written nowhere, what is left is not tried again at exit, where it would fail once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        _fail(f"{error.filename or 'the output'}: {error.strerror or error}")
    except _database_errors() as error:
        _fail(f"the database cannot be used: {getattr(error, 'orig', None) or error}")


def _database_errors() -> tuple[type[Exception], ...]:
    # Looked up when something went wrong: a command that needs no database does not load its library.
    errors = sys.modules.get("sqlalchemy.exc")
    return () if errors is None else (errors.SQLAlchemyError,)


def _fail(sentence: str) -> NoReturn:
    # Databases and drivers explain themselves in several lines.
    printable = "".join(c if c.isprintable() else "\ufffd" for c in " ".join(sentence.split()))
    click.echo(f"hwdb: {printable}", err=True)
    sys.exit(2)
