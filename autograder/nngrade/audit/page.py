"""An audit as one HTML page, which needs nothing but a browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from nngrade.audit.findings import StageFindings
from nngrade.audit.summary import HEADINGS, rows

__all__ = ["render_audit"]


def render_audit(findings: Sequence[StageFindings]) -> str:
    """Make the page's text."""
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
    )
    return environment.get_template("audit.html").render(
        findings=findings,
        headings=HEADINGS,
        rows=rows(findings),
        problems=[problem for one in findings for problem in one.problems()],
        made_at=datetime.now().astimezone(),
    )
