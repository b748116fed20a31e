"""The formats that results come in, by name. What a format takes is imported when it is used."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from nngrade.errors import LessonError, NngradeError

if TYPE_CHECKING:
    from nngrade.course.options import Level
    from nngrade.results import SubmissionResult
    from nngrade.submissions.records import Candidate

__all__ = ["FEEDBACK", "FORMATS", "Format", "failure", "render", "require_fit"]


@dataclass(frozen=True)
class Format:
    """A way to write results down.

    Its module has its name, and ``render(results)`` and ``render_failure(reason)``.

    Attributes
    ----------
    for_students : bool
        Whether students read it, so that the course's feedback level holds for it.
    several : {"any", "one", "one each"}
        How many submissions it is for: any number, one, or one by each student for each stage.
    """

    for_students: bool
    several: str = "any"


FORMATS = {
    "table": Format(for_students=False),
    "json": Format(for_students=False),
    "junit": Format(for_students=True),
    "markdown": Format(for_students=True),
    "github": Format(for_students=True),
    "gradescope": Format(for_students=True, several="one"),
    "html": Format(for_students=True),
    "csv": Format(for_students=False),
    "canvas": Format(for_students=False, several="one each"),
    "moodle": Format(for_students=False, several="one each"),
}

# Those that tell one student of one submission, with the ends of their files' names.
FEEDBACK = {"html": ".html", "json": ".json", "markdown": ".md", "junit": ".xml"}


def render(name: str, results: Sequence[SubmissionResult], level: Level) -> str:
    """The results in a format; in those that students read, as much as they may know."""
    if FORMATS[name].for_students:
        from nngrade.formats.feedback import as_told

        results = [as_told(result, level) for result in results]
    text: str = _module(name).render(results)
    return text


def failure(name: str, error: BaseException | str) -> str:
    """A document that says why there are no results."""
    text: str = _module(name).render_failure(_reason(error, FORMATS[name].for_students))
    return text


def _module(name: str) -> ModuleType:
    # Imported late: one grading wants one format.
    return importlib.import_module(f"nngrade.formats.{name}")


def _reason(error: BaseException | str, for_students: bool) -> str:
    if isinstance(error, str):
        return error
    if isinstance(error, NngradeError) and not (for_students and isinstance(error, LessonError)):
        return str(error)
    if for_students:
        # The course's own files and the grader's insides may be quoted in it.
        return "something is wrong with the course or its grader; the course's staff find out what"
    return f"{type(error).__name__}: {error}"


def require_fit(name: str, candidates: Sequence[Candidate]) -> None:
    """Stop before grading where the results would not fit into a format.

    Raises
    ------
    NngradeError
        When the format is for one submission, or for one of each student, and there are more.
    """
    several = FORMATS[name].several
    if several == "one" and len(candidates) != 1:
        raise NngradeError(
            f"--format {name} is for one submission, and there are {len(candidates)}; "
            "name one notebook"
        )
    if several != "one each":
        return
    seen: dict[tuple[str, str], Candidate] = {}
    for one in candidates:
        key = (one.student, one.stage.name if one.stage else "")
        if (twin := seen.setdefault(key, one)) is not one and one.stage is not None:
            raise NngradeError(
                f"--format {name} has one grade for each student and stage; {one.student} has "
                f"{twin.path} and {one.path}: leave one out, or name students with --student"
            )
