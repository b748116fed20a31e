"""Regrading after a check was corrected."""

from __future__ import annotations

import pytest

from nngrade.course.stages import Course
from tests.conftest import nngrade
from tests.gradebook.conftest import RUN, scores, submit
from tests.helpers import STAGE, WRONG

REGRADE = ("regrade", "--data", "digits", "--sandbox", "weak")


@pytest.mark.slow
def test_a_corrected_check_is_listed_before_it_is_written(classroom: Course) -> None:
    submit(classroom, "ada")
    submit(classroom, "bob", {"total": WRONG})
    assert "Nothing to grade again" in nngrade(classroom.root, *REGRADE).stdout
    nngrade(classroom.root, *RUN, ok=False)
    checks = classroom.stage(STAGE).folder / "checks.py"
    checks.write_text(checks.read_text().replace("student.total(values), ref", "0.0, 0 * ref"))
    done = nngrade(classroom.root, *REGRADE, ok=False)
    assert done.returncode == 1
    assert "bob stage01_sums: 3 -> 5" in done.stdout
    assert "+2 total: Arrays of any length are summed." in done.stdout
    assert "1 score changes, 1 stays as it is" in done.stdout
    assert scores(classroom) == {"ada": 6, "bob": 3}, "written before anybody agreed"
    done = nngrade(classroom.root, *REGRADE, "--write")
    assert "again" not in done.stderr, "graded a second time"
    assert scores(classroom) == {"ada": 6, "bob": 5}
    assert "Nothing to grade again" in nngrade(classroom.root, *REGRADE).stdout
