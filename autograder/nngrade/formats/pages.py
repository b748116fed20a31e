"""What all HTML pages have in common: templates that take any text as text, and ways to put it."""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template

__all__ = ["page_template"]


def page_template(package: str, name: str, /, **filters: Callable[..., str]) -> Template:
    """A template in the folder ``templates`` of a package, with filters of its own.

    What it includes may also stand in this package's folder. Every page has the filters ``points``
    and ``percent``.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("nngrade.formats")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        points=lambda value: f"{round(value, 2):g}",
        percent=lambda share: f"{share:.0%}".replace("%", "\N{NARROW NO-BREAK SPACE}%"),
        **filters,
    )
    return environment.get_template(name)
