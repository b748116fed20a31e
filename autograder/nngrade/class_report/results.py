"""Sources of a class's results: the journal of class runs, or a results file."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path

from nngrade.class_report.statistics import StageStatistics, stage_statistics
from nngrade.course.stages import Course, Stage
from nngrade.errors import NngradeError
from nngrade.formats.json import read_json
from nngrade.gradebook.journal import JOURNAL, Journal
from nngrade.results import SubmissionResult

__all__ = ["of_file", "of_journal", "of_results"]

_FIRST = "run `nngrade grade --gradebook submitted/` first, or name a results file with --from"


def of_journal(
    course: Course, stages: Sequence[Stage], students: Container[str] | None = None
) -> list[StageStatistics]:
    """Statistics of the gradebook's results, for each of the given stages that has any.

    Parameters
    ----------
    course : Course
    stages : sequence of Stage
    students : container of str, optional
        The students to report on; by default all.

    Raises
    ------
    NngradeError
        If there are no results.
    """
    path = course.root / JOURNAL
    if not path.exists():
        raise NngradeError(f"no class was graded in {course.root} yet: {_FIRST}")
    with Journal(path, reading=True) as journal:
        found = [
            stage_statistics(
                stage.name,
                _only(
                    students,
                    _with_ungraded(
                        course, stage, (entry.result for entry in journal.of_stage(stage.name))
                    ),
                ),
            )
            for stage in stages
        ]
    found = [one for one in found if one.graded]
    if not found:
        which = stages[0].name if len(stages) == 1 else "any stage"
        whose = "" if students is None else " and of these students"
        raise NngradeError(f"the gradebook has no results of {which}{whose} yet: {_FIRST}")
    return found


def _with_ungraded(
    course: Course, stage: Stage, results: Iterable[SubmissionResult]
) -> Iterator[SubmissionResult]:
    """The results, then the submissions without one: the journal does not keep failures."""
    seen = set()
    for result in results:
        seen.add(result.student)
        yield result
    for folder in sorted(course.root.glob(f"submitted/*/{stage.name}")):
        student = folder.parent.name
        if student not in seen:
            error = "it has no grade; `nngrade grade --gradebook` says why"
            yield SubmissionResult(student, stage.name, "", "failed", error, None, 0, 0)


def of_file(
    path: Path, stage: str | None, students: Container[str] | None = None
) -> list[StageStatistics]:
    """Statistics of the results in a file, for each stage.

    Parameters
    ----------
    path : Path
        Output of `nngrade grade --format json`.
    stage : str or None
        Name of a stage, or the beginning of one; None stands for all stages.
    students : container of str, optional
        The students to report on; by default all.

    Raises
    ------
    NngradeError
        If the file holds no results, or none of this stage or these students.
    """
    groups = _by_stage(_only(students, read_json(path)))
    if not groups:
        whose = "" if students is None else " of these students"
        raise NngradeError(
            f"{path}: no submissions{whose} in it; grade some with `nngrade grade --format json`"
        )
    names = list(groups)
    if stage is not None:
        chosen = [name for name in names if name == stage] or [
            name for name in names if stage and name.startswith(stage)
        ]
        if len(chosen) != 1:
            known = ", ".join(filter(None, names)) or "no stage that could be told"
            problem = "several stages match" if chosen else "no results of"
            raise NngradeError(f"{path}: {problem} {stage!r}; there are: {known}")
        names = chosen
    return [stage_statistics(name, groups[name]) for name in names]


def of_results(
    results: Iterable[SubmissionResult], students: Container[str] | None = None
) -> list[StageStatistics]:
    """Statistics of results that are at hand, stage by stage; of all students or of some.

    Raises
    ------
    NngradeError
        When there are none.
    """
    groups = _by_stage(_only(students, results))
    if not groups:
        raise NngradeError("there are no results to report on")
    return [stage_statistics(name, group) for name, group in groups.items()]


def _only(
    students: Container[str] | None, results: Iterable[SubmissionResult]
) -> Iterable[SubmissionResult]:
    """The results of some students, or of all."""
    return results if students is None else (one for one in results if one.student in students)


def _by_stage(results: Iterable[SubmissionResult]) -> dict[str, list[SubmissionResult]]:
    """Results by stage, in the course's order; those whose stage is unknown come last."""
    groups: dict[str, list[SubmissionResult]] = {}
    for result in results:
        groups.setdefault(result.stage, []).append(result)
    return {name: groups[name] for name in sorted(groups, key=lambda name: (not name, name))}
