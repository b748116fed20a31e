"""Build the assignments: from lessons to source notebooks to the notebooks that students open.

The last step is nbgrader's own ``generate_assignment``, so that a course behaves like
any other nbgrader course. A build is byte-identical to the previous one if nothing has changed.
"""

from __future__ import annotations

import difflib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nngrade.authoring.pictures import (
    LARGEST_NOTEBOOK,
    Pictures,
    digests_of,
    draw,
    pictures_in,
)
from nngrade.authoring.workload import updated, workload
from nngrade.course.naming import CODE_STUB, TEXT_STUB, cell_ids
from nngrade.course.notebook import notebook_text, source_notebook
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError, LessonError, Problem
from nngrade.extras import require
from nngrade.text import amount

__all__ = ["Difference", "build", "differences", "release_steps", "write_sources"]


@dataclass(frozen=True)
class Difference:
    """A generated file that does not match the lessons.

    Attributes
    ----------
    path : Path
    why : str
        The difference and its fix.
    line : int
        The first line that differs.
    """

    path: Path
    why: str
    line: int = 1

    def __str__(self) -> str:
        return f"{self.path}: {self.why}"


def build(
    course: Course, stages: Sequence[Stage], tell: Callable[[str], None] = lambda sentence: None
) -> dict[Path, bool]:
    """Write the assignments of the given stages.

    Pictures whose cells, and all that these depend on, are as they were stay as they are; the
    others are drawn.

    Parameters
    ----------
    course : Course
    stages : sequence of Stage
    tell : callable
        Called with a sentence before something that takes a while.

    Returns
    -------
    dict of Path to bool
        For each assignment notebook, whether it is new or has changed; the same for the course's
        ``README.md``, where it has a table of the stages' work.
    """
    pictures = _kept_pictures(course, stages)
    for stage in stages:
        kept = pictures[stage.name]
        if missing := digests_of(stage).keys() - kept.keys():
            tell(f"drawing {amount(len(missing), 'figure')} of {stage.name}")
            pictures[stage.name] = {**kept, **draw(stage, missing)}
    write_sources(stages, course.root / "build" / "source", pictures)
    changed: dict[Path, bool] = {}
    for path, content in _built(stages, course.assignments, pictures):
        if said := _too_large(content):
            raise CourseError(f"{path.parent.name}: {said}")
        changed[path] = not path.exists() or path.read_bytes() != content
        if changed[path]:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".ipynb.new")
            draft.write_bytes(content)
            draft.replace(path)
    if table := _table_of_work(course):
        readme, old, new = table
        changed[readme] = old != new
        if changed[readme]:
            readme.write_text(new, encoding="utf-8")
    return changed


def differences(course: Course, stages: Sequence[Stage]) -> list[Difference]:
    """Find the committed assignments that do not match their lessons, without drawing anything.

    So is the table of the stages' work in the course's ``README.md``, where it has one.
    Files that no lesson generates are found only if `stages` holds all stages of the course.
    """
    found = []
    pictures = _kept_pictures(course, stages)
    built = _built(stages, course.assignments, pictures)
    for stage, (path, content) in zip(stages, built, strict=True):
        shown = path.relative_to(course.root)
        rebuild = f"run `nngrade build {stage.name}`"
        if not path.exists():
            found.append(Difference(shown, f"is missing; {rebuild}"))
            continue
        committed = path.read_bytes()
        if said := _of_pictures(stage, pictures[stage.name], committed, content):
            why, line = said
            found.append(Difference(shown, f"{why}; {rebuild}", line))
        elif committed != content:
            why, line = _first_difference(committed, content)
            found.append(Difference(shown, f"{why}; {rebuild}", line))
        elif too_large := _too_large(content):
            found.append(Difference(shown, too_large))
    if table := _table_of_work(course):
        readme, old, new = table
        if old != new:
            _, line = _first_difference(old.encode(), new.encode())
            why = "its table of the stages' work is not what the lessons say; run `nngrade build`"
            found.append(Difference(readme.relative_to(course.root), why, line))
    if tuple(stages) == course.stages:
        found.extend(_strays(course))
    return found


def _table_of_work(course: Course) -> tuple[Path, str, str] | None:
    """The course's README, what it says, and what it is to say of its stages' work.

    None where it has no such table, or the lesson of any stage cannot be read: who builds one stage
    need not mend another.
    """
    readme = course.root / "README.md"
    try:
        texts = updated(readme, [workload(stage) for stage in course.stages])
    except LessonError:
        return None
    return (readme, *texts) if texts else None


def _kept_pictures(course: Course, stages: Sequence[Stage]) -> dict[str, Pictures]:
    """The pictures that stand in the committed notebooks and need not be drawn, by stage.

    Raises
    ------
    LessonError
        If a lesson has problems; the message lists those of all stages.
    """
    _require_readable(stages)
    return {
        stage.name: pictures_in(
            course.assignments / stage.name / f"{stage.name}.ipynb", digests_of(stage)
        )
        for stage in stages
    }


def _require_readable(stages: Sequence[Stage]) -> None:
    problems: list[Problem] = []
    for stage in stages:
        try:
            _ = stage.reference, stage.graded, stage.misconceptions, stage.alternatives
        except LessonError as error:
            problems.extend(error.problems)
    if problems:
        raise LessonError(problems)


