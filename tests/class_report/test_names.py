"""Numbers in the place of names."""

from __future__ import annotations

import pytest

from nngrade.class_report.names import Names
from tests.conftest import SECRET


def test_numbers_give_nothing_away_and_stay():
    students = [f"s{n}" for n in range(20)]
    names = Names(students, SECRET)
    labels = [names.of(one) for one in students]
    assert sorted(labels) == sorted(f"student {n}" for n in range(1, 21))
    assert labels != sorted(labels, key=lambda label: int(label[8:]))
    assert labels == [Names(reversed(students), SECRET).of(one) for one in students]
    assert labels != [Names(students, SECRET + b"!").of(one) for one in students]
    assert names.of("unknown") == "unknown"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("I am Ann.", "I am (name)."),
        ("ann_hw is wrong: cannot", "(name)_hw is wrong: cannot"),
        ("SCHMIDT2 and xschmidt2x", "(name) and x(name)x"),
        ("by eva.m@uni.edu and eva.m", "by (name) and (name)"),
        ("No such file: '/home/a b/data.csv'", "No such file: (path)"),
        ("in C:\\Users\\me\\x", "in (path)"),
        ("see ~/me/here, now", "see (path), now"),
        ("cannot open: my homework.ipynb", "cannot open: (path)"),
        ("the share is 2/3, not 1/2 / 3", "the share is 2/3, not 1/2 / 3"),
    ],
)
def test_messages_lose_names_and_paths(message, shown):
    students = ["ann", "schmidt2", "eva.m@uni.edu"]
    assert Names(students, SECRET).without(message) == shown
    assert Names(students, None).without(message) == message
