"""The output formats by name; the module of a format is imported when it is used."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from nngrade.errors import LessonError, NngradeError

if TYPE_CHECKING:
    from nngrade.course.options import Level
    from nngrade.results import SubmissionResult
    from nngrade.submissions.records import Candidate

__all__ = ["FEEDBACK", "FORMATS", "SHEETS", "Format", "Instead", "failure", "render", "require_fit"]


@dataclass(frozen=True)
class Format:
    """Properties of an output format.

    The module of the format has its name and defines ``render(results)`` and
    ``render_failure(reason)``.

    Attributes
    ----------
    for_students : bool
        Whether students read the format, so that the course's feedback level applies.
    several : {"any", "one", "one each"}
        Number of submissions it can hold: any, one, or one per student and stage.
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

# Formats that show what a gradebook has.
SHEETS = ("csv", "canvas", "moodle")

# Formats of a single student's feedback, with their file name extensions.
FEEDBACK = {"html": ".html", "json": ".json", "markdown": ".md", "junit": ".xml"}


# Result to show in the place of one that cannot be rendered, made of it and the exception.
Instead = Callable[["SubmissionResult", Exception], "SubmissionResult"]


def render(
    name: str, results: Sequence[SubmissionResult], level: Level, instead: Instead | None = None
) -> str:
    """Render results in a format.

    Parameters
    ----------
    name : str
        A key of `FORMATS`.
    results : sequence of SubmissionResult
    level : Level
        Feedback level; applied if students read the format.
    instead : callable, optional
        Makes the result that stands for one that cannot be rendered. Without it, the exception is
        raised.

    Returns
    -------
    str
        The document.
    """
    try:
        return _rendered(name, results, level)
    except Exception:
        if instead is None:
            raise
    shown = [_sound(name, result, level, instead) for result in results]
    return _rendered(name, shown, level)


def _sound(name: str, result: SubmissionResult, level: Level, instead: Instead) -> SubmissionResult:
    """The result if it can be rendered, else the one that stands for it."""
    try:
        _rendered(name, [result], level)
    except Exception as error:
        return instead(result, error)
    return result


def _rendered(name: str, results: Sequence[SubmissionResult], level: Level) -> str:
    if FORMATS[name].for_students:
        from nngrade.formats.feedback import as_told

        results = [as_told(result, level) for result in results]
    text: str = _module(name).render(results)
    return text


def failure(name: str, error: BaseException | str) -> str:
    """Render a document that states why there are no results.

    Parameters
    ----------
    name : str
        A key of `FORMATS`.
    error : BaseException or str
        The reason. In formats that students read, only a string or an expected error is quoted.
    """
    text: str = _module(name).render_failure(_reason(error, FORMATS[name].for_students))
    return text


def _module(name: str) -> ModuleType:
    # Imported late: a run usually needs only one format.
    return importlib.import_module(f"nngrade.formats.{name}")


def _reason(error: BaseException | str, for_students: bool) -> str:
    if isinstance(error, str):
        return error
    if isinstance(error, NngradeError) and not (for_students and isinstance(error, LessonError)):
        return str(error)
    if for_students:
        # The text may quote the course's files or the grader's internals.
        return "something is wrong with the course or its grader; the course's staff find out what"
    return f"{type(error).__name__}: {error}"


def require_fit(name: str, candidates: Sequence[Candidate]) -> None:
    """Check before grading that a format can hold the results of all candidates.

    Raises
    ------
    NngradeError
        If the format is for one submission, or one per student and stage, and there are more.
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
