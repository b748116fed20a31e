"""What all HTML pages share: templates with automatic escaping, and filters."""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template

__all__ = ["page_template"]


def page_template(package: str, name: str, /, **filters: Callable[..., str]) -> Template:
    """Load a template from the folder ``templates`` of a package.

    It may include templates of this package, too.

    Parameters
    ----------
    package : str
        Name of the package.
    name : str
        File name of the template.
    **filters : callable
        Filters by name, in addition to ``points`` and ``percent``, which every page has.
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
