"""`partywall clean`: let go of the results of earlier runs."""

from __future__ import annotations

import click

from partywall.cache import Cache, default_directory


@click.command("clean")
@click.option("--cache-dir", type=click.Path(file_okay=False), help="Where results of earlier runs are kept.")
def command(cache_dir: str | None) -> None:
    """Remove the results that earlier runs kept."""
    count = Cache(cache_dir or default_directory()).clear()
    click.echo(f"{count} {'result' if count == 1 else 'results'} removed")
