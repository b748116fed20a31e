"""Written answers: graded by a person, and by no program, on both ways into the gradebook."""

from __future__ import annotations

import copy
import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.naming import TEXT_STUB
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.errors import CourseError
from nngrade.gradebook.preprocessors import ShowRubrics
from nngrade.gradebook.writer import GradebookWriter
from nngrade.submissions.notebook_file import parse_notebook
from nngrade.submissions.program import recover
from tests.conftest import cell_of, nbgrader, nngrade
from tests.gradebook.conftest import RUN, autograded, run, scores, submit_text
from tests.helpers import RUBRIC, STAGE, edit, rows

ANSWER, QUESTION = "written-why_floats", "text-why_floats"
TEXT = "Because `np.sum` keeps the type of its entries."
HOSTILE = (
    "</div></div><script>fetch('/formgrader/api/grade/1', {method: 'PUT'})</script> "
    "<img src=x onerror=alert(1)> [a](javascript:alert(1)) [b]( JavaScript:alert(1)) $a<b$ "
    "<javascript:alert(1)> [c](&#106;avascript:alert(1)) [d][e] [f](https://example.org)\n\n"
    "[e]: javascript:alert(1)\n"
)


def right(course: Course) -> dict[str, Any]:
    stage = course.stage(STAGE)
    return fill(untouched(course, stage), stage, solutions(stage))


def answered(course: Course, text: str = TEXT) -> dict[str, Any]:
    notebook = right(course)
    cell_of(notebook, ANSWER)["source"] = text
    return notebook


def without(course: Course, *ids: str) -> dict[str, Any]:
    notebook = right(course)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in ids]
    return notebook


def twice(course: Course) -> dict[str, Any]:
    """Copied, as JupyterLab does it: the copy has nbgrader's id, too, and holds the answer."""
    notebook = right(course)
    cells = notebook["cells"]
    copied = {**copy.deepcopy(cell_of(notebook, ANSWER)), "id": "copied", "source": TEXT}
    cells.insert(cells.index(cell_of(notebook, ANSWER)) + 1, copied)
    return notebook


def as_code(course: Course) -> dict[str, Any]:
    notebook = answered(course, "def total(values):\n    return 0\n")
    cell_of(notebook, ANSWER).update(cell_type="code", outputs=[], execution_count=None)
    return notebook


def without_ids(course: Course) -> dict[str, Any]:
    """As Colab saves it: neither ids nor nbgrader's metadata."""
    notebook = answered(course)
    for cell in notebook["cells"]:
        del cell["id"]
        cell["metadata"] = {}
    return {**notebook, "nbformat_minor": 4}


def below(course: Course) -> dict[str, Any]:
    """The answer in a cell of its own below the one that was for it."""
    notebook = right(course)
    cells = notebook["cells"]
    own = {"cell_type": "markdown", "id": "own", "metadata": {}, "source": TEXT}
    cells.insert(cells.index(cell_of(notebook, ANSWER)) + 1, own)
    return notebook


def with_picture(course: Course) -> dict[str, Any]:
    notebook = answered(course, "![](attachment:a.png)")
    cell_of(notebook, ANSWER)["attachments"] = {"a.png": {"image/png": "iVBORw0KGgo="}}
    return notebook


# What is handed in, and what the cell of the answer then holds; the stub is no answer.
HANDED_IN: dict[str, tuple[Callable[[Course], dict[str, Any]], str]] = {
    "answered": (answered, TEXT),
    "ascode": (as_code, "def total(values):\n    return 0\n"),
    "below": (below, TEXT),
    "deleted": (lambda course: without(course, ANSWER), TEXT_STUB),
    "bothgone": (lambda course: without(course, ANSWER, QUESTION), TEXT_STUB),
    "emptied": (lambda course: answered(course, " \n"), TEXT_STUB),
    "hostile": (lambda course: answered(course, HOSTILE), HOSTILE),
    "huge": (lambda course: answered(course, "long " * 200_000), "long " * 200_000),
    "noids": (without_ids, TEXT),
    "picture": (with_picture, "![](attachment:a.png)"),
    "surrogate": (lambda course: answered(course, "a \udc80 b"), "a ? b"),
    "twice": (twice, TEXT),
    "untouched": (right, TEXT_STUB),
}


def hand_in_all(course: Course) -> None:
    for student, (make, _) in HANDED_IN.items():
        # With escapes, in which a lone surrogate can stand.
        submit_text(course, student, json.dumps(make(course)))


