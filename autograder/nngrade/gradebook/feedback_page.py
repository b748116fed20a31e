"""The page of feedback on one submission: the reasons first, the notebook below them.

It holds what the feedback level allows, what people decided and wrote in formgrader, and the
autograded notebook, all in one file that runs nothing and loads nothing.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from functools import cache

from jinja2 import Template
from markupsafe import Markup

import nngrade
from nngrade.course.options import Level
from nngrade.formats.feedback import as_told
from nngrade.formats.html import SubmissionView, feedback_template, submission_view
from nngrade.gradebook.marks import Marks
from nngrade.gradebook.notebook_html import cells_html, readable
from nngrade.results import SubmissionResult

__all__ = ["DIGEST_WITHIN", "digest_in", "digest_of", "render_page"]

# Number of the way in which pages are made. Raise it with every change of a page: pages of another
# number are written again.
PAGE = 2
# Bytes at the beginning of a page that hold its digest.
DIGEST_WITHIN = 1024
_DIGEST = re.compile(rb'<meta name="nngrade-digest" content="([0-9a-f]{64})">')
# What says nothing about the work, or is another one each time.
_PASSING = ("path", "seconds", "output_bytes", "sandbox")


def digest_of(result: SubmissionResult, level: Level, marks: Marks, notebook: bytes | None) -> str:
    """Digest of everything that a page is made of.

    Parameters
    ----------
    result : SubmissionResult
    level : Level
        Feedback level.
    marks : Marks
        What the gradebook says.
    notebook : bytes or None
        The autograded notebook; None if there is none.
    """
    record = {key: value for key, value in result.as_record().items() if key not in _PASSING}
    record["checks"] = [{**check, "seconds": 0} for check in record["checks"]]
    made_of = (PAGE, nngrade.__version__, level, record, dataclasses.asdict(marks))
    digest = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode())
    digest.update(b"\0" if notebook is None else hashlib.sha256(notebook).digest())
    return digest.hexdigest()


def digest_in(beginning: bytes) -> str | None:
    """The digest in the beginning of a page; None if it is not one of ours."""
    found = _DIGEST.search(beginning[:DIGEST_WITHIN])
    return found[1].decode() if found else None


def render_page(
    result: SubmissionResult,
    level: Level,
    marks: Marks,
    notebook: bytes | None,
    digest: str = "",
) -> str:
    """The page as HTML.

    Parameters
    ----------
    result : SubmissionResult
    level : Level
        Feedback level.
    marks : Marks
        What the gradebook says.
    notebook : bytes or None
        The autograded notebook; None if there is none.
    digest : str
        As from `digest_of`.
    """
    one = submission_view(1, as_told(result, level))
    cells = None if notebook is None else cells_html(notebook, _grades(one), ["nngrade-notes"])
    return _template().render(one=one, result=one.result, marks=marks, cells=cells, digest=digest)


def _grades(one: SubmissionView) -> dict[str, Markup]:
    """What stands below a grade cell: the points, and where the reasons are."""
    line = Markup(
        '<p class="grade"><span class="sign {}">{}</span> <a href="#{}-{}"><code>{}</code></a>: '
        "{:g} of {:g} points</p>"
    )
    grades: dict[str, Markup] = {}
    for task in one.tasks:
        right = task.score >= task.points
        made = line.format(
            "passed" if right else "failed",
            "✓" if right else "✗",
            one.anchor,
            task.number,
            task.name,
            task.score,
            task.points,
        )
        grades.update(dict.fromkeys((f"tests-{task.name}", f"counted-{task.name}"), made))
    return grades


@cache
def _template() -> Template:
    return feedback_template("nngrade.gradebook", "feedback_page.html", readable=readable)
