"""Ids and stubs, as nbgrader has them."""

from __future__ import annotations

from nngrade.authoring.specimens import untouched
from nngrade.course.naming import cell_ids, normalised, stub_source
from nngrade.course.stages import Course


def test_our_idea_of_a_stub_is_nbgraders(real_course: Course, course: Course):
    for one in (*real_course.stages, *course.stages):
        home = real_course if one in real_course.stages else course
        ids = cell_ids(one.lesson)
        cells = {cell["id"]: "".join(cell["source"]) for cell in untouched(home, one)["cells"]}
        for task in one.lesson.tasks:
            built = cells[ids[task.solution]]
            assert normalised(built) == normalised(stub_source(task.solution.source))
