"""The library call: what `nngrade` exports, and grading from a script."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import nngrade
from nngrade import grade, report
from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError, NngradeError
from nngrade.formats.json import render
from nngrade.runs.processes import MANY


@pytest.fixture
def submitted(course: Course, stage: Stage, tmp_path: Path) -> Path:
    """Five right submissions of stage 1 and an untouched one."""
    blank, folder = untouched(course, stage), tmp_path / "submitted"
    for name in ("ann", "bob", "cem", "dee", "eve"):
        write_specimen(Specimen(name, stage, fill(blank, stage, solutions(stage))), folder)
    write_specimen(Specimen("zoe", stage, blank), folder)
    return folder


def test_the_exported_names() -> None:
    assert sorted(nngrade.__all__) == dir(nngrade)
    assert dir(nngrade) == [
        "Choice",
        "Number",
        "Shape",
        "__version__",
        "agrees",
        "alternative",
        "check",
        "close",
        "draw_until",
        "generators",
        "grade",
        "gradient_close",
        "in_layouts",
        "kept",
        "misconception",
        "number",
        "parts",
        "public",
        "question",
        "report",
        "require",
        "unchanged",
        "unchanged_each",
        "varied",
        "whole_numbers",
    ]


@pytest.mark.parametrize("name", nngrade.__all__)
def test_an_exported_name_is_there(name: str) -> None:
    assert getattr(nngrade, name) is not None


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'grades'"):
        nngrade.grades  # type: ignore[attr-defined]  # noqa: B018


def test_one_path_gives_records(course: Course, submitted: Path) -> None:
    results = grade(submitted, course=course.root, sandbox="weak", data="digits", jobs=1)
    assert [(one.student, one.score, one.max_score) for one in results] == [
        *((name, 6, 6) for name in ("ann", "bob", "cem", "dee", "eve")),
        ("zoe", 0, 6),
    ]
    assert {one.stage for one in results} == {course.stages[0].name}
    assert all(check.status == "passed" for check in results[0].checks)


def test_several_paths_and_what_is_told_of_them(
    course: Course, stage: Stage, submitted: Path
) -> None:
    paths = [str(path) for path in sorted(submitted.rglob("*.ipynb"))[:2]]
    results = grade(
        paths, course=str(course.root), stage="stage01", student="sam", sandbox="weak", jobs=1
    )
    assert [(one.student, one.stage, one.score) for one in results] == [("sam", stage.name, 6)] * 2


def test_what_cannot_be_graded_is_a_record(course: Course, tmp_path: Path) -> None:
    (result,) = grade(tmp_path / "gone.ipynb", course=course.root, sandbox="weak")
    assert result.status == "failed"
    assert "gone.ipynb" in (result.error or "")


def test_a_folder_without_a_course_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no course in"):
        grade("submitted/", course=tmp_path)


def test_a_report_is_written(course: Course, submitted: Path, tmp_path: Path) -> None:
    results = grade(submitted, course=course.root, sandbox="weak", jobs=1)
    page = report(results, tmp_path / "class.html", names=True, course=course.root)
    assert "zoe" in page.read_text(encoding="utf-8")


def test_a_report_on_nothing_is_a_sentence(course: Course, tmp_path: Path) -> None:
    with pytest.raises(NngradeError, match="no results"):
        report([], tmp_path / "class.html", course=course.root)


def test_a_script_needs_no_main_guard(course: Course, submitted: Path, tmp_path: Path) -> None:
    """Processes are spawned, and must not run the script that starts them."""
    for number in range(MANY):
        shutil.copytree(submitted / "ann", submitted / str(number))
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
        from pathlib import Path
        from nngrade import grade
        with Path("runs.txt").open("a") as file:
            file.write("run\\n")
        results = grade("submitted", course={str(course.root)!r}, sandbox="weak", jobs=2)
        Path("scores.txt").write_text(" ".join(str(one.score) for one in results))
        """)
    )
    done = subprocess.run(
        [sys.executable, script.name], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "runs.txt").read_text() == "run\n"
    assert (tmp_path / "scores.txt").read_text() == " ".join([*["6"] * (MANY + 5), "0"])


def test_the_records_are_those_of_the_command(course: Course, submitted: Path) -> None:
    results = grade(submitted, course=course.root, sandbox="weak", jobs=1)
    document = json.loads(render(results))
    assert [one["score"] for one in document["submissions"]] == [6, 6, 6, 6, 6, 0]
