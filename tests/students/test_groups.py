"""One hand-in of a group counts for all of its members."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import answered, fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.gradebook.class_run import one_of_each
from nngrade.grading.grader import Grader
from nngrade.students.class_list import ClassList, Student, students_of
from nngrade.students.groups import with_groups
from nngrade.submissions.find import find_submissions
from nngrade.submissions.records import Candidate
from tests.conftest import check_of, nngrade
from tests.gradebook.conftest import RUN, scores, submit, submit_text
from tests.helpers import STAGE, WRONG
from tests.watching.conftest import kept_results

TEAM = ClassList(
    Path("students.csv"),
    (*(Student(who, group="team") for who in ("ann", "bob", "cem")), Student("dee")),
)


def found(course: Course, *students: str) -> list[Candidate]:
    paths = [course.root / "submitted" / one for one in students or ("",)]
    candidates, _ = one_of_each(find_submissions(paths, course))
    return candidates


def shared(candidates: list[Candidate], beside: bool = True) -> dict[str, str]:
    """Whose notebook counts, by student."""
    made, _ = with_groups(candidates, TEAM, beside)
    return {one.student: one.path.parts[-3] for one in made}


@pytest.fixture
def handed_in(new_course: Course) -> Course:
    """Ann's is newer than Bob's, Cem has not begun, and Dee works alone."""
    submit(new_course, "ann", timestamp="2026-11-01 12:00:00 UTC")
    submit(new_course, "bob", {"total": WRONG}, "2026-11-01 11:00:00 UTC")
    blank = untouched(new_course, new_course.stage(STAGE))
    submit_text(new_course, "cem", notebook_text(blank), "2026-11-01 13:00:00 UTC")
    submit(new_course, "dee")
    return new_course


def test_the_newest_attempt_counts_for_all(handed_in: Course) -> None:
    made, conflicts = with_groups(found(handed_in), TEAM)
    assert {one.student: one.path.parts[-3] for one in made} == {
        "ann": "ann", "bob": "ann", "cem": "ann", "dee": "dee",
    }  # fmt: skip
    assert conflicts == [
        "In the group of ann something else was handed in for stage01_sums by bob, cem; what ann "
        "handed in counts."
    ]
    for one in made[:3]:
        assert one.group == ("ann", "bob", "cem")
        assert one.notes == ("Handed in by ann.", conflicts[0])
        assert one.graded_as == "ann"
    assert (made[3].group, made[3].notes) == ((), ())
    assert with_groups(found(handed_in), None)[0] == found(handed_in)


def test_the_order_of_files_does_not_matter(handed_in: Course) -> None:
    expected = shared(found(handed_in))
    for order in itertools.permutations(found(handed_in)):
        assert shared(list(order)) == expected


def test_who_is_asked_for_does_not_matter(handed_in: Course) -> None:
    assert shared(found(handed_in, "bob")) == {"ann": "ann", "bob": "ann", "cem": "ann"}
    assert shared(found(handed_in, "bob"), beside=False)["ann"] == "bob"


def test_the_same_bytes_are_no_conflict(new_course: Course) -> None:
    for student in ("ann", "bob"):
        submit(new_course, student)
    made, conflicts = with_groups(found(new_course), TEAM)
    assert conflicts == []
    assert [one.student for one in made] == ["ann", "bob", "cem"]
    assert len({one.path for one in made}) == 1


def test_it_is_graded_once_and_written_for_each(classroom: Course) -> None:
    path = classroom.root / "students.csv"
    path.write_text("id,group\nann,team\nbob,team\n")
    submit(classroom, "bob")
    done = nngrade(classroom.root, *RUN, "--jobs", "1")
    assert "2 submissions" in done.stdout
    assert scores(classroom) == {"ann": 6, "bob": 6}
    ann, bob = (kept_results(classroom)[one][0] for one in ("ann", "bob"))
    # With the same seconds: it was one grading.
    assert ann.replace('"student": "ann"', '"student": "bob"') == bob
    assert '"group": ["ann", "bob"]' in ann
    assert "2 unchanged" in nngrade(classroom.root, *RUN).stdout
    assert "Nothing to grade again" in nngrade(classroom.root, "regrade", *RUN[3:]).stdout
    # Who joins gets it too, and who leaves keeps what is there.
    path.write_text("id,group\nann,team\nbob,team\ncem,team\n")
    assert "3 graded" in nngrade(classroom.root, *RUN).stdout
    assert scores(classroom) == {"ann": 6, "bob": 6, "cem": 6}


def test_after_a_correction_a_group_is_graded_again_together(classroom: Course) -> None:
    (classroom.root / "students.csv").write_text("id,group\nann,team\nbob,team\n")
    submit(classroom, "bob", {"total": WRONG})
    nngrade(classroom.root, *RUN, ok=False)
    checks = classroom.stage(STAGE).folder / "checks.py"
    checks.write_text(checks.read_text().replace('points=2, hint="How many', 'points=2, hint="So'))
    done = nngrade(classroom.root, "regrade", "--write", *RUN[3:])
    assert "0 scores change, 2 stay" in done.stdout
    result = kept_results(classroom)["ann"][0]
    assert '"group": ["ann", "bob"]' in result
    assert "Handed in by bob." in result
    assert "2 unchanged" in nngrade(classroom.root, *RUN, ok=False).stdout


@pytest.mark.parametrize(("signature", "right"), [("ann", True), ("bob", True), ("cem", False)])
def test_any_member_may_sign_personal_questions(
    signature: str, right: bool, counting_course: Course, grader: Grader, tmp_path: Path
) -> None:
    stage = counting_course.stages[0]
    filled = fill(untouched(counting_course, stage), stage, solutions(stage))
    notebook: dict[str, Any] = answered(filled, stage, signature)
    path = tmp_path / "submission.ipynb"
    path.write_text(notebook_text(notebook))
    result = grader.grade(path, stage, "ann", ("ann", "bob"))
    assert (check_of(result, "turned.answered").score > 0) == right
    assert any("is graded as that of" in note for note in result.notes) != right


def test_groups_in_plain_grading(handed_in: Course) -> None:
    (handed_in.root / "students.csv").write_text("id,group\nann,team\nbob,team\ncem,team\n")
    assert students_of(handed_in).class_list is not None
    done = nngrade(
        handed_in.root, "grade", "submitted", "--sandbox", "weak", "--data", "digits", "--format",
        "csv",
    )  # fmt: skip
    lines = [line.split(",")[:4] for line in done.stdout.splitlines()[1:]]
    assert [(one[0], one[3]) for one in lines] == [
        ("ann", "6"), ("bob", "6"), ("cem", "6"), ("dee", "6"),
    ]  # fmt: skip
    assert "not in students.csv, and graded all the same: dee" in done.stderr
