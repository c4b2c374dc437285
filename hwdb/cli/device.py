"""``hwdb device``: what is known of all devices with one PCI id."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from hwdb import queries
from hwdb.analysis.public import public
from hwdb.analysis.words import listing
from hwdb.cli.opening import opened
from hwdb.cli.printing import print_json
from hwdb.intake.curated import curated_notes
from hwdb.schema.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.queries import DeviceView


@click.command(short_help="Say where devices with a PCI id were seen, and how they behave.")
@click.argument("ids", metavar="VENDOR:DEVICE")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, the same shape as the REST API.")
def command(ids: str, as_json: bool) -> None:
    """Say on which boards devices with a PCI id were seen, whether they isolated there, and how they reset.

    VENDOR:DEVICE are hex numbers as `lspci -nn` prints them, like 10de:1b80. Each figure is a number of machines.
    """
    vendor, _, device = clean(ids).strip("[] ").partition(":")
    with opened().reading() as session:
        found = queries.device(session, vendor, device, curated_notes())
    if as_json:
        print_json(public(found))
        return
    for line in _lines(found):
        click.echo(line)


def _lines(found: DeviceView) -> Iterator[str]:
    yield f"{found.name or 'Device'} [{found.id}]"
    yield from textwrap.wrap(found.sentence, 100)
    for place in found.places:
        where = f"{place.vendor} {place.name}, {place.slot or 'slot not stated, or soldered'}"
        counts = (
            (place.alone, "alone in its group on"),
            (place.shared, "with others on"),
            (place.held_out, "held out on"),
        )
        said = "; ".join(f"{what} {count}" for count, what in counts if count) or "no groups shown"
        shared = f" ({listing(place.shares_with)})" if place.shares_with else ""
        yield f"  {where}: {place.machines} seen; {said}{shared}"
    for method in found.reset_methods:
        yield f"  Reset by {method.method}: on {method.machines} of {found.reset_told}"
    for use in found.outcomes:
        said = ", ".join(filter(None, (use.role, use.guest, use.result)))
        yield f"  {use.vendor} {use.name}: {said or 'no result stated'} (report {use.report})"
    for note in found.notes:
        yield from textwrap.wrap(
            f"{note.text}{f' ({note.holds_for})' if note.holds_for else ''}",
            100,
            initial_indent="  ",
            subsequent_indent="    ",
        )
