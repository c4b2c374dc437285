"""The ``hwdb`` command: one module a subcommand, imported when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from hwdb.errors import HwdbError

_COMMANDS = {
    "analyse": "Judge one file without a database.",
    "convert": "Turn a listing into a report document.",
    "import": "Store reports from files.",
    "moderate": "Hold a report out of the counts, or release it.",
    "query": "Answer for the boards that fit a name.",
    "reanalyse": "Judge stored reports by the present rules.",
    "serve": "Start the service.",
    "upgrade": "Bring the database up to date.",
}


class _Commands(click.Group):
    """Commands found by name and imported only when needed, so that ``--help`` loads nothing heavy."""

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
    """Run the command; errors of use and of input are one sentence on stderr and exit status 2."""
    try:
        cli(standalone_mode=False)
    except HwdbError as error:
        _fail(str(error))
    except click.ClickException as error:
        _fail(error.format_message())
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)


def _fail(sentence: str) -> None:
    click.echo(f"hwdb: {sentence}", err=True)
    sys.exit(2)
