"""Many calls of a student's functions in one message."""

from __future__ import annotations

import numpy as np
import pytest

from nngrade.grading.student import RemoteStudent
from nngrade.worker.calls import CallRefused, MissingFunction, StudentError
from tests.conftest import OneWorker


def test_many_calls_return_in_order(student_of):
    student = student_of("def double(x):\n    return x * 2\n")
    arrays = [np.full(k, float(k)) for k in range(5)]
    for k, value in enumerate(student.double.each((array,) for array in arrays)):
        assert np.array_equal(value, 2 * arrays[k])
    assert list(student.double.each([])) == []


def test_what_goes_wrong_comes_up_in_its_turn(student_of):
    student = student_of("def inverse(x):\n    return 1 / x\n")
    values = student.inverse.each([(2,), (4,), (0,), (5,)])
    assert [next(values), next(values)] == [0.5, 0.25]
    with pytest.raises(StudentError, match="ZeroDivisionError"):
        next(values)


def test_a_value_that_cannot_cross_spoils_none_before_it(student_of):
    student = student_of(
        "import numpy as np\ndef f(x):\n    return [np.ones(3), object()] if x else np.zeros(2)\n"
    )
    values = student.f.each([(0,), (1,), (0,)])
    assert np.array_equal(next(values), np.zeros(2))
    with pytest.raises(CallRefused, match="object"):
        next(values)


def test_each_call_has_arguments_of_its_own(student_of):
    student = student_of("def spoil(x):\n    x += 1\n    return x\n")
    x = np.zeros(2)
    for value, (after,) in student.spoil.observe_each([(x,), (x,)]):
        assert np.array_equal(value, np.ones(2))
        assert np.array_equal(after, np.ones(2))
    assert np.array_equal(x, np.zeros(2))


def test_a_driver_calls_beside_the_students_code(student_of):
    student = student_of("def step(x, by):\n    return x + by\n")

    def walk(step, start, n_steps, by):
        path = [start]
        for _ in range(n_steps):
            path.append(step(path[-1], by))
        return path

    assert student.step.through(walk)(1, 3, 2) == [1, 3, 5, 7]
    assert list(student.step.through(walk).each([(0, 1, 1), (5, 0, 1)])) == [[0, 1], [5]]


def test_a_missing_function_is_missing(sandbox):
    from nngrade.limits import WorkerLimits

    with sandbox.worker(WorkerLimits(), 0) as worker:
        student = RemoteStudent(OneWorker(worker))
        with pytest.raises(MissingFunction):
            next(student.nothing.each([(1,)]))


def test_a_later_call_cannot_change_what_an_earlier_one_returned(student_of):
    student = student_of(
        "import numpy as np\nW = np.zeros(2)\ndef f(x):\n    global W\n    W += x\n    return W\n"
    )
    values = [value.tolist() for value in student.f.each([(1,), (2,)])]
    assert values == [[1, 1], [3, 3]]
