"""Find the submissions that paths on a command line mean, with their stages and students."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nngrade.course import Course, Stage
from nngrade.errors import CourseError, SubmissionError
from nngrade.lms.names import HandIn, hand_in, hand_in_folder, is_archive, is_hidden, plain
from nngrade.magics import as_python
from nngrade.naming import cell_ids
from nngrade.notebook_file import NotebookFile, read_notebook
from nngrade.text import one_line

if TYPE_CHECKING:
    from nngrade.lms.students import Roster

__all__ = [
    "NOBODY",
    "Candidate",
    "Found",
    "Told",
    "candidates",
    "files_at",
    "find_submissions",
    "newest",
    "unnamed",
]

NOBODY = "unknown"


@dataclass(frozen=True)
class Candidate:
    """A file that is to be graded.

    Attributes
    ----------
    path : Path
        A notebook in an archive has the archive's path with the entry's behind it.
    student : str
    stage : Stage or None
        None where it could not be told.
    error : str or None
        Why it cannot be graded.
    hand_in : HandIn or None
        What Canvas or Moodle say of it.
    notes : tuple of str
        What is to be said with its result.
    """

    path: Path
    student: str
    stage: Stage | None
    error: str | None = None
    hand_in: HandIn | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """A notebook or an archive on the disk, or something that is wrong there.

    Attributes
    ----------
    path : Path
    root : Path
        The folder in which it was looked for.
    hand_in : HandIn or None
    problem : str or None
    """

    path: Path
    root: Path
    hand_in: HandIn | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Told:
    """What is told of all submissions, in the place of what paths and notebooks say."""

    stage: Stage | None = None
    student: str | None = None
    roster: Roster | None = None


def find_submissions(
    paths: Iterable[Path],
    course: Course,
    stage: Stage | None = None,
    student: str | None = None,
    roster: Roster | None = None,
) -> list[Candidate]:
    """The submissions in these files and folders, in a fixed order.

    Parameters
    ----------
    paths : iterable of Path
        Notebooks, zip archives of them, folders of both, trees
        ``submitted/STUDENT/STAGE/STAGE.ipynb``.
    course : Course
    stage, student : optional
        For all of them, in the place of what paths and notebooks say.
    roster : Roster, optional
        The students that names in exports of Canvas or Moodle stand for.
    """
    found: dict[Path, Found] = {}
    for path in paths:
        for one in files_at(path, course):
            found.setdefault(one.path, one)
    told = Told(stage, student, roster)
    return newest([each for one in found.values() for each in candidates(one, course, told)])


def candidates(found: Found, course: Course, told: Told) -> list[Candidate]:
    """The submissions in a file: one, or those of an archive."""
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
    """Tell the stage and the student of a notebook: as told, by its path, by its content."""
    try:
        name = told.student or _student_of(path, found.root, course, owner, told.roster)
    except SubmissionError as problem:
        assert owner is not None
        return Candidate(path, owner.student, None, f"{path}: {problem}", owner)
    stage, error = told.stage, None
    if stage is None and owner is not None:
        stage = _stage_of_name(owner.file, course)
    if stage is None:
        stage = _stage_of_path(path, course)
    if stage is None:
        try:
            stage = _stage_of_content(read_notebook(path), course)
        except SubmissionError as problem:
            error = str(problem)
    if stage is None and error is None:
        known = ", ".join(one.name for one in course.stages)
        error = f"{path}: cannot tell its stage; name it with --stage, one of: {known}"
    late = ("Canvas marks this submission as late.",) if owner and owner.late else ()
    return Candidate(path, name, stage, error, owner, late)


def newest(found: list[Candidate]) -> list[Candidate]:
    """Of several notebooks that Canvas or Moodle have of a student for a stage, the newest."""
    groups: dict[tuple[str, str], list[Candidate]] = {}
    for one in found:
        if one.hand_in is not None and one.error is None and one.stage is not None:
            groups.setdefault((one.student, one.stage.name), []).append(one)
    kept: dict[int, Candidate] = {}
    for (student, _), group in groups.items():
        people = sorted({(one.hand_in.name, one.hand_in.id) for one in group if one.hand_in})
        if len({number for _, number in people}) > 1 or len({plain(who) for who, _ in people}) > 1:
            who = ", ".join(f"{name} ({number})" for name, number in people)
            problem = (
                f"{student} may be several people: {who}; say with --students who is who, or give "
                "other names to files that are not from Canvas or Moodle"
            )
            for one in group:
                kept[id(one)] = replace(one, error=f"{one.path}: {problem}", stage=None)
            continue
        best = max(group, key=_newness)
        if others := [one.path.name for one in sorted(group, key=_newness) if one is not best]:
            few = ", ".join(others[-3:]) + (" and others" if len(others) > 3 else "")
            note = f"Of several notebooks {best.path.name} counts, as the newest; not {few}."
            kept[id(best)] = replace(best, notes=(*best.notes, note))
        else:
            kept[id(best)] = best
    passed = {id(one) for group in groups.values() for one in group}
    return [kept.get(id(one), one) for one in found if id(one) in kept or id(one) not in passed]


def unnamed(found: Iterable[Candidate]) -> Iterator[str]:
    """What students are called where only an export names them."""
    what = {"Canvas": "numbers", "Moodle": "full names"}
    seen = set()
    for one in found:
        if one.hand_in is not None and one.hand_in.lms not in seen:
            seen.add(one.hand_in.lms)
            yield (
                f"students have the {what[one.hand_in.lms]} that {one.hand_in.lms} gave them, "
                f"such as {one_line(one.student)}; --students FILE gives them their ids"
            )


def _newness(one: Candidate) -> tuple[int, int, bool, str]:
    """Sort by Canvas' number of the upload, then by the number behind the name, as in ``x-2``."""
    assert one.hand_in is not None
    assert one.stage is not None
    stem = Path(one.hand_in.file).stem
    counted = re.fullmatch(r".*-(\d{1,3})", stem, re.DOTALL)
    count = int(counted[1]) if counted else 0
    return one.hand_in.upload, count, stem == one.stage.name, str(one.path)


