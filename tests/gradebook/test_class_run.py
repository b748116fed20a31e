"""Class runs into nbgrader's gradebook: what is written, and that nothing stops them."""

from __future__ import annotations

import os
import shutil

import pytest
from nbgrader.api import Gradebook

from nngrade.authoring.specimens import untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from tests.conftest import nbgrader, nngrade
from tests.gradebook.conftest import RUN, scores, submit, submit_text
from tests.helpers import STAGE, WRONG


@pytest.mark.slow
def test_a_class_run_is_seen_by_nbgrader(classroom: Course) -> None:
    submit(classroom, "ada")
    submit(classroom, "bob", {"total": WRONG})
    submit_text(classroom, "cyd", notebook_text(untouched(classroom, classroom.stage(STAGE))))
    done = nngrade(classroom.root, *RUN, ok=False)
    assert done.returncode == 1, done.stderr
    assert "[2/3] bob stage01_sums: 3 of 6 points" in done.stderr
    assert "3 graded" in done.stdout
    assert scores(classroom) == {"ada": 6, "bob": 3, "cyd": 0}
    nbgrader(classroom.root, "generate_feedback", STAGE)
    page = (classroom.root / f"feedback/bob/{STAGE}/{STAGE}.html").read_text()
    assert "3 of 6 points" not in page  # points stand with each task
    assert "0 of 3 points" in page
    assert "How many entries are there?" in page
    nbgrader(classroom.root, "export")
    assert (
        f"{STAGE},,2026-11-01 10:00:00,ada,,,,6.0,0.0,6.0,6.0"
        in (classroom.root / "grades.csv").read_text()
    )
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        comments = book.find_submission_notebook(STAGE, STAGE, "cyd").comments
        assert {one.auto_comment for one in comments} == {"No response."}
        comments = book.find_submission_notebook(STAGE, STAGE, "ada").comments
        assert {one.auto_comment for one in comments} == {None}


@pytest.mark.slow
def test_one_bad_submission_never_stops_the_run(classroom: Course) -> None:
    submit(classroom, "ada")
    submit_text(classroom, "broken", "{ this is no notebook")
    os.mkfifo(submit(classroom, "pipe").with_name("other.ipynb"))
    submit(classroom, "when", timestamp="the day before yesterday")
    submit(classroom, "blank", timestamp="")
    twin = submit(classroom, "twin", {"total": WRONG})
    shutil.copy(twin, twin.with_name(f"{STAGE} (1).ipynb"))
    submit(classroom, "killer", {"total": "import os\nos._exit(3)\n"})
    submit(classroom, "loops", {"shifted": "def shifted(values, by):\n    while True: pass\n"})
    (classroom.root / "submitted/empty" / STAGE).mkdir(parents=True)
    latin = os.fsencode(submit(classroom, "latin").parents[1])
    os.rename(latin, latin.replace(b"latin", b"j\xf6rg"))
    done = nngrade(classroom.root, *RUN, ok=False)
    assert done.returncode == 2
    assert scores(classroom) == {
        "ada": 6, "pipe": 6, "when": 6, "blank": 6, "twin": 3, "killer": 3, "loops": 3,
    }  # fmt: skip
    needs = done.stdout.split("need a person")[1]
    for said in (
        "broken: ", "not a notebook", "when: ", "holds no date", "blank: ", "is empty",
        "this student also has", "empty: ", "ask for the .ipynb", "other.ipynb",
        "the student's name is no proper text",
    ):  # fmt: skip
        assert said in needs, said
