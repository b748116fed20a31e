"""Grade one submission: run its cells in a worker, then one check after the other.

Checks, references and expected values stay in this process; the worker holds only the student's
code. An error costs the check in which it occurs, and no other.
"""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from nngrade.course.checks import ANSWERED, VISIBLE_TESTS, Check
from nngrade.course.data import Data
from nngrade.course.failures import Failures
from nngrade.course.seeds import generator, seed
from nngrade.course.stages import Stage
from nngrade.diagnosis.exceptions import explain
from nngrade.errors import LessonError, NngradeError, Problem
from nngrade.grading.answered import judge_answer
from nngrade.grading.assertions import Failure
from nngrade.grading.budget import TooLongError, WorkerBudget, cpu_budget, shrunk
from nngrade.grading.checking import as_in_a_notebook, in_order_of_execution, run_check
from nngrade.grading.reference_time import reference_seconds
from nngrade.grading.session import Session
from nngrade.grading.student import LocalStudent, RemoteStudent
from nngrade.grading.unknown_names import why_unknown
from nngrade.grading.uses import Uses
from nngrade.grading.visible import run_visible_tests
from nngrade.limits import WorkerLimits
from nngrade.questions.sheet import same_student
from nngrade.results import CheckResult, Diagnosis, Status, SubmissionResult
from nngrade.submissions.identity import require_stage
from nngrade.submissions.notebook_file import NotebookFile, read_notebook
from nngrade.submissions.program import Program, recover
from nngrade.text import presentable, short_numbers
from nngrade.worker.calls import CallRefused, MissingFunction, StudentError
from nngrade.worker.host import WorkerFault, WorkerTimeout
from nngrade.worker.sandbox import Sandbox

__all__ = ["CHECK_CPU_SECONDS", "Diagnose", "Grader"]

MOST_NOTES = 30
# Limit on this process's own processor time for one check, which excludes the student's code.
CHECK_CPU_SECONDS = 60
LONGEST_EXAMPLE = 800


# Type of `nngrade.catalogue.diagnose.diagnose`, which explains failed checks once all have run.
Diagnose = Callable[
    [Stage, Program, Session, Sequence[CheckResult], bytes, Data], Mapping[str, Diagnosis]
]


@dataclass(frozen=True)
class CheckEnding:
    """Outcome of a check: status, message for the student, exceeded limit, and own hint."""

    status: Status
    message: str = ""
    limit: str | None = None
    hint: str = ""


@dataclass
class Grader:
    """Grader of a course's submissions.

    Attributes
    ----------
    secret : bytes
        The course's secret, from which the seeds of all inputs are derived.
    sandbox : Sandbox
        Sandbox in which student code runs.
    data : Data
        Image data for checks.
    limits : WorkerLimits
        The course's resource limits; a check may have its own.
    timeout : float or None
        Wall-clock limit of each cell and check in seconds, which overrides all others; or None.
    examples : bool
        Whether results contain the call on which a check failed.
    diagnose : callable or None
        Function that explains failed checks; without it, results contain the checks' messages only.
    failures : Failures or None
        Keeps the traceback if a diagnosis fails.
    """

    secret: bytes
    sandbox: Sandbox
    data: Data = field(default_factory=Data)
    limits: WorkerLimits = field(default_factory=WorkerLimits)
    timeout: float | None = None
    examples: bool = False
    diagnose: Diagnose | None = None
    failures: Failures | None = None

    def __post_init__(self) -> None:
        """Apply the timeout to all cells and checks."""
        if self.timeout is not None:
            self.limits = replace(
                self.limits, cell_seconds=self.timeout, check_seconds=self.timeout
            )

    def grade(
        self, path: Path, stage: Stage, student: str, group: tuple[str, ...] = ()
    ) -> SubmissionResult:
        """Grade the notebook at `path`.

        Parameters
        ----------
        path : Path
            The notebook, possibly in an archive.
        stage : Stage
            Stage of the submission.
        student : str
            The student's id, from which, with the program, the seeds of the checks are derived.
        group : tuple of str
            Ids of all who handed it in together; the notebook may be signed by any of them.

        Raises
        ------
        SubmissionError
            If the notebook cannot be read.
        CourseError
            If the course itself is faulty.
        """
        return self.grade_notebook(read_notebook(path), path, stage, student, group)

    def grade_notebook(
        self,
        notebook: NotebookFile,
        path: Path,
        stage: Stage,
        student: str,
        group: tuple[str, ...] = (),
    ) -> SubmissionResult:
        """Grade a notebook that was read from `path`, on this machine or another.

        Raises
        ------
        SubmissionError
            If it is not a notebook of this stage.
        CourseError
            If the course itself is faulty.
        """
        return self.grade_program(program_of(notebook, path, stage), path, stage, student, group)

    def grade_program(
        self,
        program: Program,
        path: Path,
        stage: Stage,
        student: str,
        group: tuple[str, ...] = (),
    ) -> SubmissionResult:
        """Grade the program that was recovered from the notebook at `path`.

        Raises
        ------
        CourseError
            If the course itself is faulty.
        """
        started = time.monotonic()
        worker_seed = seed(self.secret, student, stage.name) % 2**63
        # This process reads the stage while the sandbox starts.
        checks = stage.graded
        _ = stage.reference
        uses_data = any(check.uses_data for check in checks)
        extra = self.data.size_mib if uses_data else 0
        with Session(program, self.sandbox, self.limits, worker_seed, extra) as session:
            run = _Run(self, stage, (student, *group), program, session)
            done = {check.id: run.check(check) for check in in_order_of_execution(checks)}
            results = run.diagnosed(tuple(done[check.id] for check in checks), path)
            own = (*_of_edition(program, stage), *_of_signature(program, student, group))
            notes = _few((*own, *program.notes, *session.notes))
            output_bytes = session.output_bytes
        return SubmissionResult(
            student=student,
            stage=stage.name,
            path=str(path),
            status="graded",
            error=None,
            data=self.data.images.name if uses_data else None,
            seconds=time.monotonic() - started,
            max_score=stage.max_score,
            notes=notes,
            checks=results,
            sandbox=self.sandbox.confinement,
            output_bytes=output_bytes,
        )


