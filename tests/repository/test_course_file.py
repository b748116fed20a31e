"""solutions/course.toml names every option with its default, and changes nothing as it is."""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, fields, replace
from pathlib import Path

from nngrade.course.options import CourseOptions, read_options
from nngrade.course.stages import Course
from nngrade.limits import WorkerLimits
from nngrade.runs.settings import Settings
from nngrade.runs.versions import course_versions

from ..conftest import ROOT

FILE = ROOT / "solutions/course.toml"
OWN = read_options(FILE)
_OPTION = re.compile(r"# (?=\[\w+\]$|\w+ = )")


def uncommented() -> str:
    return "\n".join(_OPTION.sub("", line, count=1) for line in FILE.read_text().splitlines())


def test_every_option_is_there_with_its_default() -> None:
    defaults = CourseOptions()
    assert tomllib.loads(uncommented()) == {
        # Not the defaults: what this course holds its stages to.
        "stages": {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(OWN.stages).items()
            if value is not None
        },
        "limits": {one.name: getattr(defaults.limits, one.name) for one in fields(WorkerLimits)},
        "feedback": {"level": defaults.feedback_level},
        "questions": asdict(defaults.questions),
        "written": {"enabled": defaults.written},
        "course": {"edition": OWN.edition},
        "late": asdict(defaults.late),
        "due": {},
        "students": {"file": defaults.students_file},
    }
    # A new field of the options needs a table here.
    assert {one.name for one in fields(CourseOptions)} == {
        "limits", "feedback_level", "stages", "edition", "questions", "written",
        "late", "due", "students_file",
    }  # fmt: skip


def test_with_all_comments_gone_it_is_read_and_says_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "course.toml"
    path.write_text(uncommented())
    assert read_options(path) == replace(CourseOptions(), stages=OWN.stages, edition=OWN.edition)


def test_each_option_has_a_line_of_explanation_above_it() -> None:
    lines = FILE.read_text().splitlines()
    for number, line in enumerate(lines):
        if _OPTION.match(line):
            assert lines[number - 1].startswith("# "), line
            assert not _OPTION.match(lines[number - 1]), line


def test_as_it_is_it_changes_no_result(new_course: Course) -> None:
    assert set(tomllib.loads(FILE.read_text())) == {"course", "stages"}
    (new_course.solutions / ".course-secret").write_text("0" * 64)
    new_course.options_file.unlink(missing_ok=True)
    before = course_versions(Settings(new_course.root))
    new_course.options_file.write_bytes(FILE.read_bytes())
    assert Course(new_course.root).options == OWN
    # The number of the edition stands in a note on notebooks of another one.
    after = course_versions(Settings(new_course.root))
    assert after.pop("edition") == str(OWN.edition)
    del before["edition"]
    assert after == before
