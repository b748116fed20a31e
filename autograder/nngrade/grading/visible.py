"""Run a task's visible tests in the grader, on values returned by the worker.

The same tests run for every submission, so their calls are known from a rehearsal with the
reference. All calls of a function are made in one request on its first call. A test gets the
prepared answers as long as its calls are those of the rehearsal.
"""

from __future__ import annotations

import ast
import contextlib
import io
import traceback
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from nngrade.course.lesson import Lesson, Task
from nngrade.course.reference import given_namespace
from nngrade.course.stages import Stage
from nngrade.errors import CourseError
from nngrade.grading.assertions import Failure, identical
from nngrade.grading.recording import Recorder, can_repeat
from nngrade.grading.student import StudentFunction
from nngrade.worker.public import public

__all__ = ["run_visible_tests"]

# Arguments of the successive calls of each function, by its name; cached by lesson and task.
_Calls = dict[str, list[tuple[Any, ...]]]
_rehearsed: dict[tuple[Lesson, str], _Calls] = {}
MOST_REHEARSED = 500


def run_visible_tests(stage: Stage, task: Task, student: Any) -> None:
    """Run a task's visible tests in this process, on values returned by the worker.

    Parameters
    ----------
    stage : Stage
        Stage of the task.
    task : Task
        The task.
    student : RemoteStudent or LocalStudent
        The functions to test.

    Raises
    ------
    Failure
        If a test fails; the message is about the first failed assertion.
    """
    known = _rehearsal(stage, task)
    functions = {
        one.name: _Prepared(getattr(student, one.name), known.get(one.name, []))
        for one in stage.lesson.tasks
    }
    try:
        _run(stage.lesson, task, functions)
    except AssertionError as error:
        raise Failure(str(error) or f"this must hold: {_statement(task, error)}") from error
    except (TypeError, ValueError, AttributeError, IndexError, KeyError) as error:
        statement = _statement(task, error)
        raise Failure(f"{type(error).__name__}: {error}, in the test: {statement}") from error


def _run(lesson: Lesson, task: Task, functions: dict[str, Any]) -> None:
    namespace = given_namespace(lesson, functions)
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        exec(_compiled(task.tests.source), namespace)


@lru_cache(maxsize=128)
def _compiled(source: str) -> CodeType:
    return compile(source, "<visible tests>", "exec")


def _rehearsal(stage: Stage, task: Task) -> _Calls:
    """Calls that the tests make of the reference; recorded once for all submissions."""
    key = stage.lesson, task.name
    if key not in _rehearsed:
        # Calls with functions as arguments are excluded: each run creates new function objects.
        recorder = Recorder(
            stage.reference.namespace,
            lambda request: not request.kwargs and can_repeat(request.calls[0]),
        )
        functions = {one.name: getattr(recorder, one.name) for one in stage.lesson.tasks}
        # Tests that the reference fails are reported by the build, not here.
        with contextlib.suppress(Exception):
            _run(stage.lesson, task, functions)
        if len(_rehearsed) >= MOST_REHEARSED:
            _rehearsed.clear()
        _rehearsed[key] = {
            name: [call.args for call in calls] for name, calls in recorder.recorded.items()
        }
    return _rehearsed[key]


class _Prepared:
    """A student's function for the visible tests, with prepared answers.

    Parameters
    ----------
    function : StudentFunction
        The function.
    calls : list of tuple
        Positional arguments of the expected calls, in order.
    """

    def __init__(self, function: StudentFunction, calls: list[tuple[Any, ...]]) -> None:
        self._function = function
        self._calls = calls
        self._next = 0
        self._answers: Iterator[Any] | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not kwargs and self._next < len(self._calls):
            expected = self._calls[self._next]
            if len(expected) == len(args) and all(map(_same, expected, args)):
                return self._prepared()
        # Arguments of visible tests are no secret: functions may be sent as code.
        named = {key: _open(value) for key, value in kwargs.items()}
        return self._function(*map(_open, args), **named)

    def _prepared(self) -> Any:
        if self._answers is None:
            self._answers = self._function.each(self._calls[self._next :])
        self._next += 1
        try:
            return next(self._answers)
        except BaseException:
            # After an error there are no more prepared answers: later calls are made one by one.
            self._next = len(self._calls)
            raise


def _same(expected: Any, actual: Any) -> bool:
    if isinstance(expected, np.random.Generator):
        return (
            isinstance(actual, np.random.Generator)
            and expected.bit_generator.state == actual.bit_generator.state
        )
    return type(expected) is type(actual) and identical(expected, actual)


def _open(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(map(_open, value))
    if isinstance(value, FunctionType):
        with contextlib.suppress(CourseError):
            return public(value)
    return value


def _statement(task: Task, error: Exception) -> str:
    """Source of the test statement that raised an exception; students can see the tests anyway."""
    lines = [
        frame.lineno or 1
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == "<visible tests>"
    ]
    tree = ast.parse(task.tests.source)
    line = lines[0] if lines else 1
    for node in tree.body:
        if node.lineno <= line <= (node.end_lineno or node.lineno):
            return " ".join((ast.get_source_segment(task.tests.source, node) or "").split())[:200]
    return "the visible tests"
