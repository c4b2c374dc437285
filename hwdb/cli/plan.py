"""``hwdb plan``: boards for the cards somebody wants to plug in, or the slots for them on one board."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from hwdb import queries
from hwdb.analysis.public import public
from hwdb.analysis.wishes import ALLOWED, MOST_NEEDS, Wish, parse_need
from hwdb.cli.opening import opened
from hwdb.cli.printing import print_json
from hwdb.schema.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.analysis.planner import Plan
    from hwdb.queries import PlansView

_MARKS = {True: "fits", None: "may fit", False: "misses"}


@click.command(short_help="Find boards, or slots of one board, for the cards you want to plug in.")
@click.option(
    "--need",
    "needs",
    multiple=True,
    required=True,
    metavar="KIND[:xN]",
    help="A card for a slot of its own, with N lanes at least: gpu:x8, usb, nvme:x4, nic, sata, any. Once for each.",
)
@click.option("--board", "address", metavar="ADDRESS", help="Only this board, like asrock/x399-taichi.")
@click.option("--socket", help="Only boards with this socket, like AM4.")
@click.option("--chipset", help="Only boards with this chipset, like X570.")
@click.option("--vendor", help="Only boards of this maker, like ASRock.")
@click.option("--form-factor", help="Only boards of this form factor.")
@click.option(
    "--min-machines",
    "machines",
    default=1,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Machines that have to support what is said of each slot used.",
)
@click.option("--cpu-attached", is_flag=True, help="Only slots wired to the CPU.")
@click.option("--no-m2", is_flag=True, help="No NVMe drive in an M.2 or U.2 slot.")
@click.option("--lasting", is_flag=True, help="Only slots that a pending kernel change leaves as they are.")
@click.option(
    "--allow",
    multiple=True,
    type=click.Choice(ALLOWED),
    help="Also slots that isolate only while other slots stay empty; these are kept empty then.",
)
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 100), help="Boards at most.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, the same shape as the REST API.")
def command(
    needs: tuple[str, ...],
    address: str | None,
    machines: int,
    cpu_attached: bool,
    no_m2: bool,
    lasting: bool,
    allow: tuple[str, ...],
    limit: int,
    as_json: bool,
    **about_the_board: str | None,
) -> None:
    """Say which slot takes which card, on the boards that suit best or on one that you own.

    Each card gets a slot of its own that isolates; onboard devices stay with the host. Boards that fit come first,
    then those of which too little is known, then those that miss, with what is in the way.
    """
    if len(needs) > MOST_NEEDS:
        raise click.BadParameter(f"at most {MOST_NEEDS} cards are taken", param_hint="--need")
    wish = Wish(
        needs=tuple(parse_need(clean(need)) for need in needs),
        machines=machines,
        cpu_attached=cpu_attached,
        m2=not no_m2,
        lasting=lasting,
        allow=allow,
        **{name: None if said is None else clean(said) for name, said in about_the_board.items()},
    )
    with opened().reading() as session:
        if address is None:
            found = queries.plans(session, wish, limit)
        else:
            vendor_slug, _, slug = clean(address).strip("/").partition("/")
            found = queries.plan_for(session, vendor_slug, slug, wish)
    if as_json:
        print_json(public(found))
        return
    for line in _lines(found):
        click.echo(line)


def _lines(found: PlansView) -> Iterator[str]:
    for one in found.plans:
        yield f"{one.vendor} {one.name}: {_MARKS[one.fits]}"
        for sentence in _sentences(one):
            yield from textwrap.wrap(sentence, 100, initial_indent="  ", subsequent_indent="    ")
    counts = ((found.fit, "fit"), (found.may_fit, "may fit"), (found.miss, "miss"))
    total = sum(count for count, _ in counts)
    yield f"Boards: {total}; {', '.join(f'{count} {verb}' for count, verb in counts)}."
    if found.nothing_known:
        yield f"Left out, since nothing is known of their slots: {found.nothing_known}."
    if found.left_out:
        yield f"Left out, since a fact that was asked for is not known of them: {found.left_out}."


def _sentences(one: Plan) -> Iterator[str]:
    yield one.headline
    yield from (placement.says for placement in one.placed)
    for possible in one.possible:
        yield " ".join((possible.says, *possible.unknown))
    for unplaced in one.unplaced:
        yield f"{unplaced.card} (x{unplaced.lanes}) has no slot. {' '.join((unplaced.reason, *unplaced.others[:3]))}"
    yield from one.cautions
    if one.free:
        yield f"Free and isolating: {', '.join(one.free)}."