def program_of(notebook: NotebookFile, path: Path, stage: Stage) -> Program:
    """Recover the program of a notebook that was read from `path`.

    Raises
    ------
    SubmissionError
        If it is not a notebook of this stage.
    """
    program = recover(
        notebook, stage.lesson, lambda: [one.lesson for one in stage.siblings], stage.edition
    )
    require_stage(notebook, program, stage, path)
    return program


def _of_edition(program: Program, stage: Stage) -> tuple[str, ...]:
    """What is to be told of a notebook of another edition than today's: one note, or none."""
    if program.edition is None or program.edition == stage.edition:
        return ()
    tasks = [task.name for task in stage.lesson.tasks]
    missing = [name for name in tasks if name not in program.tasks and name not in program.broken]
    lacks = f"has no cell for {', '.join(missing)}" if missing else "has a cell for every task"
    return (
        f"This notebook is of edition {program.edition} of the course, and is graded by edition "
        f"{stage.edition}, in which the same functions count: it {lacks}.",
    )


def _of_signature(program: Program, student: str, group: tuple[str, ...]) -> tuple[str, ...]:
    """What is to be told where a notebook is signed by somebody else than hands it in, if it is."""
    signed = program.signature
    if not signed or any(same_student(signed, one) for one in (student, *group)):
        return ()
    return (
        f"The questions of this notebook were answered with the id {program.signature!r}, and it "
        f"is graded as that of {student!r}.",
    )


def _few(notes: tuple[str, ...]) -> tuple[str, ...]:
    """Sanitised notes, at most `MOST_NOTES` and a remark on the omitted ones."""
    more = len(notes) - MOST_NOTES
    last = (f"There are {more} more notes like these.",) if more > 0 else ()
    return (*map(presentable, notes[:MOST_NOTES]), *last)


