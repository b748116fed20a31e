"""What all HTML pages have in common: templates that take any text as text, and ways to put it."""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

__all__ = ["page_template"]


def page_template(name: str, /, **filters: Callable[..., str]) -> Template:
    """A template of ``views/templates`` with filters of its own.

    Every page has ``points`` and ``percent``.
    """
    environment = Environment(
        loader=PackageLoader("nngrade.views"),
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
