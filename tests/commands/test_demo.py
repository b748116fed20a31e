"""`nngrade demo`."""

from __future__ import annotations

import json

import jsonschema

from nngrade.course.stages import Course
from tests.commands.conftest import SCHEMA, nngrade


def test_the_demo_grades_a_class_and_says_where_the_results_are(new_course: Course):
    run = nngrade("demo", cwd=new_course.root)
    assert run.returncode == 0, run.stderr
    document = json.loads((new_course.root / "demo/results.json").read_text())
    jsonschema.validate(document, SCHEMA)
    scores = {(one["student"], one["stage"]): one["score"] for one in document["submissions"]}
    assert scores["ada", "stage01_sums"] == 6
    assert scores["zoe", "stage01_sums"] == 0
    assert scores["ben", "stage01_sums"] == 3
    assert "demo/results.json" in run.stdout
    assert "ben" in (new_course.root / "demo/report.html").read_text()
    assert len(run.stdout.splitlines()) <= 45


def test_the_demo_does_not_write_into_a_folder_of_somebody_elses(new_course: Course):
    (new_course.root / "mine").mkdir()
    (new_course.root / "mine/thesis.txt").write_text("x")
    run = nngrade("demo", "mine", cwd=new_course.root)
    assert run.returncode == 2
    assert "not empty" in run.stderr
