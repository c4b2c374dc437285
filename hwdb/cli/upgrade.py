"""``hwdb upgrade``: the database brought up to date."""

from __future__ import annotations

import click

from hwdb.cli.inputs import installed_list
from hwdb.cli.opening import opened


@click.command(short_help="Bring the database up to date.")
def command() -> None:
    """Migrate the database to this version's schema and load the system's list of PCI devices."""
    database = opened()
    click.echo(f"{database.writer.url.render_as_string(hide_password=True)} is up to date.")
    if installed_list() is None:
        click.echo(
            "This system has no pci.ids, so devices keep the names of their reports; the package pci.ids has one."
        )
