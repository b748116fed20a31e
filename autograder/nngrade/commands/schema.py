"""``nngrade schema``: print the JSON schema of results."""

from __future__ import annotations

import click

__all__ = ["schema"]


@click.command()
def schema() -> None:
    """Print the JSON schema of what `nngrade grade --format json` writes."""
    from nngrade.formats.json import schema as text

    click.echo(text(), nl=False)
