"""The findings of an audit as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nngrade.audit.findings import StageFindings
from nngrade.audit.summary import HEADINGS, rows
from nngrade.formats.pages import page_template

__all__ = ["render_audit"]


def render_audit(findings: Sequence[StageFindings]) -> str:
    """Render the page as HTML."""
    return page_template("nngrade.audit", "audit.html").render(
        findings=findings,
        headings=HEADINGS,
        rows=rows(findings),
        labels=_LABELS,
        # The sentence, and the diff of a mutant.
        problems=[problem.partition("\n")[::2] for one in findings for problem in one.problems()],
        made_at=datetime.now().astimezone(),
    )


# Each number's heading where there is no row of headings above it.
_LABELS = (
    *HEADINGS[:4],
    "runs of right answers",
    "runs that were lost",
    *HEADINGS[6:7],
    *(f"misconceptions {heading}" for heading in HEADINGS[7:9]),
    *HEADINGS[9:10],
    *(f"mutants {heading}" for heading in HEADINGS[10:]),
)