def write_sources(
    stages: Sequence[Stage], folder: Path, pictures: Mapping[str, Pictures] | None = None
) -> None:
    """Write the source notebooks ``FOLDER/STAGE/STAGE.ipynb``, with solutions, for nbgrader.

    Parameters
    ----------
    stages : sequence of Stage
    folder : Path
    pictures : mapping, optional
        The pictures of each stage's figures, by the stage's name.

    Raises
    ------
    LessonError
        If a lesson has problems; the message lists those of all stages.
    """
    _require_readable(stages)
    for stage in stages:
        outputs = (pictures or {}).get(stage.name)
        notebook = source_notebook(stage.lesson, stage.graded, stage.edition, outputs)
        target = folder / stage.name
        # nbgrader releases every file beside a notebook, so the folder starts empty.
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        path = target / f"{stage.name}.ipynb"
        path.write_text(notebook_text(notebook), encoding="utf-8")


def _built(
    stages: Sequence[Stage], assignments: Path, pictures: Mapping[str, Pictures]
) -> Iterator[tuple[Path, bytes]]:
    """Path and expected content of each stage's assignment notebook."""
    with tempfile.TemporaryDirectory(prefix="nngrade-build-") as name:
        # nbgrader compares paths as text, so symbolic links must be resolved first.
        root = Path(name).resolve()
        write_sources(stages, root / "source", pictures)
        _generate_assignments(root, [stage.name for stage in stages])
        for stage in stages:
            relative = Path(stage.name) / f"{stage.name}.ipynb"
            yield assignments / relative, (root / "release" / relative).read_bytes()


def release_steps() -> list[Any]:
    """The steps of nbgrader's ``generate_assignment``, but for the one that drops the pictures."""
    from nbgrader.converters import GenerateAssignment
    from nbgrader.preprocessors import ClearOutput

    steps = GenerateAssignment.class_traits()["preprocessors"].default()
    return [step for step in steps if step is not ClearOutput]


def _generate_assignments(root: Path, names: Sequence[str]) -> None:
    """Run nbgrader's generate_assignment on ``ROOT/source``, into ``ROOT/release``."""
    require("building notebooks", "gradebook")
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}"
    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    config.ClearSolutions.text_stub = TEXT_STUB
    config.GenerateAssignment.no_database = True
    config.GenerateAssignment.preprocessors = release_steps()
    config.SaveCells.enabled = False
    messages: list[str] = []
    # Its log is collected for our error message instead of going to the terminal.
    log = logging.Logger("nbgrader", logging.ERROR)
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    log.addHandler(handler)
    here = Path.cwd()
    for name in names:
        config.CourseDirectory.assignment_id = name
        course = CourseDirectory(config=config, log=log)
        try:
            GenerateAssignment(coursedir=course, config=config, log=log).start()
        except (Exception, SystemExit) as error:
            said = "\n".join(messages) or str(error)
            raise CourseError(f"{name}: nbgrader's generate_assignment failed:\n{said}") from error
        finally:
            os.chdir(here)


def _too_large(content: bytes) -> str:
    """What to say of a notebook's size; nothing if it is fine."""
    if len(content) <= LARGEST_NOTEBOOK:
        return ""
    return (
        f"the notebook has {len(content):,} bytes with its pictures, and {LARGEST_NOTEBOOK:,} is "
        "the most; draw fewer figures, or smaller"
    )


def _of_pictures(
    stage: Stage, kept: Pictures, committed: bytes, built: bytes
) -> tuple[str, int] | None:
    """What to say, and its line, of a notebook that is right but for pictures."""
    lines = {name: cell.line for cell, name in cell_ids(stage.lesson).items()}
    stale = [name for name in digests_of(stage) if name not in kept]
    if not stale or _without_outputs(committed) != _without_outputs(built):
        return None
    text = committed.decode("utf-8", "replace").splitlines()
    places = [number for number, line in enumerate(text, 1) if f'"id": "{stale[0]}"' in line]
    why = (
        f"{amount(len(stale), 'picture')} missing or drawn from other code or data, first that of "
        f"the cell on line {lines[stale[0]]} of its lesson"
    )
    return why, next(iter(places), 1)


def _without_outputs(notebook: bytes) -> Any:
    try:
        read = json.loads(notebook)
        for cell in read["cells"]:
            cell.pop("outputs", None)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return read


def _first_difference(committed: bytes, built: bytes) -> tuple[str, int]:
    old = committed.decode("utf-8", "replace").splitlines()
    new = built.decode("utf-8", "replace").splitlines()
    for line in difflib.unified_diff(old, new, lineterm="", n=0):
        if line.startswith("@@"):
            place = line.split()[1].lstrip("-").split(",")[0]
            return f"differs from its lesson, first at line {place}", int(place)
    return "differs from its lesson in line endings", 1


def _strays(course: Course) -> Iterator[Difference]:
    """Notebooks of stages that no longer exist, and files that no lesson generates."""
    expected = {course.assignments / stage.name / f"{stage.name}.ipynb" for stage in course.stages}
    for path in sorted(course.assignments.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(course.assignments).parts)
        if path.is_file() and path not in expected and not hidden:
            yield Difference(path.relative_to(course.root), "no lesson makes this file; delete it")
