"""A process of a Dask worker grades with what was ordered, or says why it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.runs import dask_worker as remote
from nngrade.runs.dask_worker import Order, carry_out
from nngrade.runs.settings import Settings
from nngrade.runs.versions import course_versions, stage_versions
from tests.helpers import STAGE, WRONG
from tests.runs.conftest import notebook

pytest.importorskip("distributed", reason="distributed, which makes clusters, is not installed")


@pytest.fixture
def order(new_course: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Order]]:
    """Make an order for a wrong submission, with the versions that there are now."""
    monkeypatch.setenv("NNGRADE_SECRET", "a secret that only tests know")
    content = notebook(new_course, {"total": WRONG}).encode()

    def make() -> Order:
        settings = Settings(new_course.root, "weak", "digits")
        stage = Course(new_course.root).stage(STAGE)
        versions = course_versions(settings), stage_versions(stage)
        return Order(settings, *versions, STAGE, "ada", Path("ada.ipynb"), content)

    yield make
    remote._close_all()


def test_a_process_grades_with_what_was_ordered(
    new_course: Course, order: Callable[[], Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = order()
    result = carry_out(before)
    assert result is not None
    assert (result.score, result.path) == (3, "ada.ipynb")
    checks = new_course.stage(STAGE).folder / "checks.py"
    checks.write_text(checks.read_text().replace("points=3", "points=4"))
    again = carry_out(order())
    assert again is not None
    assert again.score == 4
    with pytest.raises(CourseError, match=f"another checks.py of {STAGE}"):
        carry_out(before)
    (new_course.solutions / "course.toml").write_text("[limits]\ncell_seconds = 5\n")
    now = order()
    assert carry_out(now) is not None
    monkeypatch.setenv("NNGRADE_SECRET", "a secret that nobody else knows")
    with pytest.raises(CourseError, match="another course secret"):
        carry_out(replace(now, course_versions=dict(now.course_versions, limits="none")))


def test_a_process_that_cannot_grade(
    order: Callable[[], Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = order()
    older = {**now.course_versions, "nngrade": "0.0.1"}
    with pytest.raises(CourseError, match=r"it has nngrade \d.+, not 0\.0\.1; install that"):
        carry_out(replace(now, course_versions=older))
    monkeypatch.delenv("NNGRADE_SECRET")
    # Other tests may have had one made.
    (now.settings.root / "solutions/.course-secret").unlink(missing_ok=True)
    with pytest.raises(CourseError, match="it has no course secret; start it with NNGRADE_SECRET"):
        carry_out(now)
    assert not (now.settings.root / "solutions/.course-secret").exists()
    monkeypatch.setenv("NNGRADE_COURSE", "/nowhere")
    with pytest.raises(CourseError, match=r"no course in /nowhere"):
        carry_out(now)
