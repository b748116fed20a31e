"""Whose a notebook is: the student that folders name, else the one that the file's name does.

Where folders tell students apart, folders name them. What cannot be told is said so and never
guessed: a class's grades are worth nothing if one of them may be somebody else's.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nngrade.course.stages import Course
from nngrade.submissions.exports import is_archive
from nngrade.submissions.identity import stage_of_name
from nngrade.submissions.records import NOBODY

__all__ = ["owners_of", "same_spelling"]

# Names of files that say what was handed in, or nothing, but not who did.
_ANONYMOUS = re.compile(
    r"(?:untitled|copy|kopie|copia|copie|new|neu|final|last|draft|backup|my|the|a|hw|homework|"
    r"home|work|assignment|assign|exercise|exercises|ex|lab|task|week|sheet|project|stage|part|"
    r"unit|problem|set|ps|notebook|note|nb|submission|submit|solution|solutions|answer|answers|"
    r"test|main|code|python|jupyter|colab|version|v|of|von|de|nr|no|[\W\d_])+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Place:
    """Where a notebook is, as far as its name and folders may tell of a student.

    Attributes
    ----------
    folders : tuple of str
        Names of the folders between the place that was searched and the file.
    stage : int or None
        Index of the outermost folder that has a stage's name.
    root : str
        Name of the place that was searched.
    above : str
        Name of the folder above that.
    stem : str
    names_stage : bool
        Whether the file's name starts with a stage's.
    is_plain : bool
        Whether that name has nothing else in it, but for the number or mark of a copy.
    """

    path: Path
    folders: tuple[str, ...]
    stage: int | None
    root: str
    root_is_stage: bool
    above: str
    stem: str
    names_stage: bool
    is_plain: bool


def owners_of(found: Sequence[tuple[Path, Path]], course: Course, alone: bool) -> list[str | None]:
    """Student of each notebook; None where it cannot be told whose it is.

    Parameters
    ----------
    found : sequence of (Path, Path)
        Each notebook, and the folder in which it was looked for. In an archive, the archive's path
        stands for a folder.
    course : Course
    alone : bool
        Whether this is a single notebook, which has a name in any case.

    Returns
    -------
    list of (str or None)
        Names in Unicode's form NFC.
    """
    places = [_place(path, root, course) for path, root in found]
    owners: list[str | None] = [None] * len(places)
    groups: dict[Path, list[int]] = defaultdict(list)
    for index, (path, root) in enumerate(found):
        if course.assignments in path.absolute().parents:
            owners[index] = NOBODY
        else:
            groups[root.absolute()].append(index)
    for indices in groups.values():
        named = _of_group([places[index] for index in indices], alone)
        for index, name in zip(indices, named, strict=True):
            owners[index] = None if name is None else unicodedata.normalize("NFC", name) or NOBODY
    return owners


def _place(path: Path, root: Path, course: Course) -> _Place:
    path, root = path.absolute(), root.absolute()
    stages = {stage.name for stage in course.stages}
    folders = tuple(_named(Path(one)) for one in path.relative_to(root).parts[:-1])
    stage = stage_of_name(path.stem, course)
    rest = path.stem.casefold().replace(stage.name.casefold(), " ") if stage else path.stem
    return _Place(
        path,
        folders,
        next((number for number, name in enumerate(folders) if name in stages), None),
        _named(root),
        root.name in stages or root.parent.name in stages,
        _named(root.parent.parent if root.parent.name in stages else root.parent),
        path.stem,
        stage is not None,
        stage is not None and (not rest.strip() or _ANONYMOUS.fullmatch(rest) is not None),
    )


def _named(folder: Path) -> str:
    """Name of a folder, or of an archive that stands for one."""
    return folder.stem if is_archive(folder) else folder.name


def _of_group(places: Sequence[_Place], alone: bool) -> list[str | None]:
    """Students of the notebooks below one folder."""
    level = _level([one.folders for one in places if one.stage is None and one.folders])
    # STUDENT/STAGE/FILE was searched from STUDENT if a stage's own folder holds its notebook.
    is_students = any(one.stage == 0 and len(one.folders) == 1 and one.is_plain for one in places)
    by_name = _names_in_every_folder([one for one in places if one.stage is None and one.folders])
    # Strings are compared and hashed much faster than paths, and a class has thousands.
    neighbours: dict[str, list[_Place]] = defaultdict(list)
    for one in places:
        neighbours[os.path.dirname(one.path)].append(one)
    named: list[str | None] = []
    for one in places:
        beside = neighbours[os.path.dirname(one.path)]
        if one.stage:
            named.append(one.folders[one.stage - 1])
        elif one.stage == 0 and len(one.folders) > 1 and not is_students:
            named.append(one.folders[1])
        elif one.stage == 0:
            named.append(_in_stage_folder(one, beside, one.root))
        elif one.root_is_stage and one.folders:
            named.append(one.folders[0])
        elif one.root_is_stage:
            named.append(_in_stage_folder(one, beside, one.above))
        elif one.folders and one.stem in by_name:
            named.append(one.stem)
        elif one.folders:
            named.append(one.folders[min(level, len(one.folders) - 1)] if level >= 0 else None)
        else:
            named.append(_by_file(one, beside, alone))
    return named


def _level(trees: Sequence[tuple[str, ...]]) -> int:
    """How deep the folders lie that tell students apart; -1 where it cannot be told."""
    if not trees:
        return 0
    shallowest = min(map(len, trees))
    level = next((n for n in range(shallowest) if len({tree[n] for tree in trees}) > 1), None)
    if level is None:
        return shallowest - 1
    below: dict[str, set[str]] = defaultdict(set)
    for tree in trees:
        if len(tree) > level + 1:
            below[tree[level]].add(tree[level + 1])
    if len(below) < len({tree[level] for tree in trees}) or max(map(len, below.values())) == 1:
        return level
    inner = [name for names in below.values() for name in names]
    # Sections of students have different folders in them, students' own folders have the same.
    if len(inner) == len(set(inner)):
        return level + 1
    return level if len(set(inner)) == max(map(len, below.values())) else -1


def _names_in_every_folder(places: Sequence[_Place]) -> set[str]:
    """Names of files that stand in several folders beside each other: WEEK/STUDENT.ipynb."""
    folders: dict[Path, set[str]] = defaultdict(set)
    for one in places:
        if not one.names_stage and not _ANONYMOUS.fullmatch(one.stem):
            folders[one.path.parent].add(one.stem)
        else:
            folders[one.path.parent].update(())
    if len(folders) < 2 or min(map(len, folders.values())) < 2:
        return set()
    counts = Counter(name for names in folders.values() for name in names)
    common = {name for name, count in counts.items() if count > 1}
    return set(counts) if 2 * len(common) >= len(counts) else set()


def _in_stage_folder(place: _Place, beside: Sequence[_Place], owner: str) -> str | None:
    """Student of a file that lies directly in a stage's folder, below its owner's perhaps."""
    others = [one for one in beside if not one.names_stage]
    if place.is_plain or len(others) < 2:
        return owner
    return None if _ANONYMOUS.fullmatch(place.stem) else place.stem


def _by_file(place: _Place, beside: Sequence[_Place], alone: bool) -> str | None:
    """Student of a file that lies directly in the folder that was searched."""
    if place.names_stage:
        rivals = [one for one in beside if one.names_stage and not one.is_plain]
        return place.root if place.is_plain or len(rivals) < 2 else None
    if alone:
        return place.stem
    return None if _ANONYMOUS.fullmatch(place.stem) else place.stem


def same_spelling(students: Iterable[str]) -> dict[str, str]:
    """For each student whose name another one's differs from in case only: what is wrong."""
    groups: dict[str, set[str]] = defaultdict(set)
    for name in students:
        groups[unicodedata.normalize("NFC", name).casefold()].add(name)
    return {
        name: f"{' and '.join(sorted(names))} differ in upper and lower case only; if they are one "
        "student, give their folders one name"
        for names in groups.values()
        if len(names) > 1
        for name in names
    }
