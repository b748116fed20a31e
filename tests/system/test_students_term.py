"""A term that knows its students: sections, groups, extensions, late days, on both routes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from tests.conftest import cell_of, nbgrader, nngrade
from tests.gradebook.conftest import RUN, submit_text
from tests.helpers import STAGE, WRONG, rows

pytestmark = pytest.mark.slow

OTHER = "stage02_gradients"
ANSWER = "written-why_floats"
SETTINGS = f"""
[due]
{STAGE} = 2026-11-02T13:00:00+01:00
{OTHER} = 2026-11-09T12:00:00

[late]
percent = 10
at_most = 50
days = 2
grace_minutes = 10
timezone = "UTC"
"""
STUDENTS = f"""\
id;name;email;section;group;extensions
ann;Ann Able;ann@example.org;a;;
ben;Ben Baker;;a;;
cem;Cem Çelik;cem@example.org;a;;
dee;Dee Dole;;a;;{STAGE}: 2 days
eve;Eve Evans;;b;;
fay;Fay Fox;;b;;"all: 12 hours; stage02: 2026-11-12 18:00"
gwen;Gwen Gray;gwen@example.org;b;team;
hank;Hank Hall;;b;team;stage02: 1 day
"""
# When each was handed in, as hours after it was due.
HOURS = {
    STAGE: {
        "ann": -5.0, "ben": 0.1, "cem": 27.0, "dee": 27.0, "eve": 240.0, "fay": 11.0,
        "gwen": 3.0, "hank": -1.0, "zed": 1.0,
    },
    OTHER: {
        "ann": 30.0, "ben": 0.5, "cem": 1.0, "dee": 60.0, "eve": 1.0, "fay": 70.0, "hank": 30.0,
    },
}  # fmt: skip
DUE = {STAGE: (11, 2), OTHER: (11, 9)}
# Days spent and percent off, worked out by hand: two late days each, then 10 % a day.
EXPECTED = {
    STAGE: {
        "ann": (0, 0), "ben": (0, 0), "cem": (2, 0), "dee": (0, 0), "eve": (2, 50), "fay": (0, 0),
        "gwen": (1, 0), "hank": (1, 0), "zed": (1, 0),
    },
    OTHER: {
        "ann": (2, 0), "ben": (1, 0), "cem": (0, 10), "dee": (2, 10), "eve": (0, 10),
        "fay": (0, 0), "gwen": (1, 10), "hank": (1, 0),
    },
}  # fmt: skip
# By nbgrader first; the others by us first. A group is for us.
NBGRADERS = ("ann", "cem", "eve", "zed")
OURS = ("ben", "dee", "fay", "gwen", "hank")


def hand_in(course: Course, student: str, stage: str, hours: float) -> None:
    one = course.stage(stage)
    answers = solutions(one)
    if student == "eve" and stage == STAGE:
        answers["total"] = WRONG
    notebook = fill(untouched(course, one), one, answers)
    if stage == STAGE:
        cell_of(notebook, ANSWER)["source"] = f"By {student}."
    month, day = DUE[stage]
    seconds = round(hours * 3600)
    days, rest = divmod(12 * 3600 + seconds, 86_400)
    time = f"2026-{month}-{day + days:02} {rest // 3600:02}:{rest // 60 % 60:02}:00"
    submit_text(course, student, notebook_text(notebook), f"{time} UTC", stage)


@pytest.fixture
def term(written_course: Course) -> Course:
    with written_course.options_file.open("a") as file:
        file.write(SETTINGS)
    (written_course.root / "students.csv").write_text(STUDENTS)
    course = Course(written_course.root)
    for stage, hours in HOURS.items():
        for student, late in hours.items():
            hand_in(course, student, stage, late)
    return course


def exported(root: Path) -> dict[tuple[str, str], tuple[float, float]]:
    """Score and penalty of each submission, as ``nbgrader export`` has them."""
    nbgrader(root, "export", "--to", "export.csv")
    with (root / "export.csv").open(newline="") as file:
        return {
            (one["student_id"], one["assignment"]): (
                float(one["score"]),
                float(one["late_submission_penalty"] or 0),
            )
            for one in csv.DictReader(file)
            if one["timestamp"]
        }


def sheets(root: Path) -> dict[str, dict[tuple[str, str], float]]:
    """The score that counts of each submission, by sheet."""
    names = ("csv", "canvas", "moodle")
    flags = [one for name in names for one in ("--format", name, "--output", f"{name}.txt")]
    done = nngrade(root, *RUN, *flags, ok=False)
    assert done.returncode == 1, done.stderr
    told = {name: rows((root / f"{name}.txt").read_text()) for name in names}
    head = told["csv"][0]
    found = {"csv": {(one[0], one[1]): float(one[head.index("total")]) for one in told["csv"][1:]}}
    for name, first in (("canvas", 3), ("moodle", 0)):
        lines = told[name]
        found[name] = {}
        for line in lines[1:]:
            for column, value in zip(lines[0], line, strict=True):
                if column.startswith("stage") and value and line[first]:
                    key = line[first], column.removesuffix(" written")
                    found[name][key] = found[name].get(key, 0) + float(value)
    return found


def results(root: Path) -> dict[tuple[str, str], dict[str, object]]:
    flags = ("--json", "results.json", "--sandbox", "weak", "--data", "digits")
    nngrade(root, "grade", "submitted", *flags, ok=False)
    document = json.loads((root / "results.json").read_text())
    return {(one["student"], one["stage"]): one for one in document["submissions"]}


def require_penalties(course: Course, found: dict[tuple[str, str], float]) -> None:
    """Each penalty must be the one worked out by hand."""
    for stage, students in EXPECTED.items():
        most = course.stage(stage).max_score
        for student, (_, percent) in students.items():
            if (student, stage) in found:
                score = 3.0 if (student, stage) == ("eve", STAGE) else most
                assert found[student, stage] == min(score, most * percent / 100), (student, stage)


def test_a_term_of_students(term: Course) -> None:
    root = term.root
    assert nngrade(root, "students", "check").returncode == 0

    # Half the class by nbgrader, which knows of late days, and half by us.
    for student in NBGRADERS:
        for stage in (STAGE, OTHER):
            if student in HOURS[stage]:
                nbgrader(root, "autograde", stage, "--student", student, "--create")
    done = nngrade(root, "grade", *(f"submitted/{one}" for one in OURS), *RUN[2:], ok=False)
    assert done.returncode == 0, done.stderr
    assert (
        "In the group of gwen something else was handed in for stage01_sums by hank" in done.stdout
    )
    both = exported(root)
    require_penalties(term, {key: penalty for key, (_, penalty) in both.items()})
    assert set(both) == {(who, stage) for stage in EXPECTED for who in EXPECTED[stage]}

    # A person grades what was written, as formgrader does.
    with Gradebook(f"sqlite:///{root}/gradebook.db", "nngrade") as book:
        for student in EXPECTED[STAGE]:
            grade = book.find_grade(ANSWER, STAGE, STAGE, student)
            grade.manual_score, grade.needs_manual_grade = 1.5, False
        assert book.find_student("cem").email == "cem@example.org"
        assert book.find_student("ben").last_name == "Baker"
        # Formgrader counts lateness as we do.
        assert book.find_submission(STAGE, "dee").total_seconds_late == 0
        assert book.find_submission(STAGE, "cem").total_seconds_late == 27 * 3600
        book.db.commit()

    # Crosswise, and by all of them again: nothing is taken off twice.
    before = exported(root)
    for student in ("ben", "dee", "fay"):
        nbgrader(root, "autograde", STAGE, "--student", student, "--force")
    nngrade(root, "grade", *(f"submitted/{one}" for one in NBGRADERS), *RUN[2:], ok=False)
    assert exported(root) == before
    found = sheets(root)
    counted = {key: score for key, (score, _) in exported(root).items()}
    assert counted == {key: score for key, (score, _) in before.items()}
    assert found["csv"] == found["canvas"] == found["moodle"] == counted
    of_json = results(root)
    assert set(of_json) == set(counted)
    for key, one in of_json.items():
        written = 1.5 if key[1] == STAGE else 0
        assert one["score"] - one["late_penalty"] + written == counted[key], key
        assert one["group"] == (["gwen", "hank"] if key[0] in ("gwen", "hank") else None)
    assert (
        "Handed in 1 day 3 hours late: 2 late days spent, 0 left; no points off."
        in (of_json["cem", STAGE]["notes"])
    )
    assert "Handed in by hank." in of_json["gwen", OTHER]["notes"]

    # Both routes' feedback tells it.
    for stage in (STAGE, OTHER):
        nbgrader(root, "generate_feedback", stage)
    assert len(list((root / "feedback").glob("*/*/*.html"))) == len(counted)
    for student in ("cem", "gwen"):
        page = (root / f"feedback/{student}/{STAGE}/{STAGE}.html").read_text()
        assert f"late days spent, {0 if student == 'cem' else 1} left" in page.replace(
            "1 late day spent", "1 late days spent"
        )

    told = rows(nngrade(root, "students", "late-days", "--format", "csv").stdout)
    spent = {one[0]: (int(one[2]), int(one[3])) for one in told[1:]}
    for student in EXPECTED[STAGE]:
        days = sum(EXPECTED[stage].get(student, (0, 0))[0] for stage in EXPECTED)
        assert spent[student] == (days, 2 - days), student


def test_an_extension_frees_late_days_for_a_later_stage(term: Course) -> None:
    root = term.root
    nngrade(root, *RUN, ok=False)
    assert exported(root)["cem", OTHER][1] == 0.1 * term.stage(OTHER).max_score
    path = root / "students.csv"
    path.write_text(path.read_text().replace("a;;\ndee", f"a;;{STAGE}: 2 days\ndee"))
    # Only the first stage is looked at, and the other one's penalty goes all the same.
    done = nngrade(root, "grade", f"submitted/cem/{STAGE}", *RUN[2:])
    assert "cem: the late penalty for stage02_gradients was" in done.stdout
    assert "graded by an earlier run and written now" in done.stdout
    assert exported(root)["cem", OTHER][1] == 0
    done = nngrade(root, *RUN, ok=False)
    assert "1 graded by an earlier run and written now, 16 unchanged" in done.stdout
