"""Grading as a library call: ``from nngrade import grade, report``.

Everything that `nngrade grade` and `nngrade report` do with files and a terminal is left out; what
remains takes paths and gives records.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from nngrade.class_report.page import write_report
from nngrade.class_report.results import of_results
from nngrade.course.data import DataChoice
from nngrade.course.stages import find_course
from nngrade.gradebook.deadlines import with_lateness
from nngrade.results import SubmissionResult
from nngrade.runs.executor import make_executor
from nngrade.runs.settings import Settings
from nngrade.students.class_list import section_of, students_of
from nngrade.students.groups import with_groups
from nngrade.submissions.find import find_submissions
from nngrade.worker.launch import SandboxMode

__all__ = ["grade", "report"]

PathLike = str | os.PathLike[str]


def grade(
    paths: PathLike | Iterable[PathLike],
    *,
    course: PathLike | None = None,
    stage: str | None = None,
    student: str | None = None,
    students: PathLike | None = None,
    data: DataChoice = "auto",
    sandbox: SandboxMode = "strict",
    timeout: float | None = None,
    jobs: int | None = None,
) -> list[SubmissionResult]:
    """Grade notebooks.

    Parameters
    ----------
    paths : path or iterable of path
        Notebooks, folders of notebooks, trees ``submitted/STUDENT/STAGE/STAGE.ipynb``, zip archives
        of any of these.
    course : path, optional
        The course's folder; by default this folder or one above it, as for the command.
    stage, student : str, optional
        Stage and student of all notebooks; by default paths and notebooks tell.
    students : path, optional
        CSV file of who takes the course, by default its class list if there is one; or of whom
        names in exports of Canvas or Moodle stand for.
    data : {"auto", "mnist", "digits"}
        Images for accuracy checks; "auto" takes MNIST where it is at hand.
    sandbox : {"strict", "weak", "off"}
        Confinement of student code: all layers, those there are, or only limits.
    timeout : float, optional
        Wall-clock limit in seconds for each cell and each check.
    jobs : int, optional
        Number of processes at the most; by default one for each processor. A script needs no
        ``if __name__ == "__main__"``.

    Returns
    -------
    list of SubmissionResult
        In a fixed order; one that could not be graded has the status "failed" and an `error`.

    Raises
    ------
    CourseError
        When the course or the machine is at fault, so that nothing can be graded.

    Examples
    --------
    >>> from nngrade import grade
    >>> for result in grade("submitted/", data="digits"):  # doctest: +SKIP
    ...     print(result.student, result.stage, result.score, result.max_score)
    ada stage01_perceptron 20.0 20.0
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    root = find_course(None if course is None else Path(course)).root
    settings = Settings(root, sandbox, data, timeout)
    known = students_of(settings.course, None if students is None else Path(students))
    candidates = find_submissions(
        [Path(one) for one in given],
        settings.course,
        None if stage is None else settings.course.stage(stage),
        student,
        known.roster,
    )
    candidates, _ = with_groups(candidates, known.class_list)
    results = dict(make_executor(settings, jobs)(candidates))
    return with_lateness(
        settings.course, known.class_list, (results[index] for index in sorted(results))
    )


def report(
    results: Iterable[SubmissionResult],
    output: PathLike,
    *,
    names: bool = False,
    course: PathLike | None = None,
    lessons: str | None = None,
    students: PathLike | None = None,
    section: str | None = None,
) -> Path:
    """Write a page on a class: scores, checks, frequent mistakes, who may need help.

    Parameters
    ----------
    results : iterable of SubmissionResult
        From `grade`; at least one.
    output : path
        The HTML file, which is written anew.
    names : bool
        Whether students are named; otherwise they are numbered.
    course : path, optional
        As for `grade`.
    lessons : str, optional
        Address of the folder with the notebooks, ``https://…``: mistakes link to the sections that
        treat them.
    students : path, optional
        The class list, whose sections are compared; by default the course's, if there is one.
    section : str, optional
        Name of a section: only its students.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    NngradeError
        When there are no results, `lessons` is no address, there is no such section, or the file
        cannot be written.
    """
    found = find_course(None if course is None else Path(course))
    class_list = students_of(found, None if students is None else Path(students)).class_list
    whose = None if section is None else section_of(found, class_list, section)
    statistics = of_results(results, whose)
    write_report(found, statistics, Path(output), names, lessons, class_list, section or "")
    return Path(output)
