"""The committed assignments: what the lessons say, valid, and without names of what is hidden."""

from __future__ import annotations

import json

import nbformat

from nngrade.authoring.build import differences
from nngrade.authoring.specimens import untouched
from nngrade.course.stages import Course


def test_the_committed_assignments_are_what_the_lessons_say(real_course: Course):
    assert [str(one) for one in differences(real_course, real_course.stages)] == []


def test_notebooks_are_valid_and_run_on_any_python_kernel(real_course: Course):
    for stage in real_course.stages:
        notebook = nbformat.from_dict(untouched(real_course, stage))
        nbformat.validate(notebook)
        assert notebook.metadata.kernelspec.name == "python3"
        assert all("lines_to" not in key for cell in notebook.cells for key in cell.metadata)


def test_ids_name_nothing_that_is_hidden(real_course: Course):
    for stage in real_course.stages:
        text = json.dumps(untouched(real_course, stage))
        for check in stage.checks:
            if check.function is not None:
                assert check.name not in text
