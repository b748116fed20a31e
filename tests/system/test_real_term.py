"""A term as an instructor plays it: the real stage 1, real nbgrader, twenty-two students."""

from __future__ import annotations

import copy
import csv
import json
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from tests.conftest import ROOT, cell_of, nbgrader, nngrade
from tests.helpers import secret_lines

pytestmark = pytest.mark.slow

STAGE = "stage01_perceptron"
MISTAKES = 2  # of the catalogue, in each half
DUE, IN_TIME, LATE = "2026-11-02 12:00:00", "2026-11-01 10:00:00", "2026-11-02 14:30:00"


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A clone of the course, with an exchange of its own."""
    root = tmp_path_factory.mktemp("term") / "course"
    root.mkdir()
    shutil.copytree(
        ROOT / "solutions", root / "solutions", ignore=shutil.ignore_patterns(".course-secret")
    )
    shutil.copytree(ROOT / "assignments", root / "assignments")
    exchange = root.parent / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    (root / "nbgrader_config.py").write_text(
        (ROOT / "nbgrader_config.py").read_text()
        + f'c.Exchange.root = "{exchange}"\n'
        + 'c.GradeInSandbox.sandbox = "weak"\nc.GradeInSandbox.data = "digits"\n'
        + "c.GradeInSandbox.timeout = 2.5\n"
        + 'c.AssignLatePenalties.plugin_class = "nbgrader.plugins.LateSubmissionPlugin"\n'
        + 'c.LateSubmissionPlugin.penalty_method = "zero"\n'
    )
    return Course(root)


def notebooks(course: Course) -> dict[str, str]:
    """What twenty-two students hand in, as the text of their files."""
    stage = course.stage(STAGE)
    blank, answers = untouched(course, stage), solutions(stage)
    right = fill(blank, stage, answers)
    made: dict[str, str] = {}
    # The half of the class that nbgrader will grade, and the half that we will.
    for half in ("a", "b"):
        for number in range(2):
            made[f"{half}-right{number}"] = notebook_text(right)
            made[f"{half}-late{number}"] = notebook_text(right)
        for number, mistake in enumerate(stage.misconceptions[:MISTAKES]):
            wrong = fill(blank, stage, {**answers, mistake.task: mistake.source})
            made[f"{half}-wrong{number}"] = notebook_text(wrong)
        made[f"{half}-blank"] = notebook_text(blank)
        twice = copy.deepcopy(right)
        twice["cells"].append(copy.deepcopy(cell_of(twice, "task-update")))
        made[f"{half}-twice"] = notebook_text(twice)
        cut = copy.deepcopy(right)
        gone = ("task-fit", "tests-fit", "tests-predict")
        cut["cells"] = [cell for cell in cut["cells"] if cell["id"] not in gone]
        made[f"{half}-cut"] = notebook_text(cut)
        loop = "def accuracy(y_true, y_pred):\n    while True:\n        pass\n"
        slow = fill(blank, stage, {**answers, "accuracy": loop})
        made[f"{half}-loop"] = notebook_text(slow)
        made[f"{half}-broken"] = '{"cells": [{"cell_type": "code", "sou'
    assert len(made) == 22
    return made


def hand_in(course: Course, student: str, text: str, when: str) -> None:
    """Put a submission where ``nbgrader submit`` puts it."""
    inbound = course.root.parent / "exchange/nngrade/inbound"
    folder = inbound / f"{student}+{STAGE}+{when}.000000 UTC+{student}key"
    folder.mkdir(parents=True)
    (folder / f"{STAGE}.ipynb").write_text(text)
    (folder / "timestamp.txt").write_text(f"{when}.000000 UTC")
    (folder / "submission_secret.txt").write_text(f"{student}key")


def test_a_term(term: Course) -> None:
    root = term.root
    nngrade(root, "build", STAGE)
    nbgrader(root, "generate_assignment", STAGE)
    nbgrader(root, "release_assignment", STAGE)
    assert STAGE in nbgrader(root, "list").stdout + nbgrader(root, "list").stderr
    with Gradebook(f"sqlite:///{root}/gradebook.db", "nngrade") as book:
        book.update_or_create_assignment(STAGE, duedate=f"{DUE} UTC")

    # One student does it all by nbgrader, the others' notebooks come from a generator.
    home = root.parent / "student"
    home.mkdir()
    (home / "nbgrader_config.py").write_text(
        f'c = get_config()\nc.Exchange.root = "{root.parent}/exchange"\n'
        'c.CourseDirectory.course_id = "nngrade"\n'
    )
    nbgrader(home, "fetch_assignment", STAGE)
    fetched = home / STAGE / f"{STAGE}.ipynb"
    assert json.loads(fetched.read_text()) == untouched(term, term.stage(STAGE))
    nbgrader(home, "validate", str(fetched), ok=False)
    handed_in = notebooks(term)
    for student, text in handed_in.items():
        if student == "a-right0":
            fetched.write_text(text)
            nbgrader(home, "submit", STAGE, "--student", student)
            continue
        if student.endswith("twice"):
            # Handed in before, unfinished: the later one counts.
            hand_in(term, student, handed_in["a-blank"], "2026-10-30 09:00:00")
        hand_in(term, student, text, LATE if "late" in student else IN_TIME)
    nbgrader(root, "collect", STAGE)
    assert len(list((root / "submitted").iterdir())) == 22
    # The one that came by `submit` just now is late as well; take it for the present as in time.
    (root / f"submitted/a-right0/{STAGE}/timestamp.txt").write_text(f"{IN_TIME} UTC")

    # Half the class by nbgrader, the other half by us.
    done = nbgrader(root, "autograde", STAGE, "--student", "a-*", ok=False)
    assert "error processing assignment 'stage01_perceptron' for student 'a-broken'" in done.stderr
    assert done.stderr.count("error processing assignment 'stage01") == 1
    ours = [f"submitted/{student}" for student in handed_in if student.startswith("b-")]
    flags = ("--data", "digits", "--sandbox", "weak", "--timeout", "2.5")
    done = nngrade(root, "grade", *ours, "--gradebook", *flags, ok=False)
    assert done.returncode == 2, done.stderr
    assert "need a person (1)" in done.stdout
    expected = expected_scores(root, flags)
    found = exported(root)
    for student in handed_in:
        if not student.endswith("broken"):
            penalty = expected[student] if "late" in student else 0
            score = found[student]["raw_score"], found[student]["late_submission_penalty"]
            assert score == (expected[student], penalty), student
    for half in ("a", "b"):
        assert found[f"{half}-right1"]["score"] == found[f"{half}-twice"]["score"] == 20
        assert found[f"{half}-late1"]["score"] == found[f"{half}-blank"]["score"] == 0
        assert 0 < found[f"{half}-cut"]["score"] < 20

    # A person looks at one of each half; regrading leaves that alone.
    with Gradebook(f"sqlite:///{root}/gradebook.db", "nngrade") as book:
        for student in ("a-wrong0", "b-wrong0"):
            grade = book.find_grade("tests-accuracy", STAGE, STAGE, student)
            grade.manual_score, grade.needs_manual_grade = 0.25, False
        book.db.commit()
    nbgrader(root, "autograde", STAGE, "--student", "a-wrong0", "--force")
    nngrade(root, "grade", "submitted/b-wrong0", "--gradebook", "--force", *flags, ok=False)
    for student in ("a-wrong0", "b-wrong0"):
        assert exported(root)[student]["raw_score"] == expected[student] - 0.75

    nbgrader(root, "generate_feedback", STAGE)
    nbgrader(root, "release_feedback", STAGE)
    pages = list((root / "feedback").glob(f"*/{STAGE}/{STAGE}.html"))
    assert len(pages) == 20
    look_for_secrets(term)


def expected_scores(root: Path, flags: tuple[str, ...]) -> dict[str, float]:
    """What the engine says of each submission, without any gradebook."""
    nngrade(root, "grade", "submitted", "--json", "results.json", *flags, ok=False)
    document = json.loads((root / "results.json").read_text())
    return {one["student"]: one["score"] for one in document["submissions"]}


def exported(root: Path) -> dict[str, dict[str, float]]:
    nbgrader(root, "export", "--to", "grades.csv")
    columns = ("raw_score", "late_submission_penalty", "score")
    with (root / "grades.csv").open() as file:
        return {
            row["student_id"]: {name: float(row[name] or 0) for name in columns}
            for row in csv.DictReader(file)
        }


def look_for_secrets(term: Course) -> None:
    """Search every file that students get: releases, and feedback with all that is in it."""
    # A planted mistake is what a student wrote: its lines come back to that student.
    stage = term.stage(STAGE)
    own = {
        line.strip()
        for answer in stage.misconceptions[:MISTAKES]
        for line in answer.source.splitlines()
    }
    own |= {line.strip() for text in solutions(stage).values() for line in text.splitlines()}
    secrets = {line for line in secret_lines(term) if line not in own}
    given = [term.assignments, term.root / "feedback", term.root.parent / "exchange/nngrade"]
    files = [path for folder in given for path in folder.rglob("*") if path.is_file()]
    files = [path for path in files if "inbound" not in path.parts]
    assert len(files) > 20
    blank = (term.root / f"feedback/a-blank/{STAGE}/{STAGE}.html").read_text()
    assert "not done yet" in blank
    for path in files:
        text = path.read_text(errors="replace")
        lines = {line.strip() for line in text.splitlines()}
        if path.suffix == ".ipynb":
            lines = {
                line.strip()
                for cell in json.loads(text)["cells"]
                for line in "".join(cell["source"]).splitlines()
            }
        assert not lines & secrets, path
        for marker in ("HIDDEN TESTS", "BEGIN SOLUTION", "solutions/", "checks.py", "lesson.py"):
            assert marker not in text, (path, marker)
