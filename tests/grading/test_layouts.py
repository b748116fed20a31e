"""Arrays of hidden checks lie in memory in various ways, here and in a worker."""

from __future__ import annotations

import numpy as np
import pytest

from nngrade.grading.layouts import VariedLayouts
from nngrade.grading.student import LocalStudent, RemoteStudent, with_caller

TELL = """
import numpy as np

def tell(value):
    flags = value.flags
    return [flags.c_contiguous, flags.f_contiguous, flags.writeable, value.tolist()]

def spoil(values):
    for value in values:
        value += 1
    return 0
"""
TABLE = np.arange(6.0).reshape(2, 3)


def varied(student: RemoteStudent | LocalStudent, read_only: bool = True) -> RemoteStudent:
    return with_caller(student, lambda caller: VariedLayouts(caller, 0, read_only))


def test_a_call_after_the_other_gets_another_layout(student_of):
    student = varied(student_of(TELL))
    told = [value for value, _ in student.tell.observe_each([(TABLE,)] * 5)]
    assert [one[:3] for one in told] == [
        [True, False, True],
        [False, True, True],
        [False, False, True],
        [True, False, False],
        [True, False, True],
    ]
    assert all(one[3] == TABLE.tolist() for one in told)
    assert TABLE.flags.c_contiguous


def test_nobody_who_may_change_an_argument_gets_one_that_is_read_only(student_of):
    student = varied(student_of(TELL))
    assert all(one[2] for one in student.tell.each([(TABLE,)] * 4))
    careful = varied(student_of(TELL), read_only=False)
    assert all(value[2] for value, _ in careful.tell.observe_each([(TABLE,)] * 4))


def test_what_was_changed_comes_back_from_any_layout(student_of):
    student = varied(student_of(TELL), read_only=False)
    layers = [TABLE, TABLE[0], TABLE.T]
    calls = [([one.copy() for one in layers],) for _ in range(4)]
    for _, (after,) in student.spoil.observe_each(calls):
        for before, now in zip(layers, after, strict=True):
            assert np.array_equal(before + 1, now)


def test_a_layout_that_a_check_chose_is_kept(student_of):
    student = varied(student_of(TELL))
    chosen = np.asfortranarray(TABLE)
    told = list(student.tell.each([(chosen,)] * 4))
    assert {tuple(one[:2]) for one in told} == {(False, True)}


@pytest.mark.parametrize("size", [1, 0])
def test_arrays_without_much_in_them_pass_too(student_of, size):
    student = varied(student_of(TELL))
    for one in student.tell.each([(np.ones((size, 2)),)] * 4):
        assert one[3] == np.ones((size, 2)).tolist()
