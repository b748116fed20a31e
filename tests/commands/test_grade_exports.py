"""`nngrade grade` of exports of Canvas and Moodle."""

from __future__ import annotations

import json

import pytest

from tests.conftest import nngrade
from tests.helpers import STAGE
from tests.submissions.conftest import NOTEBOOK


def test_an_export_of_canvas_is_graded_as_it_is(new_course, pack, right_text):
    archive = pack(
        {
            f"exampleann_LATE_11_501_{STAGE}.ipynb": right_text,
            f"exampleann_LATE_11_502_{STAGE}-1.ipynb": right_text,
            f"exampleann_LATE_11_499_{STAGE}-9.ipynb": NOTEBOOK,
            "müllerjörg_12_503_my answers.ipynb": right_text,
            "kimlee_13_504_answers.docx": b"x",
            "ohnson_14_text.html": b"x",
        }
    )
    run = nngrade(
        new_course.root, "grade", str(archive), "--json", "-", "--sandbox", "weak", ok=False
    )
    results = {one["student"]: one for one in json.loads(run.stdout)["submissions"]}
    assert run.returncode == 2
    assert sorted(results) == ["11", "12", "13", "14"]
    assert results["11"]["score"] == results["12"]["score"] == 6
    assert results["11"]["path"] == f"{archive}/exampleann_LATE_11_502_{STAGE}-1.ipynb"
    assert results["11"]["notes"][0] == "Canvas marks this submission as late."
    assert "counts, as the newest" in results["11"]["notes"][1]
    assert "no notebook by kimlee, only answers.docx" not in run.stderr
    assert "no notebook by kimlee, only kimlee_13_504_answers.docx" in run.stderr
    assert "students have the numbers that Canvas gave them, such as 11" in run.stderr


@pytest.mark.slow
def test_grades_of_an_export_go_into_the_gradebook(classroom, pack, right_text, tmp_path):
    archive = pack({f"Ann Example_12_assignsubmission_file_/{STAGE}.ipynb": right_text})
    (tmp_path / "who.csv").write_text("lms_name,student\nAnn Example,ann\n")
    command = (
        "grade", str(archive), "--gradebook", "--students", str(tmp_path / "who.csv"),
        "--data", "digits", "--sandbox", "weak",
    )  # fmt: skip
    run = nngrade(classroom.root, *command)
    assert "ann stage01_sums: 6 of 6 points" in run.stderr
    assert "need a person" not in run.stdout
    assert (classroom.root / f"autograded/ann/{STAGE}/{STAGE}.ipynb").exists()
    assert "1 unchanged" in nngrade(classroom.root, *command).stdout
    again = nngrade(classroom.root, "regrade", "--data", "digits", "--sandbox", "weak")
    assert "Nothing to grade again" in again.stdout
    assert not list(classroom.root.rglob("*assignsubmission*")), "unpacked into the course"


def test_a_name_that_is_another_folder_is_nobodys(classroom, pack, right_text):
    archive = pack({f".._12_assignsubmission_file/{STAGE}.ipynb": right_text})
    run = nngrade(classroom.root, "grade", str(archive), "--gradebook", ok=False)
    assert "'..' cannot be a student's id" in run.stdout
    assert not (classroom.root / STAGE).exists()
