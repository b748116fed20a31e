"""Find the submissions at paths on the command line, and determine their stages and students."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nngrade.course.stages import Course, Stage
from nngrade.errors import SubmissionError
from nngrade.submissions.alone import alone
from nngrade.submissions.exports import HandIn, hand_in, is_archive
from nngrade.submissions.identity import stage_of
from nngrade.submissions.owners import owners_of, same_spelling
from nngrade.submissions.precedence import newest
from nngrade.submissions.records import NOBODY, Candidate, Found, Told
from nngrade.submissions.walk import files_at

if TYPE_CHECKING:
    from nngrade.submissions.roster import Roster

__all__ = ["candidates", "find_submissions", "with_owners"]


def find_submissions(
    paths: Iterable[Path],
    course: Course,
    stage: Stage | None = None,
    student: str | None = None,
    roster: Roster | None = None,
) -> list[Candidate]:
    """Find the submissions in files and folders, in a fixed order.

    Parameters
    ----------
    paths : iterable of Path
        Notebooks, zip archives of them, folders of both, trees
        ``submitted/STUDENT/STAGE/STAGE.ipynb``.
    course : Course
        The course.
    stage : Stage, optional
        Stage of all submissions, instead of the one that paths and notebooks indicate.
    student : str, optional
        Student of all submissions, instead of the one that paths indicate.
    roster : Roster, optional
        Mapping of names in exports of Canvas or Moodle to students.

    Returns
    -------
    list of Candidate
        The submissions; problems are in their `error`.
    """
    given = list(paths)
    together = _searched_together(given)
    found: dict[Path, Found] = {}
    for path in given:
        for one in files_at(path, course):
            root = together or one.root
            found.setdefault(one.path, replace(one, root=root))
    told = Told(stage, student, roster)
    listed = [each for one in found.values() for each in candidates(one, course, told)]
    return newest(with_owners(listed, course, alone=len(listed) == 1))


def _searched_together(paths: Sequence[Path]) -> Path | None:
    """Folder of several paths that stand side by side, whose names may tell students apart."""
    parents = {path.absolute().parent for path in paths}
    if len(paths) > 1 and len(parents) > 1 and all(path.is_file() for path in paths):
        return Path(os.path.commonpath(parents))
    return parents.pop() if len(paths) > 1 and len(parents) == 1 else None


def with_owners(found: Sequence[Candidate], course: Course, alone: bool) -> list[Candidate]:
    """Candidates with the students that their places name.

    Parameters
    ----------
    found : sequence of Candidate
        Those that stand for one search; a student that is known already stays.
    course : Course
    alone : bool
        Whether there is only one, for which nobody need be known.

    Returns
    -------
    list of Candidate
        In the same order. Whose owner cannot be told, or whose name differs from another one's in
        case only, has an error.
    """
    open_ones = [one for one in found if not one.student and one.root is not None]
    places = [(one.path, one.root) for one in open_ones if one.root is not None]
    named = dict(zip(map(id, open_ones), owners_of(places, course, alone), strict=True))
    made = []
    for one in found:
        if one.student:
            made.append(one)
        elif name := named.get(id(one)):
            made.append(replace(one, student=name))
        else:
            problem = (
                f"{one.path}: nothing tells whose it is; put it into a folder with the student's "
                "name, or grade it alone with --student"
            )
            made.append(_undecided(replace(one, student=NOBODY), problem))
    wrong = same_spelling(one.student for one in made)
    return [
        _undecided(one, f"{one.path}: {wrong[one.student]}") if one.student in wrong else one
        for one in made
    ]


def _undecided(one: Candidate, problem: str) -> Candidate:
    """A candidate of which a person has to decide whose it is, if it can be read at all."""
    if one.error:
        return replace(one, stage=None)
    return replace(one, stage=None, error=problem, uncertain=True)


@alone
def candidates(found: Found, course: Course, told: Told) -> list[Candidate]:
    """Return the submissions in a found file: one, or all of an archive.

    Parameters
    ----------
    found : Found
        A notebook, an archive, or a problem.
    course : Course
        The course.
    told : Told
        The settings of the user.
    """
    path = found.path
    if found.problem:
        inside = path / "any" if path.is_dir() else path
        return [_wanting(found, inside, found.hand_in, found.problem, course, told)]
    if is_archive(path):
        return _in_archive(found, course, told)
    return [_identify(found, path, found.hand_in, course, told)]


def _identify(
    found: Found, path: Path, owner: HandIn | None, course: Course, told: Told
) -> Candidate:
    """Determine student and stage of a notebook: from `told`, its path, or its content."""
    try:
        name = told.student or _known_student(owner, told.roster)
    except SubmissionError as problem:
        assert owner is not None
        return Candidate(path, owner.student, None, f"{path}: {problem}", owner)
    stage, error, uncertain = told.stage, None, False
    if stage is None:
        try:
            stage = stage_of(path, owner, course)
        except SubmissionError as problem:
            error = str(problem)
    if stage is None and error is None:
        known = ", ".join(one.name for one in course.stages)
        error = f"{path}: cannot tell its stage; name it with --stage, one of: {known}"
        uncertain = True
    late = ("Canvas marks this submission as late.",) if owner and owner.late else ()
    return Candidate(path, name, stage, error, owner, late, found.root, uncertain)


def _in_archive(found: Found, course: Course, told: Told) -> list[Candidate]:
    """Submissions in an archive: an export of many students, or the files of one student."""
    from nngrade.submissions.archive import entries

    archive = found.path
    try:
        listed = entries(archive)
    except SubmissionError as error:
        return [_wanting(found, archive, found.hand_in, str(error), course, told)]
    made: list[Candidate] = []
    without: dict[HandIn, list[str]] = {}
    complete = set()
    for entry in listed:
        path = archive.joinpath(*entry.parts)
        inner = hand_in(entry.parts)
        owner = found.hand_in or inner
        if found.hand_in and inner and inner.id != found.hand_in.id:
            problem = (
                f"{archive}: it is named as what one student handed in, but holds what others "
                "did; give an export another name"
            )
            return [_wanting(found, archive, found.hand_in, problem, course, told)]
        if entry.problem is None and not entry.is_notebook:
            if owner:
                without.setdefault(owner.person, []).append(entry.parts[-1])
            continue
        if owner:
            complete.add(owner.person)
        if entry.problem:
            made.append(_wanting(found, path, owner, entry.problem, course, told))
        else:
            made.append(_identify(found, path, owner, course, told))
    for person, names in without.items():
        if person not in complete:
            others = ", ".join(sorted(names)[:3])
            problem = f"{archive}: no notebook by {person.name}, only {others}; ask for the .ipynb"
            path = archive / sorted(names)[0]
            made.append(_wanting(found, path, person, problem, course, told))
    if not made:
        problem = f"{archive}: no notebook (*.ipynb) in this archive"
        made.append(_wanting(found, archive, found.hand_in, problem, course, told))
    return made


def _wanting(
    found: Found, inside: Path, owner: HandIn | None, problem: str, course: Course, told: Told
) -> Candidate:
    """A candidate that cannot be graded, with its student as far as known."""
    try:
        name = told.student or _known_student(owner, told.roster)
    except SubmissionError:
        assert owner is not None
        name = owner.student
    if not name:
        name = owners_of([(inside, found.root)], course, alone=True)[0] or NOBODY
    path = found.path if inside.parent == found.path and inside.name == "any" else inside
    return Candidate(path, name, None, problem, owner)


def _known_student(owner: HandIn | None, roster: Roster | None) -> str:
    """Student that an export names; empty where there is none.

    Raises
    ------
    SubmissionError
        When the roster does not know the name in an export.
    """
    if owner is None:
        return ""
    return roster.student(owner) if roster is not None else owner.student
