"""``hwdb import``: reports into the database."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hwdb.cli.inputs import format_option, notes_option, read_machine_and_text
from hwdb.cli.opening import opened
from hwdb.cli.printing import print_json
from hwdb.errors import ParseError
from hwdb.intake import accept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.cli.bulk_reading import Input

_LINUXHW = "linuxhw"

again_option = click.option(
    "--again", is_flag=True, help="Read again what an earlier run dealt with, as after importers got better."
)
failures_option = click.option(
    "--failures",
    type=click.Path(dir_okay=False),
    metavar="LIST",
    help="Write each input that gave no report to this file, with its outcome and the reason, separated by tabs.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the summary of a bulk import as JSON.")


class _Import(click.Command):
    """The command, and the one below it: a name that no file has beside it."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Return the context of ``hwdb import linuxhw`` where that is asked for, else of ``hwdb import``."""
        if args[:1] == [_LINUXHW]:
            return linuxhw.make_context(f"{info_name} {_LINUXHW}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command("import", cls=_Import, short_help="Store reports from files, folders and data sets.")
@click.argument("files", type=click.Path(allow_dash=True), metavar="FILE...", nargs=-1, required=True)
@notes_option
@format_option
@again_option
@failures_option
@json_option
def command(
    files: tuple[str, ...],
    notes: tuple[str, ...],
    text_format: str | None,
    again: bool,
    failures: str | None,
    as_json: bool,
) -> None:
    """Store the report in FILE (- for standard input) and answer for its board anew.

    Several files about one machine, like lspci's output and dmidecode's, become one report. The text is kept without
    serial numbers, addresses and names of people and hosts, for `hwdb moderate source`.

    FILE may be a folder: every file below it is read, whatever it is. Files of one folder that are named alike up to
    the first dot are taken for one machine's when they are in different formats and fit together, and so are lspci.txt,
    dmidecode.txt and dmesg.txt. A run that was stopped goes on where it was, and a file that cannot be read stops
    none of the others; a summary tells what became of them.

    `hwdb import linuxhw` imports local clones of the data sets linuxhw/LsPCI and linuxhw/DMI; its --help tells more.
    """
    if any(file != "-" and Path(file).is_dir() for file in files):
        if notes or text_format or "-" in files:
            raise click.UsageError(
                "a folder is read file by file, each recognised by itself: --annotate, --format and standard input go"
                " with the files of one machine"
            )
        _import_folders(files, again=again, failures=failures, as_json=as_json)
    elif again or failures or as_json:
        raise click.UsageError("--again, --failures and --json go with folders; the files of one machine need none")
    else:
        _import_machine(files, notes, text_format)


def _import_machine(files: Sequence[str], notes: Sequence[str], text_format: str | None) -> None:
    report, text = read_machine_and_text(files, notes, text_format)
    database = opened()
    with database.writing() as session:
        accepted = accept(session, report, now=dt.datetime.now(dt.UTC), text=text)
        session.commit()
    state = "Stored" if accepted.created else "Already known:"
    click.echo(f"{state} report {accepted.public_id} of {accepted.vendor_slug}/{accepted.slug}.")
    for remark in accepted.remarks:
        click.echo(remark)


def _import_folders(paths: Sequence[str], *, again: bool, failures: str | None, as_json: bool) -> None:
    from hwdb.cli.bulk_folder import folder_inputs

    inputs, others = folder_inputs(dict.fromkeys(paths))
    if others and not as_json:
        things = "link, device or closed folder is" if others == 1 else "links, devices and closed folders are"
        click.echo(f"{others:,} {things} not followed.")
    _run(inputs, "files", again=again, limit=None, failures=failures, as_json=as_json)


@click.command(_LINUXHW)
@click.option("--lspci", type=click.Path(file_okay=False), metavar="DIR", help="A clone of linuxhw/LsPCI.")
@click.option("--dmi", type=click.Path(file_okay=False), metavar="DIR", help="A clone of linuxhw/DMI.")
@click.option(
    "--type",
    "types",
    multiple=True,
    metavar="TYPE",
    help="Take only this type of computer, a folder's name like Desktop or Server. May be given several times.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help="Stop after so many machines; the next run goes on with the others.",
)
@again_option
@failures_option
@json_option
def linuxhw(
    lspci: str | None,
    dmi: str | None,
    types: tuple[str, ...],
    limit: int | None,
    again: bool,
    failures: str | None,
    as_json: bool,
) -> None:
    """Store the machines of the data sets linuxhw/LsPCI and linuxhw/DMI, from local clones.

    The dumps of both are joined by the data sets' own name of a machine, its HWID. Each machine gives one report: its
    probe that shows IOMMU groups under the newest kernel, with its SMBIOS table. One data set may be left out; give
    both at once when you have both. Each report names the dumps it comes from and their licence, CC-BY-4.0.
    """
    from hwdb.cli.bulk_linuxhw import linuxhw_machines

    if lspci is None and dmi is None:
        raise click.UsageError("give --lspci, --dmi or both: the folders of local clones")
    machines = list(linuxhw_machines(lspci, dmi, types).values())
    _run(machines, "machines", again=again, limit=limit, failures=failures, as_json=as_json)


def _run(
    inputs: Sequence[Input], unit: str, *, again: bool, limit: int | None, failures: str | None, as_json: bool
) -> None:
    from hwdb.cli.bulk import import_all
    from hwdb.cli.bulk_tally import Tally

    with ExitStack() as stack:
        listed = stack.enter_context(_listed(failures))
        tally = Tally(unit, listed)
        database = opened()
        try:
            import_all(database, inputs, tally, again=again, limit=limit)
        except KeyboardInterrupt:
            click.echo("Stopped; the same command goes on from here.", err=True)
            raise
        finally:
            database.dispose()
    if as_json:
        print_json(tally.plain())
    else:
        click.echo("\n".join(tally.lines()))
    if not tally.dealt_with:
        raise ParseError(f"none of these {unit} gave a report that could be stored")


def _listed(failures: str | None) -> Any:
    """Return the file for what gave no report; names that are no text are written with escapes."""
    if failures is None:
        return nullcontext()
    return Path(failures).open("w", encoding="utf-8", errors="backslashreplace")
