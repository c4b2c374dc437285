"""``hwdb query``: answers on a terminal."""

from __future__ import annotations

import click

from hwdb import queries
from hwdb.analysis.lines import slot_lines
from hwdb.analysis.public import public
from hwdb.cli.opening import opened
from hwdb.cli.printing import print_json
from hwdb.errors import NotFound
from hwdb.schema.text import clean


@click.command(short_help="Answer for the boards that fit a name.")
@click.argument("words", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, the same shapes as the REST API.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 100), help="Boards at most.")
def command(words: tuple[str, ...], as_json: bool, limit: int) -> None:
    """Say which slots of a board isolate cleanly. WORDS are parts of its name, like "X399 Taichi"."""
    # A shell passes on bytes that are no text.
    asked = clean(" ".join(words))
    with opened().reading() as session:
        hits = queries.search(session, asked, limit)
        boards = [queries.board(session, hit.vendor_slug, hit.slug) for hit in hits]
    if as_json:
        print_json({"query": asked, "boards": public(boards)})
        return
    if not boards:
        raise NotFound(f"no board fits {asked!r}; `hwdb import FILE` adds one")
    for board in boards:
        click.echo(f"{board.vendor} {board.name}")
        click.echo(" ".join(filter(None, (board.verdict.headline, board.verdict.detail, board.verdict.why))))
        for line in slot_lines(board.slots):
            click.echo(line)
        click.echo(f"  Page: /boards/{board.vendor_slug}/{board.slug}")