def _in_archive(found: Found, course: Course, told: Told) -> list[Candidate]:
    """The submissions in an archive: an export with those of many, or what one handed in."""
    from nngrade.lms.archive import entries

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
                without.setdefault(_person(owner), []).append(entry.parts[-1])
            continue
        if owner:
            complete.add(_person(owner))
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


def _person(one: HandIn) -> HandIn:
    """The same for all that a student handed in."""
    return replace(one, file="", upload=0, late=False)


def _wanting(
    found: Found, inside: Path, owner: HandIn | None, problem: str, course: Course, told: Told
) -> Candidate:
    """What needs a person, by the student's name as far as it is known."""
    try:
        name = told.student or _student_of(inside, found.root, course, owner, told.roster)
    except SubmissionError:
        assert owner is not None
        name = owner.student
    path = found.path if inside.parent == found.path and inside.name == "any" else inside
    return Candidate(path, name, None, problem, owner)


def files_at(path: Path, course: Course) -> Iterator[Found]:
    """Notebooks and archives at or below a path; or a path and what is wrong with it."""
    if not os.path.lexists(path):
        yield Found(path, path.parent, problem=f"{path}: no such file or folder")
        return
    if not path.is_dir():
        what = None if path.exists() else f"{path}: a broken link"
        if what is None and path.suffix != ".ipynb" and not is_archive(path):
            what = f"{path}: neither a notebook (*.ipynb) nor an archive of them (*.zip)"
        owner = hand_in_folder(path.parent)
        found = replace(owner, file=path.name) if owner else hand_in([path.name])
        # An archive that somebody names is an export, whatever it is called.
        yield Found(path, path.parent, None if is_archive(path) else found, what)
        return
    stages = {stage.name for stage in course.stages}
    closed: list[OSError] = []
    lacking: list[Found] = []
    holding: list[Path] = []
    above = hand_in_folder(path)
    for here, names, files in os.walk(path, onerror=closed.append):
        names[:] = sorted(name for name in names if not is_hidden(name))
        shown = sorted(name for name in files if not is_hidden(name))
        notebooks = [name for name in shown if name.endswith(".ipynb")]
        archives = [name for name in shown if name.lower().endswith(".zip")]
        folder = Path(here)
        if notebooks and folder.name in stages:
            archives = []  # what was handed in beside the notebook
        owner = hand_in_folder(folder) if above or "_assignsubmission_" in here else None
        for name in (*notebooks, *archives):
            file = folder / name
            # What it leads to may be anybody's.
            link = f"{file}: a link; what is graded is the notebook itself"
            found = owner and replace(owner, file=name)
            yield Found(file, path, found or hand_in([name]), link if file.is_symlink() else None)
        if notebooks or archives:
            holding.append(folder)
        if shown != notebooks or not notebooks:
            lacking.extend(_lacking(path, folder, shown, notebooks, archives, owner, stages))
    for error in closed:
        what = f"{error.filename}: cannot be read ({error.strerror})"
        lacking.append(Found(Path(error.filename), path, problem=what))
    if lacking:
        # A student's notebook may be in a folder of the folder where one looks for it.
        full = {one for folder in holding for one in (folder, *folder.parents)}
        yield from (one for one in lacking if one.path not in full)
    if not holding and not lacking:
        yield Found(path, path, problem=f"{path}: no notebook (*.ipynb) in this folder")