def of_answers(course: Course) -> dict[str, tuple[float | None, bool, str | None, str]]:
    """Score by no person, whether one is needed, the comment, and the answer, by student."""
    found = {}
    notebooks = autograded(course)
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "nngrade") as book:
        for student in HANDED_IN:
            grade = book.find_grade(ANSWER, STAGE, STAGE, student)
            comment = book.find_comment(ANSWER, STAGE, STAGE, student)
            (cell,) = [
                cell
                for cell in notebooks[student].cells
                if cell.metadata.get("nbgrader", {}).get("grade_id") == ANSWER
            ]
            assert cell.cell_type == "markdown"
            found[student] = (
                grade.auto_score, grade.needs_manual_grade, comment.auto_comment, cell.source,
            )  # fmt: skip
    return found


def test_both_ways_into_the_gradebook_leave_answers_to_a_person(written_course: Course) -> None:
    hand_in_all(written_course)
    other = Course(written_course.root.with_name("other"))
    shutil.copytree(written_course.root, other.root)
    events = run(written_course)
    nbgrader(other.root, "autograde", STAGE)
    assert {event.outcome for event in events.values()} == {"graded"}
    assert of_answers(written_course) == of_answers(other) == {
        student: (0, False, "No response.", text)
        if text == TEXT_STUB
        else (None, True, None, text)
        for student, (_, text) in HANDED_IN.items()
    }  # fmt: skip
    assert scores(written_course) == scores(other) == dict.fromkeys(HANDED_IN, 6)
    for student, event in events.items():
        assert event.result is not None
        assert (event.result.score, event.result.max_score, event.result.lost) == (6, 6, ())
        told = "".join(event.result.notes)
        assert ("is for a written answer and is not run" in told) == (student == "ascode")
    for course in (written_course, other):
        picture = autograded(course)["picture"]
        assert [list(cell.attachments) for cell in picture.cells if "attachments" in cell] == [
            ["a.png"]
        ]
    assert {event.outcome for event in run(written_course).values()} == {"unchanged"}


@pytest.mark.parametrize("way", ["ours", "nbgraders"])
def test_a_manual_score_survives_grading_again(written_course: Course, way: str) -> None:
    submit_text(written_course, "ada", notebook_text(answered(written_course)))

    def grade_again() -> None:
        if way == "ours":
            run(written_course, force=True)
        else:
            nbgrader(written_course.root, "autograde", STAGE, "--force")

    grade_again()
    grade_by_hand(written_course, "ada", 1.5, "Only half of it.")
    assert scores(written_course) == {"ada": 7.5}
    grade_again()
    with Gradebook(f"sqlite:///{written_course.root}/gradebook.db", "nngrade") as book:
        grade = book.find_grade(ANSWER, STAGE, STAGE, "ada")
        assert (grade.auto_score, grade.manual_score, grade.needs_manual_grade) == (None, 1.5, True)
        assert book.find_comment(ANSWER, STAGE, STAGE, "ada").comment == "Only half of it."
    assert scores(written_course) == {"ada": 7.5}


def grade_by_hand(course: Course, student: str, score: float, comment: str = "") -> None:
    """What formgrader writes when a person grades."""
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "nngrade") as book:
        grade = book.find_grade(ANSWER, STAGE, STAGE, student)
        grade.manual_score, grade.needs_manual_grade = score, False
        book.find_comment(ANSWER, STAGE, STAGE, student).manual_comment = comment or None
        book.db.commit()


def test_what_was_graded_by_hand_is_not_graded_again(written_course: Course) -> None:
    submit_text(written_course, "ada", notebook_text(answered(written_course)))
    run(written_course)
    grade_by_hand(written_course, "ada", 2)
    lesson = written_course.solutions / STAGE / "lesson.py"
    edit(lesson, "- 1 point: whoever calls it", "- 1 point: somebody who calls it")
    assert run(Course(written_course.root))["ada"].outcome == "unchanged"


def test_an_answer_is_no_part_of_the_program(written_course: Course) -> None:
    stage = written_course.stage(STAGE)
    programs = []
    for make, _ in HANDED_IN.values():
        raw = json.dumps(make(written_course)).encode()
        program = recover(parse_notebook(Path("a.ipynb"), raw), stage.lesson)
        assert TEXT not in "".join(cell.source for cell in program.cells)
        programs.append((program.digest, program.cells))
    assert len(programs) == len(HANDED_IN)
    assert all(one == programs[0] for one in programs)


