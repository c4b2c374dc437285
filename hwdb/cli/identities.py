"""``hwdb identities``: which boards a pile of files is about, and how well they are told apart."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from hwdb.cli.inputs import read_reports
from hwdb.cli.printing import print_json
from hwdb.errors import HwdbError
from hwdb.identity import BoardIdentity, identify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hwdb.report import Report

_MOST_SHOWN = 20
_FILES_A_TURN = 200


class _Machine(NamedTuple):
    """What a report calls its board, and what that is taken for."""

    said: tuple[str | None, str | None]
    board: BoardIdentity


@dataclass
class _Tally:
    """What was found.

    Attributes:
        named_by: Machines by what their board's name comes from.
        boards: Machines of each board.
        shown: The first name seen of each board.
        spellings: Of each board known by its own name, the vendors and names that firmware states, with the machines.
        unreadable: Files that hold no report, by reason.
    """

    named_by: Counter[str] = field(default_factory=Counter)
    boards: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    spellings: dict[tuple[str, str], Counter[tuple[str | None, str | None]]] = field(default_factory=dict)
    unreadable: Counter[str] = field(default_factory=Counter)

    def add(self, machine: _Machine) -> None:
        """Count a machine."""
        board = machine.board
        key = (board.vendor_key, board.key)
        self.named_by[board.named_by] += 1
        self.boards[key] += 1
        self.shown.setdefault(key, (board.vendor, board.name))
        if board.named_by == "board":
            self.spellings.setdefault(key, Counter())[machine.said] += 1


@click.command(short_help="Say which boards the files in a folder are about.")
@click.argument("paths", type=click.Path(exists=True), metavar="PATH...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for other tools.")
def command(paths: tuple[str, ...], as_json: bool) -> None:
    """Read files, and folders with all that is below them, in any format, and report on the boards they are about.

    Nothing is stored. It tells how many boards the machines have, how many spellings were taken for one board, and how
    many machines do not say what board they have; a file that holds no report is counted with the reason.
    """
    tally = _Tally()
    for machines, reason in _read_all(sorted(_files(paths))):
        if reason is not None:
            tally.unreadable[reason] += 1
        for machine in machines:
            tally.add(machine)
    document = _document(tally)
    if as_json:
        print_json(document)
    else:
        for line in _lines(document):
            click.echo(line)


def _files(paths: Iterable[str]) -> Iterator[str]:
    for path in map(Path, paths):
        if not path.is_dir():
            yield str(path)
            continue
        for folder, folders, names in os.walk(path):
            # A git repository's own files are no reports.
            folders[:] = [name for name in folders if name != ".git"]
            yield from (str(Path(folder) / name) for name in names)


def _read_all(files: list[str]) -> Iterator[tuple[list[_Machine], str | None]]:
    if len(files) <= _FILES_A_TURN:
        yield from map(_read, files)
        return
    with ProcessPoolExecutor() as pool:
        yield from pool.map(_read, files, chunksize=_FILES_A_TURN)


def _read(file: str) -> tuple[list[_Machine], str | None]:
    try:
        return [_machine(report) for report in read_reports(file)], None
    except HwdbError as error:
        # The rest of a sentence says what to do about one file.
        return [], str(error).removeprefix(f"{file}: ").replace(file, "the file").split("; ")[0]


def _machine(report: Report) -> _Machine:
    return _Machine((report.board.vendor, report.board.name), identify(report))


def _document(tally: _Tally) -> dict[str, Any]:
    known = {key for key in tally.boards if not key[1].startswith("unidentified")}
    vendors: Counter[str] = Counter(tally.shown[key][0] for key in known)
    several = {key: said for key, said in tally.spellings.items() if len(said) > 1}
    merged = sorted(several.items(), key=lambda one: (-len(one[1]), -tally.boards[one[0]], one[0]))
    return {
        "machines": tally.boards.total(),
        "boards": len(known),
        "by_system_name": tally.named_by["system"],
        "unidentified": tally.named_by["hardware"],
        "unidentified_boards": len(tally.boards) - len(known),
        "spellings": sum(map(len, tally.spellings.values())),
        "merged_spellings": sum(len(said) - 1 for said in several.values()),
        "boards_with_several_spellings": len(several),
        "merged": [_merged(tally, key) for key, _ in merged[:_MOST_SHOWN]],
        "vendors": [{"vendor": vendor, "boards": count} for vendor, count in vendors.most_common(_MOST_SHOWN)],
        "unreadable": [{"reason": reason, "files": count} for reason, count in tally.unreadable.most_common()],
    }


def _merged(tally: _Tally, key: tuple[str, str]) -> dict[str, Any]:
    vendor, name = tally.shown[key]
    said = tally.spellings[key].most_common()
    spelled = [{"vendor": one[0], "name": one[1], "machines": count} for one, count in said]
    return {"vendor": vendor, "name": name, "machines": tally.boards[key], "spellings": spelled}


def _lines(document: dict[str, Any]) -> Iterator[str]:
    unreadable = sum(one["files"] for one in document["unreadable"])
    for count, of_what in (
        (document["machines"], "machines read"),
        (document["boards"], "boards told by name"),
        (document["by_system_name"], "machines known by their system's name only"),
        (document["unidentified"], "machines that do not say what they are"),
        (document["unidentified_boards"], "boards of those, as far as their hardware tells"),
        (document["spellings"], "spellings of vendor and board"),
        (document["merged_spellings"], "of them taken for another spelling of the same board"),
        (unreadable, "files that hold no report"),
    ):
        yield f"{count:8}  {of_what}"
    for one in document["unreadable"][:_MOST_SHOWN]:
        yield f"  {one['files']:12}  {one['reason']}"
    if document["vendors"]:
        yield "Boards by vendor:"
    for one in document["vendors"]:
        yield f"{one['boards']:8}  {one['vendor']}"
    if document["merged"]:
        yield "Boards with the most spellings:"
    for one in document["merged"]:
        yield f"{one['machines']:8}  {one['vendor']} {one['name']}"
        yield from (f"      {spelled['machines']:6}  {_spelled(spelled)}" for spelled in one["spellings"][:_MOST_SHOWN])


def _spelled(said: dict[str, Any]) -> str:
    return " | ".join("(not stated)" if said[part] is None else said[part] for part in ("vendor", "name"))