def _lacking(
    root: Path,
    folder: Path,
    files: list[str],
    notebooks: list[str],
    archives: list[str],
    owner: HandIn | None,
    stages: set[str],
) -> Iterator[Found]:
    """Who handed in something, but no notebook."""
    if not notebooks and not archives and (folder.name in stages or _is_owned(folder)):
        others = ", ".join(files[:3]) or "nothing"
        problem = f"{folder}: no notebook in it, only {others}; ask for the .ipynb"
        yield Found(folder, root, owner, problem)
    elif owner is None:
        # Canvas puts all students into one folder.
        there = {_person(one) for name in (*notebooks, *archives) if (one := hand_in([name]))}
        for name in files:
            one = hand_in([name])
            if one is not None and _person(one) not in there:
                there.add(_person(one))
                file = folder / name
                yield Found(
                    file, root, one, f"{file}: no notebook by {one.name}; ask for the .ipynb"
                )


def _is_owned(folder: Path) -> bool:
    """Whether this is the folder that Moodle made for a student."""
    return hand_in_folder(folder) is not None and hand_in_folder(folder.parent) is None


def _student_of(
    path: Path, root: Path, course: Course, owner: HandIn | None, roster: Roster | None
) -> str:
    """The student that a path names: ``…/STUDENT/STAGE/FILE``, else ``STUDENT.ipynb``.

    Raises
    ------
    SubmissionError
        When the roster does not know the name in an export.
    """
    if owner is not None:
        return roster.student(owner) if roster is not None else owner.student
    path, root = path.absolute(), root.absolute()
    stages = {stage.name for stage in course.stages}
    if course.assignments in path.parents:
        return NOBODY
    # The outermost folder of a stage counts: further in, students name folders.
    for folder in reversed(path.parents):
        if folder.name in stages and (folder == root or root in folder.parents):
            return _named(folder.parent) or NOBODY
    if path.parent.name in stages:
        return _named(path.parent.parent) or NOBODY
    if path.parent.parent.name in stages:
        return _named(path.parent.parent.parent) or NOBODY
    if _stage_of_name(path.stem, course) is None:
        return path.stem or NOBODY
    return _named(path.parent) or NOBODY


def _named(folder: Path) -> str:
    """A folder's name, or that of an archive that stands for one."""
    return folder.stem if is_archive(folder) else folder.name


def _stage_of_path(path: Path, course: Course) -> Stage | None:
    """The stage that a file's folder or name gives away."""
    path = path.absolute()
    for name in (path.parent.name, path.parent.parent.name):
        for stage in course.stages:
            if stage.name == name:
                return stage
    return _stage_of_name(path.stem, course)


def _stage_of_name(stem: str, course: Course) -> Stage | None:
    """The stage that a file's name starts with, as in ``stage01_perceptron (1)``."""
    for stage in course.stages:
        if re.match(rf"{re.escape(stage.name)}(?![a-z0-9])", stem, re.IGNORECASE):
            return stage
    return None


def _stage_of_content(notebook: NotebookFile, course: Course) -> Stage | None:
    """The stage that the notebook's metadata names, else whose cells and functions it holds."""
    if notebook.stage is not None:
        try:
            return course.stage(notebook.stage)
        except CourseError:
            pass
    votes: Counter[str] = Counter()
    ids = {one for cell in notebook.cells for one in cell.ids}
    source = "\n".join(as_python(cell.source) for cell in notebook.cells if cell.kind == "code")
    functions = set(re.findall(r"^def (\w+)", source, re.MULTILINE))
    for stage in course.stages:
        own = {name for cell, name in cell_ids(stage.lesson).items() if not cell.name}
        votes[stage.name] = 2 * len(own & ids) + len(
            functions & {task.name for task in stage.lesson.tasks}
        )
    ranked = votes.most_common(2)
    if not ranked or not ranked[0][1] or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return course.stage(ranked[0][0])
