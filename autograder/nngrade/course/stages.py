"""Discovery of a course and its stages on disk.

A course is a folder that contains ``solutions/STAGE/lesson.py``. Stages are discovered, never
listed: the name of a stage is that of its folder, and the stages are ordered by name.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nngrade.errors import CourseError

if TYPE_CHECKING:
    from nngrade.course.answers import Answer
    from nngrade.course.checks import Check
    from nngrade.course.lesson import Lesson
    from nngrade.course.options import CourseOptions
    from nngrade.course.reference import Reference
    from nngrade.questions.kinds import Question

__all__ = ["Course", "Stage", "find_course"]

COURSE_VARIABLE = "NNGRADE_COURSE"


@dataclass(frozen=True)
class Stage:
    """One stage of a course; its parts are read on first access.

    Attributes
    ----------
    name : str
        Name of the folder, for example ``stage01_perceptron``.
    folder : Path
        The folder ``solutions/NAME``.
    """

    name: str
    folder: Path

    @cached_property
    def lesson(self) -> Lesson:
        """The parsed ``lesson.py``, with the cells that its questions need.

        Written answers are not in it where the course leaves them out.
        """
        from nngrade.course.questions import with_questions

        return with_questions(self._written, self.questions, self._options.questions)

    @cached_property
    def _written(self) -> Lesson:
        """The lesson as its file has it, but for written answers that the course leaves out."""
        from nngrade.course.lesson import read_lesson

        lesson = read_lesson(self.folder / "lesson.py")
        return lesson if self._options.written else lesson.without_written()

    @cached_property
    def questions(self) -> dict[str, tuple[Question, ...]]:
        """All draws of each question that the notebook answers, by its name."""
        from nngrade.course.questions import read_questions

        return read_questions(self.folder / "questions.py", self._written)

    @cached_property
    def siblings(self) -> tuple[Stage, ...]:
        """The other stages of the course, in order."""
        return tuple(one for one in _stages_in(self.folder.parent) if one.name != self.name)

    @cached_property
    def reference(self) -> Reference:
        """The reference solution: the lesson's given and task cells as a module."""
        from nngrade.course.reference import Reference

        return Reference(self.lesson)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Every check of the stage, task by task in the lesson's order, visible tests first."""
        from nngrade.course.checks import load_checks

        return load_checks(self.folder / "checks.py", self.lesson)

    @cached_property
    def graded(self) -> tuple[Check, ...]:
        """All that points are given for, or may be: the checks, then questions that count."""
        from nngrade.course.questions import counted_checks

        return (
            *self.checks,
            *counted_checks(self.lesson, self.questions, self._options.questions),
        )

    @cached_property
    def misconceptions(self) -> tuple[Answer, ...]:
        """The stage's catalogue of wrong solutions."""
        from nngrade.course.answers import read_answers

        return read_answers(self.folder / "misconceptions.py", "misconception", self.lesson)

    @cached_property
    def alternatives(self) -> tuple[Answer, ...]:
        """The stage's correct solutions in other styles."""
        from nngrade.course.answers import read_answers

        return read_answers(self.folder / "alternatives.py", "alternative", self.lesson)

    def only(self, task: str) -> Stage:
        """The same stage with the checks of one task alone."""
        own = tuple(check for check in self.checks if check.task == task)
        one = Stage(self.name, self.folder)
        # What has been read is not read again.
        _ = self.reference
        one.__dict__.update(self.__dict__)
        one.__dict__["checks"] = one.__dict__["graded"] = own
        return one

    @cached_property
    def edition(self) -> int:
        """Number of the edition of the stage's course.

        Raises
        ------
        CourseError
            If the course's settings are invalid.
        """
        return self._options.edition

    @cached_property
    def _options(self) -> CourseOptions:
        """The settings of the stage's course."""
        return Course(self.folder.parent.parent).options

    @property
    def max_score(self) -> float:
        """Points of a correct submission."""
        return sum(check.points for check in self.graded)


def _stages_in(solutions: Path) -> tuple[Stage, ...]:
    """All stages of a course, in order."""
    folders = sorted(path.parent for path in solutions.glob("*/lesson.py"))
    return tuple(Stage(folder.name, folder) for folder in folders)


@dataclass(frozen=True)
class Course:
    """A folder with a ``solutions/`` folder of stages.

    Attributes
    ----------
    root : Path
        Absolute path of the folder.
    """

    root: Path

    @property
    def solutions(self) -> Path:
        """The folder of all secret files."""
        return self.root / "solutions"

    @property
    def options_file(self) -> Path:
        """The file of the course's settings; it need not exist."""
        return self.solutions / "course.toml"

    @cached_property
    def options(self) -> CourseOptions:
        """Settings of the course.

        Raises
        ------
        CourseError
            If the file is invalid.
        """
        from nngrade.course.options import read_options

        return read_options(self.options_file)

    @property
    def assignments(self) -> Path:
        """The folder of the generated notebooks that students open."""
        return self.root / "assignments"

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """All stages, in order."""
        return _stages_in(self.solutions)

    def stage(self, name: str) -> Stage:
        """Return the stage with this name, or else the only one whose name starts with it.

        Raises
        ------
        CourseError
            If no stage or more than one stage matches.
        """
        exact = [stage for stage in self.stages if stage.name == name]
        found = exact or [stage for stage in self.stages if name and stage.name.startswith(name)]
        if len(found) == 1:
            return found[0]
        known = ", ".join(stage.name for stage in self.stages) or "none"
        problem = "several stages match" if found else "there is no stage"
        raise CourseError(f"{problem} {name!r}; the stages of {self.root} are: {known}")

    def select(self, names: Iterable[str]) -> tuple[Stage, ...]:
        """Return the stages with these names, or all stages if no name is given."""
        chosen = tuple(self.stage(name) for name in names)
        return chosen or self.stages


def find_course(root: Path | None = None) -> Course:
    """Find the course.

    The candidates are `root` if it is given, else the environment variable ``NNGRADE_COURSE`` if it
    is set, else the current folder, the folders above it, and the checkout of an editable install.

    Raises
    ------
    CourseError
        If no course is found; the message states where it was searched for.
    """
    named = root or (Path(value) if (value := os.environ.get(COURSE_VARIABLE)) else None)
    if named is not None:
        candidates = [named.expanduser().resolve()]
    else:
        here = Path.cwd()
        candidates = [here, *here.parents]
        # For an editable install, this is the checkout.
        candidates.append(Path(__file__).resolve().parents[2])
    for candidate in candidates:
        course = Course(candidate)
        if course.stages:
            return course
    where = str(candidates[0]) if named else f"{candidates[0]} or any folder above it"
    raise CourseError(
        f"no course in {where}: a course has solutions/STAGE/lesson.py. "
        f"Go to the course's folder, name it with --course DIR, or set {COURSE_VARIABLE}."
    )
