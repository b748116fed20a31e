"""The record of luck: what it is about, and that nothing in it is luck."""

from __future__ import annotations

from pathlib import Path

from nngrade.course.stages import Course
from tests.audit.luck import Part, ask, digest, parts_of, recorded
from tests.helpers import STAGE, edit


def test_no_grade_that_was_asked_is_luck() -> None:
    assert not {name: told for name, (_, told) in recorded().items() if told != "nothing"}


def test_the_record_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "luck.txt"
    assert recorded(path) == {}
    path.write_text("stage1 total right 500 0123456789ab one loses any_length with 3; two\n")
    told = "one loses any_length with 3; two"
    assert recorded(path) == {"stage1 total right 500": ("0123456789ab", told)}


def test_a_part_is_asked_again_when_what_decides_it_changes(new_course: Course) -> None:
    """Its checks, its answers and the lesson's code; not another task's checks, nor prose."""

    def keys() -> dict[str, str]:
        stage = Course(new_course.root).stage(STAGE)
        return {str(part): digest(stage, part) for part in parts_of(stage, 20)}

    before = keys()
    assert f"{STAGE} total generated 2" in before
    edit(new_course.solutions / STAGE / "lesson.py", "Adding things up.", "Adding up things.")
    assert keys() == before
    alternatives = new_course.solutions / STAGE / "alternatives.py"
    edit(alternatives, "return fsum(_as_list(values))", "return float(fsum(_as_list(values)))")
    changed = {name for name, key in keys().items() if key != before[name]}
    assert changed == {f"{STAGE} total right 20"}
    edit(new_course.solutions / STAGE / "lesson.py", "SCALE = 2.0", "SCALE = 3.0")
    assert not set(keys().items()) & set(before.items())


def test_the_real_course_is_asked() -> None:
    assert ask(Part("stage04_mlp_forward", "count_params", "right", 2)) == "nothing"
