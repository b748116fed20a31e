"""``nngrade data``: list and download data sets."""

from __future__ import annotations

import sys

import click

from nngrade.errors import NngradeError

__all__ = ["data"]


@click.group()
def data() -> None:
    """Data sets: which are there, and fetching them."""


@data.command()
def status() -> None:
    """Say where each data set was found, with its digests."""
    import nndata

    for one in nndata.data_status():
        if one.available:
            click.echo(f"{one.name}: {one.path}")
        else:
            click.echo(f"{one.name}: not available. {one.problem} {one.fix}")
        for path, digest in one.digests:
            click.echo(f"  sha256 {digest}  {path.name}")


@data.command()
@click.argument("name", type=click.Choice(["mnist"]))
def fetch(name: str) -> None:
    """Download a data set, unless it is there already."""
    import nndata

    try:
        nndata.fetch_mnist(progress=sys.stderr.isatty())
    except nndata.DataError as error:
        raise NngradeError(str(error)) from error
    click.echo(f"{name}: {nndata.find_mnist()}")
