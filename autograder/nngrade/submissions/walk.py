"""Search a path for notebooks and archives, and for problems."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from nngrade.course.stages import Course
from nngrade.submissions.exports import HandIn, hand_in, hand_in_folder, is_archive, is_hidden
from nngrade.submissions.records import Found

__all__ = ["files_at"]


def files_at(path: Path, course: Course) -> Iterator[Found]:
    """Yield the notebooks and archives at or below a path, and the problems found there."""
    if not os.path.lexists(path):
        yield Found(path, path.parent, problem=f"{path}: no such file or folder")
        return
    if not path.is_dir():
        what = None if path.exists() else f"{path}: a broken link"
        if what is None and path.suffix != ".ipynb" and not is_archive(path):
            what = f"{path}: neither a notebook (*.ipynb) nor an archive of them (*.zip)"
        owner = hand_in_folder(path.parent)
        found = replace(owner, file=path.name) if owner else hand_in([path.name])
        # An archive given by the user is an export, whatever its name.
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
            archives = []  # handed in together with the notebook
        owner = hand_in_folder(folder) if above or "_assignsubmission_" in here else None
        for name in (*notebooks, *archives):
            file = folder / name
            # A link may lead to another student's file.
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
        # A folder without a notebook is no problem if one of its subfolders has one.
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
    """Yield a problem for each student who handed in files, but no notebook."""
    if not notebooks and not archives and (folder.name in stages or _is_owned(folder)):
        others = ", ".join(files[:3]) or "nothing"
        problem = f"{folder}: no notebook in it, only {others}; ask for the .ipynb"
        yield Found(folder, root, owner, problem)
    elif owner is None:
        # Canvas puts the files of all students into one folder.
        there = {one.person for name in (*notebooks, *archives) if (one := hand_in([name]))}
        for name in files:
            one = hand_in([name])
            if one is not None and one.person not in there:
                there.add(one.person)
                file = folder / name
                yield Found(
                    file, root, one, f"{file}: no notebook by {one.name}; ask for the .ipynb"
                )


def _is_owned(folder: Path) -> bool:
    """Whether this is the folder that Moodle creates for a student."""
    return hand_in_folder(folder) is not None and hand_in_folder(folder.parent) is None