class _Run:
    """Run of the checks of one submission, in order."""

    def __init__(
        self,
        grader: Grader,
        stage: Stage,
        students: tuple[str, ...],
        program: Program,
        session: Session,
    ) -> None:
        self._grader = grader
        self._stage = stage
        self._student, *self._group = students
        self._program = program
        self._session = session
        self._tasks = {task.name: task for task in stage.lesson.tasks}
        self._statuses: dict[str, Status] = {}
        self._timeouts: Counter[str] = Counter()
        self._unanswered: dict[str, str] = {}

    def check(self, check: Check) -> CheckResult:
        """Run one check and return its result."""
        started = time.monotonic()
        ending = self._skipped(check) or self._carry_out(check)
        self._statuses[check.name] = ending.status
        passed = ending.status == "passed"
        return CheckResult(
            id=check.id,
            task=check.task,
            description=check.description,
            points=check.points,
            score=check.points if passed else 0,
            status=ending.status,
            # Cut first: a test may quote all of what a function returned.
            message=short_numbers(presentable(ending.message)),
            hint="" if passed or ending.status == "skipped" else ending.hint or check.hint,
            seconds=time.monotonic() - started,
            limit=ending.limit,
            example=self._example(check, ending),
            cell=self._program.places.get(check.task),
        )

    def diagnosed(self, results: tuple[CheckResult, ...], path: Path) -> tuple[CheckResult, ...]:
        """Return the results with diagnoses added to failed checks, where the cause is known.

        An unexpected exception costs the diagnoses and nothing else.
        """
        grader = self._grader
        if grader.diagnose is None or not any(
            one.points and one.status in {"failed", "error"} for one in results
        ):
            return results
        try:
            self._session.prepare(grader.limits)
            with as_in_a_notebook():
                found = grader.diagnose(
                    self._stage, self._program, self._session, results, grader.secret, grader.data
                )
        except (WorkerFault, TooLongError):
            return results
        except NngradeError:
            raise
        except Exception as error:
            if grader.failures is not None:
                # Nobody needs to be told: the grade is right, only a hint is missing.
                grader.failures.keep(f"{path}: explaining what went wrong", error)
            return results
        return tuple(
            replace(one, diagnosis=found[one.id]) if one.id in found else one for one in results
        )

    def _example(self, check: Check, ending: CheckEnding) -> str:
        """The call on which a hidden check failed; empty if students must not see it."""
        latest = self._session.latest
        lost = ending.status in {"failed", "error", "timeout"}
        if not (self._grader.examples and lost and latest and check.function):
            return ""
        return presentable(str(latest), LONGEST_EXAMPLE)

    def _skipped(self, check: Check) -> CheckEnding | None:
        """Outcome of a check that is not run; None if it must be run."""
        if check.task in self._unanswered:
            return CheckEnding("skipped", self._unanswered[check.task])
        for name in check.needs:
            if self._statuses[name] != "passed":
                description = next(
                    one.description for one in self._stage.graded if one.name == name
                )
                return CheckEnding("skipped", f"first this must be right: {description}")
        if self._has_its_own_time(check) and self._earlier_timeouts(check):
            return CheckEnding(
                "skipped", f"this was not tried: another check of {check.task} ran out of time"
            )
        if time.monotonic() > self._session.ends_at:
            return CheckEnding("timeout", "the time for this submission is used up", "wall")
        return None

    def _carry_out(self, check: Check) -> CheckEnding:
        if unreadable := self._unreadable(check):
            return unreadable
        limits = replace(self._grader.limits, **check.limits)  # type: ignore[arg-type]
        seconds, budget = self._time_for(check, limits)
        try:
            self._session.prepare(limits)
        except WorkerTimeout as fault:
            return CheckEnding("timeout", str(fault), fault.limit)
        except WorkerFault as fault:
            return CheckEnding("error", str(fault), fault.limit)
        if check.task not in self._program.tasks | self._session.functions:
            what = f"{check.task} is not defined: no cell of the notebook defines it"
            return self._unanswer(check, what)
        self._session.begin(seconds, budget)
        student = RemoteStudent(self._session)
        try:
            with cpu_budget(CHECK_CPU_SECONDS):
                self._attempt(check, student, self._generator(check))
        except TooLongError:
            return self._endless(check)
        except Failure as failure:
            return CheckEnding("failed", str(failure), hint=failure.hint_beside(check.hint))
        except MissingFunction:
            return self._undefined(check)
        except CallRefused as refusal:
            return CheckEnding("failed", str(refusal), refusal.limit)
        except StudentError as error:
            return self._student_error(check, error)
        except WorkerTimeout as fault:
            self._timeouts[check.task] += 1
            given = f"{seconds:g} s"
            if budget is not None:
                if fault.limit == "cpu":
                    given = f"{budget.seconds:.2g} s of processor time"
                given += (
                    f"; the reference solution takes less than {self._reference_seconds(check):g} s"
                )
            return CheckEnding(
                "timeout", f"{check.task} did not finish within {given}", fault.limit
            )
        except WorkerFault as fault:
            return CheckEnding("error", str(fault), fault.limit)
        except NngradeError:
            raise
        except Exception as error:
            return self._unusable(check, error)
        return CheckEnding("passed")

    def _has_its_own_time(self, check: Check) -> bool:
        return check.timeout is not None and self._grader.timeout is None

    def _time_for(self, check: Check, limits: WorkerLimits) -> tuple[float, WorkerBudget | None]:
        """The check's wall-clock limit in seconds, and its budget of the worker's processor time.

        Both shrink after each time-out of the same function. There is no budget where the course or
        the command line sets the time.
        """
        own = self._grader.timeout or check.timeout
        if own is not None:
            return own, None
        timeouts = self._earlier_timeouts(check)
        if check.name == ANSWERED:
            return shrunk(limits.check_seconds, timeouts), None
        budget = WorkerBudget(lambda: self._reference_seconds(check), timeouts)
        return shrunk(limits.check_seconds, timeouts), budget

    def _earlier_timeouts(self, check: Check) -> int:
        """Number of time-outs of the check's task, and of the tasks that its function calls."""
        if not self._timeouts:
            return 0
        used = self._uses.of(check.task)
        return sum(count for task, count in self._timeouts.items() if task in used)

    @cached_property
    def _uses(self) -> Uses:
        return Uses(self._program)

    def _reference_seconds(self, check: Check) -> float:
        return reference_seconds(self._stage, check, self._grader.data)

    def _attempt(self, check: Check, student: Any, rng: np.random.Generator) -> None:
        if check.name == ANSWERED:
            judge_answer(self._stage, check.task, student, self._student, self._group)
        elif check.name == VISIBLE_TESTS:
            run_visible_tests(self._stage, self._tasks[check.task], student)
        else:
            run_check(check, self._stage, student, rng, self._grader.data)

    def _unreadable(self, check: Check) -> CheckEnding | None:
        """Outcome if the cell of the task's function is no Python; None if it is."""
        reason = self._program.broken.get(check.task)
        if reason is None or check.task in self._program.tasks:
            return None
        return self._unanswer(check, f"{check.task} cannot be read as Python: {reason}")

    def _undefined(self, check: Check) -> CheckEnding:
        """Outcome if the cell that defines the function stopped before, or did not run."""
        error = self._session.cell_errors.get(check.task)
        reason = (
            f"its cell stopped with {error}" if error else "the cell that defines it did not run"
        )
        return self._unanswer(check, f"{check.task} is not defined: {reason}")

    def _unanswer(self, check: Check, message: str) -> CheckEnding:
        self._unanswered[check.task] = message
        return CheckEnding("failed", message)

    def _student_error(self, check: Check, error: StudentError) -> CheckEnding:
        if error.type == "NotImplementedError":
            if error.cell == check.task:
                return self._unanswer(check, f"{check.task} is not done yet")
            cell = error.cell or "another function"
            latest = self._session.latest
            own = latest is None or latest.name == check.task
            who = check.task if own else f"the test of {check.task}"
            return CheckEnding("failed", f"{who} calls {cell}, which is not done yet")
        if error.type.endswith("MemoryError"):
            mib = self._grader.limits.memory_mib
            return CheckEnding("error", f"{error}: more than the {mib} MiB there are", "memory")
        if error.type == "OSError" and "No space left on device" in error.message:
            mib = self._grader.limits.scratch_mib
            return CheckEnding(
                "error", f"{error}: more than the {mib} MiB of files there may be", "disk"
            )
        why = why_unknown(error, self._program, self._session.cell_errors)
        if why:
            return CheckEnding("error", f"{error}. {why}")
        if (explained := explain(error, self._program.cells)) is None:
            return CheckEnding("error", str(error))
        sentence, hint = explained
        return CheckEnding("error", f"{sentence.rstrip('.')} ({error.type}).", None, hint)

    def _endless(self, check: Check) -> CheckEnding:
        """Outcome of a check that used up its processor time.

        If the check also takes too long with the reference, it is faulty: a `LessonError` is
        raised. Otherwise, the student's value takes too long to check.
        """
        self._session.drop_worker()  # it may have been interrupted in the middle of an answer
        if self._of_reference(check) is not TooLongError:
            message = f"what {check.task} returned took too long to check"
            return CheckEnding("timeout", message, "cpu")
        what = (
            f"the check {check.id} of {self._stage.name} takes more than {CHECK_CPU_SECONDS} s of "
            f"the grader's own time, with the inputs of {self._student}; does a loop never end?"
        )
        file = "checks.py" if check.function else "lesson.py"
        raise LessonError([Problem(self._stage.folder / file, check.line, what)])

    def _unusable(self, check: Check, error: Exception) -> CheckEnding:
        """Outcome of a check that raised an unexpected exception.

        If the check also fails with the reference, it is faulty: a `LessonError` is raised.
        Otherwise, the student's value is unusable.
        """
        if self._of_reference(check) is not None:
            where = traceback.extract_tb(error.__traceback__)[-1]
            what = (
                f"the check {check.id} of {self._stage.name} fails for the reference too: "
                f"{type(error).__name__}: {error}; mend the check"
            )
            raise LessonError([Problem(Path(where.filename), where.lineno or 1, what)]) from error
        return CheckEnding(
            "failed",
            f"what {check.task} returned could not be used: {type(error).__name__}: {error}",
        )

    def _of_reference(self, check: Check) -> type[BaseException] | None:
        """Type of exception that the reference causes in a check with this student's inputs.

        None if the reference passes.
        """
        try:
            with cpu_budget(CHECK_CPU_SECONDS):
                self._attempt(
                    check, LocalStudent(self._stage.reference.namespace), self._generator(check)
                )
        except (Exception, TooLongError) as error:
            return type(error)
        return None

    def _generator(self, check: Check) -> np.random.Generator:
        # Another program gets other inputs. Otherwise, feedback on one could be used to hard-code
        # the answers into the next.
        return generator(
            self._grader.secret, self._student, self._stage.name, check.id, self._program.digest
        )
