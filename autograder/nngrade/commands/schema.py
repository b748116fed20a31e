"""``nngrade schema``: print the JSON schema of results."""

from __future__ import annotations

import click

from nngrade.results import VERSION

__all__ = ["schema"]


@click.command()
@click.option(
    "--version",
    type=click.IntRange(1, VERSION),
    default=VERSION,
    show_default=True,
    metavar="N",
    help="Version of the results: what their field `version` says.",
)
def schema(version: int) -> None:
    """Print the JSON schema of what `nngrade grade --format json` writes."""
    from nngrade.formats.json import schema as text

    click.echo(text(version), nl=False)
