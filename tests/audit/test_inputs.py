"""Which kinds of inputs the checks of a task have tried."""

from __future__ import annotations

import pytest

from nngrade.audit.inputs import Untried, excluded_inputs, untried_inputs
from nngrade.course.stages import Course
from nngrade.errors import LessonError
from tests.audit.conftest import DIGITS
from tests.helpers import edit


def untried(course: Course, task: str) -> set[tuple[str, str]]:
    found = untried_inputs(Course(course.root).stages[0], task, DIGITS)
    assert all(isinstance(one, Untried) and one.task == task for one in found)
    return {(one.argument, one.kind) for one in found}


def test_a_sound_course_has_tried_all(course: Course) -> None:
    for stage in course.stages:
        for task in stage.lesson.tasks:
            assert untried_inputs(stage, task.name, DIGITS) == ()


@pytest.mark.parametrize(
    ("drawn", "missing"),
    [
        ("np.ones(m)", {"fractional", "negative", "zero"}),
        ("np.abs(varied(rng, m))", {"negative"}),
        ("varied(rng, m, m)", {"not square"}),
        ("varied(rng, m, m + 1)", {"square"}),
        ("np.where(rng.random(m) < 0.5, -0.5, 0.5)", {"zero"}),
        ("np.arange(-1, m)", set()),
    ],
)
def test_what_no_check_draws_is_missing(new_course: Course, drawn: str, missing: set[str]) -> None:
    edit(new_course.stages[0].folder / "checks.py", "varied(rng, m)", drawn)
    assert untried(new_course, "shifted") == {("values", kind) for kind in missing}


def test_who_may_change_an_argument_is_not_given_one_that_is_read_only(new_course: Course) -> None:
    edit(
        new_course.stages[0].folder / "checks.py",
        'calls, "the result")',
        'calls, "the result", may_change=True)',
    )
    assert untried(new_course, "shifted") == {("values", "read-only")}


def test_a_default_value_is_to_be_left_out_and_given(new_course: Course) -> None:
    folder = new_course.stages[0].folder
    edit(folder / "lesson.py", "def shifted(values, by):", "def shifted(values, by=1.0):")
    assert untried(new_course, "shifted") == {("by", "left out")}
    checks = folder / "checks.py"
    edit(checks, "[(varied(rng, m), float(rng.normal()))", "[(varied(rng, m),)")
    assert untried(new_course, "shifted") == {("by", "given")}


def test_a_text_may_exclude_a_kind_with_a_reason(new_course: Course) -> None:
    folder = new_course.stages[0].folder
    edit(folder / "checks.py", "varied(rng, m)", "np.abs(varied(rng, m))")
    path = folder / "untried_inputs.toml"
    path.write_text('[shifted.values]\nnegative = "they are lengths"\n')
    assert untried(new_course, "shifted") == set()
    assert excluded_inputs(Course(new_course.root).stages[0]) == {
        ("shifted", "values", "negative"): "they are lengths"
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[shifted.values\n", r"untried_inputs.toml:1: cannot be read as TOML"),
        ('\n[shifted.value]\nzero = "no"\n', r":2: shifted has no argument 'value'"),
        ('[shiftet.values]\nzero = "no"\n', r":1: shiftet has no argument 'values'"),
        ('[shifted.values]\nzeros = "no"\n', r":1: no kind of input 'zeros'; there are: frac"),
        ("[shifted.values]\nzero = true\n", r":1: zero: say why it is not tried"),
    ],
)
def test_a_wrong_exclusion_is_a_sentence_with_its_place(
    new_course: Course, text: str, said: str
) -> None:
    (new_course.stages[0].folder / "untried_inputs.toml").write_text(text)
    with pytest.raises(LessonError, match=said):
        excluded_inputs(Course(new_course.root).stages[0])
