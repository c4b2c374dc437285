"""Make the starter set from the corpus: ``python -m tests.starter.derive [FOLDER]``, ``hwdb/starter`` by default.

Every machine of ``machines.tsv`` becomes one document: what its publications list, what was said beside them (or, where
``NAME.notes.toml`` stands in ``hwdb/starter``, what that file says instead), and what the slot tables of other machines
of its board add. ``SOURCES.tsv`` states where each comes from and what it holds.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hwdb import importers, schema
from hwdb.importers import annotate
from hwdb.importers.combine import combine
from hwdb.report import Report, to_document
from hwdb.topology.taint import taints_of
from tests.conftest import CORPUS, ROOT
from tests.starter.board_slots import ATTRIBUTION, BoardSlots
from tests.starter.published import notes, read_indexes, without_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hwdb.report import Function


STARTER = ROOT / "hwdb" / "starter"
SOURCES = "SOURCES.tsv"
COLUMNS = (
    "document",
    "inputs",
    "published",
    "board",
    "functions",
    "groups",
    "slots",
    "from_others",
    "counts",
    "credit",
)
_CLAIMS = "CLAIMS.tsv"
_MACHINES = Path(__file__).with_name("machines.tsv")


@dataclass(frozen=True)
class Published:
    """A machine of the starter set, and where it comes from.

    Attributes:
        name: Of its document, without suffix.
        inputs: Paths in the corpus, the most trusted first.
        report: What is known of it.
    """

    name: str
    inputs: tuple[str, ...]
    report: Report

    def text(self) -> str:
        """Return its document as it is committed."""
        return json.dumps(to_document(self.report), indent=1, ensure_ascii=False) + "\n"

    def row(self) -> dict[str, Any]:
        """Return its row of ``SOURCES.tsv``: where it comes from, and what it holds."""
        report = self.report
        slots = report.slots or ()
        from_others = sum(ATTRIBUTION in (slot.note or "") for slot in slots)
        return {
            "document": f"{self.name}.json",
            "inputs": " ".join(self.inputs),
            "published": report.provenance.reference,
            "board": f"{report.board.vendor or ''} {report.board.name}".strip(),
            "functions": len(report.functions),
            "groups": len({f.iommu_group for f in report.functions} - {None}),
            "slots": len({slot.designation for slot in slots} - {None}),
            "from_others": from_others,
            "counts": ", ".join(taint.code for taint in taints_of(report)) or "yes",
            "credit": ATTRIBUTION if from_others else "",
        }


def machines(corpus: Path) -> Iterator[Published]:
    """Yield the machines of the starter set, made from the corpus."""
    said, board_slots = read_indexes(corpus), BoardSlots(corpus)
    with _MACHINES.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened, delimiter="\t"):
            inputs = tuple(row["inputs"].split())
            listed = combine([_parse(corpus / path) for path in inputs])
            board = {"vendor": row["vendor"], "name": row["board"]}
            name = row["document"]
            report = _annotated(listed, name, _first_said(said, inputs), board)
            # What other machines of its board show stands in a file of its own there, looked up by hand.
            if not (STARTER / f"{name}.ports.toml").is_file():
                report = replace(report, slots=(*(report.slots or ()), *board_slots.missing_in(report)) or report.slots)
            yield Published(name, inputs, report)


def sources(made: list[Published]) -> str:
    """Return ``SOURCES.tsv``."""
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(machine.row() for machine in made)
    return written.getvalue()


def _parse(path: Path) -> Report:
    if path.name == _CLAIMS:
        # What somebody says of slots, without a listing; the notes file beside the document repeats it in its keys.
        return Report()
    text = path.read_text(encoding="utf-8", errors="replace")
    # The companions of listings are slot tables alone, without the heading that tells dmidecode's text.
    return importers.parse(text, "dmidecode" if path.parent.name == "companion" else None)


def _annotated(listed: Report, name: str, said: Mapping[str, str], board: Mapping[str, str]) -> Report:
    document = to_document(listed)
    by_hand = STARTER / f"{name}.notes.toml"
    added = by_hand.read_text(encoding="utf-8") if by_hand.is_file() else notes(said, board, document)
    loaded = schema.load(annotate(document, added))
    if loaded.ignored:
        raise SystemExit(f"{name}: the report format has no {', '.join(loaded.ignored)}")
    kernel, system = loaded.report.kernel, loaded.report.system
    release = None if kernel.release is None else without_names(kernel.release)
    functions = tuple(map(_without_serial, loaded.report.functions))
    kernel = replace(kernel, release=release)
    # Some makers' stock-keeping units are numbers of orders.
    return replace(loaded.report, functions=functions, kernel=kernel, system=replace(system, sku=None))


def _without_serial(function: Function) -> Function:
    """Leave out a name or driver with the word "serial", so that a search of the set for serial numbers finds none.

    The ids tell what a "Serial ATA Controller" is; the lists that know them have its name.
    """
    name, driver = (
        None if text is not None and "serial" in text.casefold() else text for text in (function.name, function.driver)
    )
    return replace(function, name=name, driver=driver)


def _first_said(said: Mapping[str, Mapping[str, str]], inputs: tuple[str, ...]) -> dict[str, str]:
    """Return what is said of several publications of one machine, by the first that says it."""
    together: dict[str, str] = {}
    for path in reversed(inputs):
        together |= {key: value for key, value in said.get(path, {}).items() if value}
    return together


def main() -> None:
    """Write the documents and ``SOURCES.tsv``."""
    parser = argparse.ArgumentParser(prog="python -m tests.starter.derive", description="Make the starter set.")
    parser.add_argument("folder", nargs="?", type=Path, default=STARTER)
    folder = parser.parse_args().folder
    made = list(machines(CORPUS))
    for machine in made:
        (folder / f"{machine.name}.json").write_text(machine.text(), encoding="utf-8")
    (folder / SOURCES).write_text(sources(made), encoding="utf-8")
    boards = {machine.row()["board"] for machine in made}
    print(f"{len(made)} machines of {len(boards)} board names, {sum(len(m.text()) for m in made):,} bytes")


if __name__ == "__main__":
    main()