def shown(course: Course, student: str, **resources: Any) -> str:
    """An autograded notebook as nbgrader's exporter shows it."""
    exporter = HTMLExporter()
    exporter.register_preprocessor(ShowRubrics(parent=exporter), enabled=True)
    path = course.root / f"autograded/{student}/{STAGE}/{STAGE}.ipynb"
    page, _ = exporter.from_filename(str(path), resources=resources)
    return str(page)


def test_the_rubric_is_shown_to_graders_and_to_nobody_else(
    written_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in_all(written_course)
    run(written_course)
    monkeypatch.chdir(written_course.root)
    for student, (_, text) in HANDED_IN.items():
        grade_by_hand(written_course, student, 1.25, f"Nearly, {student}.")
        page = shown(written_course, student, submission_id="1", assignment_id=STAGE)
        for words in RUBRIC:
            assert page.count(words) == 1, student
        assert page.index("In your own words") < page.index(RUBRIC[0])
        if text == TEXT:
            assert page.index(RUBRIC[1]) < page.index("keeps the type")
        assert RUBRIC[0] not in shown(written_course, student)

    # Where a lesson cannot be read, formgrader still shows the submission.
    edit(written_course.solutions / STAGE / "lesson.py", "# %% demo", "# %% dmo")
    page = shown(written_course, "answered", submission_id="1", assignment_id=STAGE)
    assert "keeps the type" in page
    assert RUBRIC[0] not in page
    edit(written_course.solutions / STAGE / "lesson.py", "# %% dmo", "# %% demo")

    nbgrader(written_course.root, "generate_feedback", STAGE)
    for student in HANDED_IN:
        page = (written_course.root / f"feedback/{student}/{STAGE}/{STAGE}.html").read_text()
        assert f"Nearly, {student}." in page
        assert page.count("Score: 1.25 / 2.0") == 2  # in the list, at the cell
        assert "(Score: 7.25 / 8.0)" in page
    for path in written_course.root.rglob("*"):
        inner = path.relative_to(written_course.root)
        if path.is_file() and inner.parts[0] != "solutions":
            content = path.read_bytes().decode("utf-8", "replace")
            assert not [words for words in RUBRIC if words in content], inner


def test_html_in_an_answer_does_nothing_to_the_grader(
    written_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = answered(written_course, HOSTILE)
    own = {"cell_type": "raw", "id": "own", "source": HOSTILE}
    notebook["cells"].append({**own, "metadata": {"raw_mimetype": "text/html"}})
    submit_text(written_course, "eve", notebook_text(notebook))
    run(written_course)
    monkeypatch.chdir(written_course.root)
    page = shown(written_course, "eve", submission_id="1", assignment_id=STAGE)
    assert "<script>fetch" not in page
    assert "<img src=x" not in page
    links = [one for one in re.findall('href="([^"]*)"', page) if "alert" in one or "script" in one]
    assert links == []
    assert 'href="https://example.org"' in page
    assert page.count("fetch(") == 2  # as text


# Sheets.


def test_sheets_have_the_manual_scores(written_course: Course, tmp_path: Path) -> None:
    for student in ("ada", "bob"):
        submit_text(written_course, student, notebook_text(answered(written_course)))
    submit_text(written_course, "cyd", notebook_text(right(written_course)))
    submit_text(written_course, "dan", "no notebook")
    root = written_course.root
    nngrade(root, *RUN, ok=False)
    grade_by_hand(written_course, "ada", 1.5)
    with Gradebook(f"sqlite:///{root}/gradebook.db", "nngrade") as book:
        grade = book.find_grade("tests-total", STAGE, STAGE, "ada")
        grade.manual_score, grade.extra_credit = 2.5, 0.25
        grade = book.find_grade("tests-total", STAGE, STAGE, "bob")
        grade.notebook.late_submission_penalty = 1
        book.db.commit()

    names = ("csv", "canvas", "moodle")
    sheets = [one for name in names for one in ("--format", name, "--output", tmp_path / name)]
    done = nngrade(root, *RUN, *map(str, sheets), ok=False)
    assert done.returncode == 2
    assert "3 unchanged since they were graded, 1 not graded." in done.stdout
    found = {name: rows((tmp_path / name).read_text()) for name in names}
    head, *submissions = found["csv"]
    assert head[-5:] == ["written", "max_written", "late_penalty", "total", "max_total"]
    assert {one[0]: [one[3], one[4], *one[-5:]] for one in submissions} == {
        "ada": ["5.75", "6", "1.5", "2", "0", "7.25", "8"],
        "bob": ["6", "6", "", "2", "1", "", "8"],
        "cyd": ["6", "6", "0", "2", "0", "6", "8"],
        "dan": ["", "6", "", "", "", "", ""],
    }
    assert found["canvas"] == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", STAGE, f"{STAGE} written"],
        ["Points Possible", "", "", "", "", "6", "2"],
        ["ada", "", "", "ada", "", "5.75", "1.5"],
        ["bob", "", "", "bob", "", "5", ""],
        ["cyd", "", "", "cyd", "", "6", "0"],
    ]
    assert found["moodle"] == [
        ["student", STAGE, f"{STAGE} written"],
        ["ada", "5.75", "1.5"],
        ["bob", "5", ""],
        ["cyd", "6", "0"],
    ]
    # The same total as nbgrader's own.
    nbgrader(root, "export", "--to", str(tmp_path / "export.csv"))
    with (tmp_path / "export.csv").open(newline="") as file:
        exported = {
            one["student_id"]: one for one in csv.DictReader(file) if one["assignment"] == STAGE
        }
    assert float(exported["ada"]["score"]) == 7.25
    assert float(exported["ada"]["max_score"]) == 8


def test_sheets_of_a_class_run_need_files_and_take_no_other_format(classroom: Course) -> None:
    done = nngrade(classroom.root, *RUN, "--format", "csv", ok=False)
    assert (done.returncode, "each --format needs an --output" in done.stderr) == (2, True)
    done = nngrade(classroom.root, *RUN, "--format", "html", "--output", "a.html", ok=False)
    assert (done.returncode, "--gradebook goes with --format csv" in done.stderr) == (2, True)


# Switched off, and gradebooks of before.


def test_written_answers_can_be_left_out(written_course: Course) -> None:
    handed_out_before = notebook_text(as_code(written_course))
    options = written_course.options_file
    options.write_text("[written]\nenabled = false\n")
    course = Course(written_course.root)
    nngrade(course.root, "build", STAGE)
    built = json.dumps(untouched(course, course.stage(STAGE)))
    assert "why_floats" not in built
    assert "In your own words" not in built
    with (
        GradebookWriter(course, "hints") as book,
        pytest.raises(CourseError, match=r"written answers .* are not those of the course"),
    ):
        book.require(course.stage(STAGE))
    nbgrader(course.root, "generate_assignment", STAGE)
    # A notebook that was handed out before is graded, too; nobody grades its answer.
    submit_text(course, "ada", handed_out_before)
    assert run(course)["ada"].outcome == "graded"
    assert scores(course) == {"ada": 6}


def test_what_else_stands_there_is_refused(written_course: Course) -> None:
    written_course.options_file.write_text("[written]\nenabled = 0\n")
    with pytest.raises(CourseError, match=r"enabled in .written. must be true or false, not 0"):
        _ = Course(written_course.root).stage(STAGE).lesson


def test_a_gradebook_of_before_is_not_written(written_course: Course, classroom: Course) -> None:
    shutil.copy(classroom.root / "gradebook.db", written_course.root / "gradebook.db")
    submit_text(written_course, "ada", notebook_text(answered(written_course)))
    event = run(written_course)["ada"]
    assert event.outcome == "failed"
    assert "tasks and written answers" in event.problem


def test_the_notebook_asks_and_leaves_room(written_course: Course) -> None:
    notebook = nbformat.from_dict(untouched(written_course, written_course.stage(STAGE)))
    nbformat.validate(notebook)
    question, answer = cell_of(notebook, QUESTION), cell_of(notebook, ANSWER)
    assert question["cell_type"] == answer["cell_type"] == "markdown"
    assert "Two sentences" in "".join(question["source"])
    assert "RUBRIC" not in "".join(question["source"])
    assert "".join(answer["source"]) == TEXT_STUB
    flags = ("grade", "solution", "locked", "task")
    assert [question["metadata"]["nbgrader"][one] for one in flags] == [False, False, True, False]
    assert [answer["metadata"]["nbgrader"][one] for one in flags] == [True, True, False, False]
    assert answer["metadata"]["nbgrader"]["points"] == 2
    assert written_course.stage(STAGE).max_score == 6
