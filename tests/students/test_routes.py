"""Lateness on the way from a course's settings to all that shows it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from nngrade import grade
from nngrade.commands.main import main
from nngrade.course.options import options_of_grading
from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.formats.registry import render
from nngrade.gradebook.writer import GradebookWriter
from nngrade.gradescope.package import write_zip
from nngrade.handout.contents import handout_files
from nngrade.results import SubmissionResult
from nngrade.students.deadlines import Deadlines, times_in_gradebook
from nngrade.students.settling import settle, times_in
from tests.conftest import ROOT, nngrade
from tests.gradebook.conftest import RUN, submit
from tests.helpers import STAGE
from tests.watching.conftest import kept_results

OTHER = "stage02_gradients"
DUE = f"""
[due]
{STAGE} = 2026-11-02T12:00:00Z
{OTHER} = 2026-11-09T12:00:00Z
"""
LATE = """
[late]
percent = 10
days = 1
"""
A_DAY_LATE, TWO_DAYS_LATE = "2026-11-03 11:00:00 UTC", "2026-11-04 11:00:00 UTC"


def edit_options(course: Course, text: str) -> None:
    """Give a course other settings, also where it has read some."""
    course.options_file.write_text(text)
    course.__dict__.pop("options", None)


def penalties(course: Course) -> dict[str, float]:
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "nngrade") as book:
        return {
            one.student.id: one.late_submission_penalty
            for one in book.assignment_submissions(STAGE)
        }


def due_date(course: Course) -> datetime | None:
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "nngrade") as book:
        date: datetime | None = book.find_assignment(STAGE).duedate
        return date


def graded_times(course: Course) -> dict[str, float]:
    """How long grading took, by student: another number shows another grading."""
    return {who: json.loads(text)["seconds"] for who, (text, _) in kept_results(course).items()}


def test_another_policy_is_written_and_nothing_graded_again(classroom: Course) -> None:
    submit(classroom, "ann", timestamp=TWO_DAYS_LATE)
    submit(classroom, "bob")
    nngrade(classroom.root, *RUN)
    before = graded_times(classroom)
    assert due_date(classroom) is None
    assert penalties(classroom) == {"ann": 0, "bob": 0}
    edit_options(classroom, DUE + LATE)
    done = nngrade(classroom.root, *RUN)
    assert "2 graded by an earlier run and written now" in done.stdout
    assert penalties(classroom) == {"ann": pytest.approx(0.6), "bob": 0}
    assert due_date(classroom) == datetime(2026, 11, 2, 12)
    assert "2 unchanged" in nngrade(classroom.root, *RUN).stdout
    edit_options(classroom, DUE + LATE.replace("days = 1", "days = 2"))
    done = nngrade(classroom.root, *RUN)
    assert penalties(classroom) == {"ann": 0, "bob": 0}
    assert "2 graded by an earlier run and written now" in done.stdout
    assert graded_times(classroom) == before


def test_an_hour_that_a_person_set_stays_without_due_dates(classroom: Course) -> None:
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        book.update_or_create_assignment(STAGE, duedate="2026-11-01 09:00:00 UTC")
    edit_options(classroom, LATE)
    submit(classroom, "ann", timestamp=TWO_DAYS_LATE)
    nngrade(classroom.root, *RUN)
    assert due_date(classroom) == datetime(2026, 11, 1, 9)
    assert penalties(classroom) == {"ann": 0}


def test_scores_that_people_change_change_the_penalty(classroom: Course) -> None:
    edit_options(classroom, DUE + LATE.replace("10", "50"))
    submit(classroom, "ann", timestamp=TWO_DAYS_LATE)
    nngrade(classroom.root, *RUN)
    assert penalties(classroom) == {"ann": 3}
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        for grade_ in book.find_submission_notebook(STAGE, STAGE, "ann").grades:
            grade_.manual_score = 0.5
        book.db.commit()
    done = nngrade(classroom.root, *RUN)
    assert "ann: the late penalty for stage01_sums was 3 and is 1" in done.stdout
    assert penalties(classroom) == {"ann": 1}


def test_a_page_of_feedback_tells_late_days_and_points(classroom: Course) -> None:
    edit_options(classroom, DUE + LATE.replace("10", "50"))
    submit(classroom, "ann", timestamp=TWO_DAYS_LATE)
    submit(classroom, "bob", timestamp=A_DAY_LATE)
    submit(classroom, "cem")

    def told() -> dict[str, list[str]]:
        nngrade(classroom.root, *RUN, "--feedback")
        pages = (classroom.root / "feedback").glob(f"*/{STAGE}/{STAGE}.html")
        return {
            page.parts[-3]: re.findall("Handed in [^<]* late: [^<]*", page.read_text())
            for page in pages
        }

    ann = "Handed in 1 day 23 hours late: 1 late day spent, 0 left; {} off."
    others = {"bob": ["Handed in 23 hours late: 1 late day spent, 0 left; no points off."]}
    others["cem"] = []
    assert told() == {"ann": [ann.format("3 points")], **others}
    # It says what stands in the gradebook, in which people change scores.
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        for grade_ in book.find_submission_notebook(STAGE, STAGE, "ann").grades:
            grade_.manual_score = 0.5
        book.db.commit()
    assert told() == {"ann": [ann.format("1 point")], **others}


def test_two_plugins_for_lateness_are_refused(classroom: Course) -> None:
    edit_options(classroom, DUE + LATE)
    config = classroom.root / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + 'c.AssignLatePenalties.plugin_class = "nbgrader.plugins.LateSubmissionPlugin"\n'
    )
    with pytest.raises(CourseError, match="has another plugin for it, LateSubmissionPlugin"):
        GradebookWriter(classroom, "hints")


def test_a_gradebook_is_read_without_nbgrader(classroom: Course) -> None:
    submit(classroom, "ann", timestamp=TWO_DAYS_LATE)
    submit(classroom, "bob", timestamp=None)
    nngrade(classroom.root, *RUN)
    path = classroom.root / "gradebook.db"
    with Gradebook(f"sqlite:///{path}", "nngrade") as book:
        assert list(times_in_gradebook(path)) == list(times_in(book)) != []
        # Nothing is written where nothing is due.
        assert settle(book, Deadlines(classroom.options)) == []
    assert list(times_in_gradebook(path.with_name("none.db"))) == []
    path.with_name("none.db").write_text("no database")
    assert list(times_in_gradebook(path.with_name("none.db"))) == []


def test_who_has_no_time_is_named_and_not_late(classroom: Course) -> None:
    edit_options(classroom, DUE + LATE)
    submit(classroom, "ann", timestamp=None)
    done = nngrade(classroom.root, *RUN)
    assert "ann: no time of submission is known, so it does not count as late" in done.stdout
    assert penalties(classroom) == {"ann": 0}


@pytest.fixture
def late_results(new_course: Course) -> list[SubmissionResult]:
    edit_options(new_course, DUE + LATE)
    submit(new_course, "ann", timestamp=TWO_DAYS_LATE)
    submit(new_course, "bob")
    found = grade(new_course.root / "submitted", course=new_course.root, data="digits",
                  sandbox="weak", jobs=1)  # fmt: skip
    assert [one.late_penalty for one in found] == [pytest.approx(0.6), 0]
    return found


@pytest.mark.parametrize("form", ["table", "junit", "markdown", "html", "json"])
def test_a_sentence_tells_it(form: str, late_results: list[SubmissionResult]) -> None:
    text = render(form, late_results, "hints")
    told = "Handed in 1 day 23 hours late: 1 late day spent, 0 left; 0.6 points off."
    plain = " ".join(re.sub(r"\\(?=[.:])", "", text).split())
    assert plain.count(told) == 1


def test_sheets_have_what_counts(late_results: list[SubmissionResult]) -> None:
    found = {
        form: list(csv.reader(io.StringIO(render(form, late_results, "hints"))))
        for form in ("csv", "canvas", "moodle")
    }
    assert found["csv"][0][-2:] == ["late_penalty", "total"]
    assert [[one[3], *one[-2:]] for one in found["csv"][1:]] == [
        ["6", "0.6", "5.4"],
        ["6", "0", "6"],
    ]
    assert [one[-1] for one in found["canvas"]] == [STAGE, "6", "5.4", "6"]
    assert [one[-1] for one in found["moodle"]] == [STAGE, "5.4", "6"]


def test_watching_tells_it_too(new_course: Course) -> None:
    edit_options(new_course, DUE + LATE)
    submit(new_course, "ann", timestamp=TWO_DAYS_LATE)
    (new_course.root / "students.csv").write_text("id,group\nann,team\nbob,team\n")
    flags = ("--once", "--feedback", "told", "--sandbox", "weak", "--data", "digits")
    done = nngrade(new_course.root, "watch", "submitted", *flags)
    assert "2 graded" in done.stdout
    for student in ("ann", "bob"):
        page = (new_course.root / f"told/{student}/{STAGE}.html").read_text()
        assert "1 late day spent, 0 left; 0.6 points off." in page
        assert "Handed in by ann." in page
    told = nngrade(new_course.root, "students", "late-days").stdout
    assert re.search(r"bob +1 +0 +stage01_sums 1 \(-10 %\)", told)


def test_late_days_of_other_stages_count_though_only_one_is_graded(new_course: Course) -> None:
    edit_options(new_course, DUE + LATE)
    submit(new_course, "ann", timestamp=A_DAY_LATE)
    flags = ("--once", "--sandbox", "weak", "--data", "digits")
    nngrade(new_course.root, "watch", "submitted", *flags)
    path = submit(new_course, "ann", timestamp="2026-11-09 13:00:00 UTC", stage=OTHER)
    (result,) = grade(path, course=new_course.root, student="ann", data="digits", sandbox="weak")
    assert result.late_penalty == pytest.approx(0.5)


def test_check_says_what_to_look_at(classroom: Course) -> None:
    def check() -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--course", str(classroom.root), "students", "check"])
        return done.exit_code, done.output

    path = classroom.root / "students.csv"
    assert check()[0] == 2
    assert "cannot be read" in check()[1]
    path.write_text("id,group\nann,team\n,team\nbob/,\n")
    code, text = check()
    assert (code, text.count("line "), text.count("2 things to mend")) == (2, 2, 1)
    path.write_text("id,group,section\nann,team,a\nbob,team,a\n")
    assert check() == (0, f"{path}: 2 students, 1 section, 1 group.\n")
    submit(classroom, "ann")
    submit(classroom, "zoe")
    nngrade(classroom.root, "grade", "submitted/zoe", *RUN[2:])
    code, text = check()
    assert code == 1
    assert "in the gradebook, and not in students.csv: zoe" in text
    assert "in students.csv, and not in the gradebook: ann, bob" in text
    edit_options(classroom, DUE)
    path.write_text(f"id,extensions\nzoe,{STAGE}: 2026-11-01 12:00Z\n")
    assert "the extension is no later; it changes nothing" in check()[1]


def test_names_go_into_the_gradebook_where_it_has_none(classroom: Course) -> None:
    (classroom.root / "students.csv").write_text(
        "id,name,email\nann,Ann Mary Able,ann@example.org\nbob,Bob,bob@example.org\n"
    )
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        book.add_student("bob", first_name="Robert", email="r@example.org")
    for student in ("ann", "bob"):
        submit(classroom, student)
    nngrade(classroom.root, *RUN)
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        found = {one.id: (one.first_name, one.last_name, one.email) for one in book.students}
    assert found == {
        "ann": ("Ann Mary", "Able", "ann@example.org"),
        "bob": ("Robert", None, "r@example.org"),
    }


def test_no_class_list_leaves_the_course(new_course: Course, tmp_path: Path) -> None:
    mark = "mark-of-the-class-list"
    edit_options(new_course, f'{DUE}[students]\nfile = "solutions/students.csv"\n')
    for folder in (new_course.root, new_course.solutions):
        (folder / "students.csv").write_text(f"id,name\nann,{mark}\n")
    course = Course(new_course.root)
    package = tmp_path / "package.zip"
    write_zip(course, course.stages[:1], package)
    with zipfile.ZipFile(package) as archive:
        for name in archive.namelist():
            assert mark.encode() not in archive.read(name), name
        # It has one stage alone, and no dates of the others.
        options = archive.read("solutions/course.toml").decode()
    assert "2026-11-02" not in options
    for name, content in handout_files(course, course.stages).items():
        assert mark.encode() not in content, name
    # Docker's context is what its list allows, and git keeps it out of the history.
    allowed = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    ]
    assert allowed
    assert not [line for line in allowed if "students" in line]
    ignored = subprocess.run(
        ["git", "check-ignore", "students.csv"], cwd=ROOT, capture_output=True, text=True
    )
    assert ignored.stdout == "students.csv\n"


def test_settings_of_grading_are_the_others(tmp_path: Path) -> None:
    path = tmp_path / "course.toml"
    path.write_text(f"{DUE}{LATE}[limits]\ncell_seconds = 1.5\n")
    assert options_of_grading(path) == b"\n[limits]\ncell_seconds = 1.5\n"
    path.write_text("due = {}\n")
    with pytest.raises(CourseError, match="as tables"):
        options_of_grading(path)


def test_an_extension_of_hours_holds_for_one_alone(new_course: Course) -> None:
    edit_options(new_course, DUE + LATE.replace("days = 1", "days = 0"))
    (new_course.root / "students.csv").write_text("id,extensions\nann,stage01: 23 hours\n")
    for student in ("ann", "bob"):
        submit(new_course, student, timestamp=A_DAY_LATE)
    found = grade(new_course.root / "submitted", course=new_course.root, data="digits",
                  sandbox="weak", jobs=1)  # fmt: skip
    assert {one.student: one.late_penalty for one in found} == {
        "ann": 0, "bob": pytest.approx(0.6),
    }  # fmt: skip
