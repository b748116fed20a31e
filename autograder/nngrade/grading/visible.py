"""Run a task's visible tests in the grader, on values returned by the worker.

The same tests run for every submission, so their calls are known from a rehearsal with the
reference. All calls of a function are made in one request on its first call. A test gets the
prepared answers as long as its calls are those of the rehearsal.

A function runs in another process, on copies of its arguments. What it changes in them is changed
in the arguments of the test afterwards, so that the tests see what they see in the notebook.
"""

from __future__ import annotations

import ast
import contextlib
import io
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from nngrade.course.lesson import Lesson, Task
from nngrade.course.reference import given_namespace
from nngrade.course.stages import Stage
from nngrade.errors import CourseError
from nngrade.grading.assertions import Failure, identical, kept
from nngrade.grading.checking import as_in_a_notebook
from nngrade.grading.recording import Recorder, can_repeat
from nngrade.grading.student import StudentFunction
from nngrade.worker.calls import RecordedCall
from nngrade.worker.public import PublicFunction, public
from nngrade.worker.wire import WireError, set_state, state_of

__all__ = ["run_visible_tests"]

# The successive calls of each function, by its name; cached by lesson and task.
_Calls = dict[str, list[RecordedCall]]
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
    with contextlib.redirect_stdout(io.StringIO()), as_in_a_notebook():
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
            lambda request: (
                not (request.kwargs or request.through or _holds_code(request.calls[0]))
            ),
        )
        functions = {
            one.name: _Prepared(getattr(recorder, one.name), []) for one in stage.lesson.tasks
        }
        # Tests that the reference fails are reported by the build, not here.
        with contextlib.suppress(Exception):
            _run(stage.lesson, task, functions)
        if len(_rehearsed) >= MOST_REHEARSED:
            _rehearsed.clear()
        _rehearsed[key] = recorder.recorded
    return _rehearsed[key]


class _Prepared:
    """A student's function for the visible tests, with prepared answers.

    Parameters
    ----------
    function : StudentFunction
        The function.
    calls : list of RecordedCall
        The expected calls, in order.
    """

    def __init__(self, function: StudentFunction, calls: list[RecordedCall]) -> None:
        self._function = replace(function, states=True)
        self._calls = calls
        self._next = 0
        self._answers: Iterator[tuple[Any, list[Any]]] = iter(())
        # Calls before this one have been made.
        self._made = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not kwargs and self._next < len(self._calls):
            expected = self._calls[self._next]
            if (
                len(expected.args) == len(args)
                and expected.float_errors == np.geterr()
                and all(map(_same, expected.args, args))
            ):
                return self._prepared(args)
        # Arguments of visible tests are no secret: functions may be sent as code.
        named = {key: _open(value) for key, value in kwargs.items()}
        value, after = self._function.observe(*map(_open, args), **named)
        _write_all_back(args, after)
        return value

    def stays(self, *calls: tuple[Any, ...]) -> bool:
        """Answer for `nndata.testing.stays`: what is returned here are copies."""
        try:
            kept(replace(self._function, states=False), [tuple(map(_open, one)) for one in calls])
        except Failure:
            return False
        return True

    def _prepared(self, args: tuple[Any, ...]) -> Any:
        if self._next >= self._made:
            first = self._calls[self._next].float_errors
            alike = takewhile(lambda one: one.float_errors == first, self._calls[self._next :])
            calls = [one.args for one in alike]
            self._answers = self._function.observe_each(calls)
            self._made = self._next + len(calls)
        self._next += 1
        try:
            value, after = next(self._answers)
        except BaseException:
            # After an error there are no more prepared answers: later calls are made one by one.
            self._next = len(self._calls)
            raise
        _write_all_back(args, after)
        return value


def _holds_code(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_holds_code, value))
    return isinstance(value, PublicFunction) or not can_repeat(value)


def _same(expected: Any, actual: Any) -> bool:
    if isinstance(expected, np.random.Generator):
        return (
            isinstance(actual, np.random.Generator)
            and expected.bit_generator.state == actual.bit_generator.state
        )
    return type(expected) is type(actual) and identical(expected, actual)


def _write_all_back(before: Sequence[Any], after: Sequence[Any]) -> None:
    """Change the arguments of a call into what became of their copies."""
    for one, other in zip(before, after, strict=False):
        if isinstance(one, tuple):
            _became(one, other)
        else:
            _write_back(one, other)


def _write_back(before: Any, after: Any) -> None:
    """Change arrays, lists, dicts and generators into what became of their copies."""
    if isinstance(before, np.random.Generator):
        # Here the copy itself comes back, from a worker its state.
        state = state_of(after) if isinstance(after, np.random.Generator) else after
        with contextlib.suppress(WireError):
            set_state(before, state)
        return
    if isinstance(before, np.ndarray) and isinstance(after, np.ndarray):
        same_form = before.shape == after.shape and before.dtype == after.dtype
        if same_form and before.flags.writeable and not identical(before, after):
            before[...] = after
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in [key for key in before if key not in after]:
            del before[key]
        for key, value in after.items():
            before[key] = _became(before.get(key), value)
    elif isinstance(before, list) and isinstance(after, list):
        before[:] = [*map(_became, before, after), *after[len(before) :]]


def _became(old: Any, new: Any) -> Any:
    """What an entry became; one that can be changed in place keeps its identity."""
    if identical(old, new):
        return old
    if isinstance(old, tuple) and isinstance(new, tuple) and len(old) == len(new):
        return tuple(map(_became, old, new))
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        fits = old.shape == new.shape and old.dtype == new.dtype and old.flags.writeable
    else:
        fits = isinstance(old, list | dict) and type(old) is type(new)
    if not fits:
        return new
    _write_back(old, new)
    return old


def _open(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(map(_open, value))
    if type(value) is dict:
        return {key: _open(one) for key, one in value.items()}
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
