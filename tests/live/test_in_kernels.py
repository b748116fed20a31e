"""Panels where a notebook runs without JupyterLab's page, and grades, in which they have no say."""

from __future__ import annotations

import copy
import html
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.execution import execute
from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage, find_course
from nngrade.results import SubmissionResult
from nngrade.submissions.notebook_file import parse_notebook
from nngrade.submissions.program import recover
from tests.conftest import ROOT
from tests.live.answers import EXAMPLES, SECONDS, answered, beginning, configured, titled, write

FIRST = EXAMPLES[0]
KINDS = ("undone", "wrong", "crashing", "endless", "right")


def words(text: str) -> list[str]:
    """Words of HTML, or of plain text, in order; only there is code between backticks."""
    text = re.sub(r"</?code>", "`", text)
    return html.unescape(re.sub(r"<[^>]*>", " ", text)).split()


def panels(node: Any) -> dict[str, dict[str, str]]:
    """What is displayed below each test cell, by the cell's id and the MIME type."""
    return {
        cell.id: dict(cell.outputs[0].data)
        for cell in node.cells
        if cell.id.startswith("tests-") and cell.outputs
    }


def errors(node: Any) -> list[Any]:
    return [
        output
        for cell in node.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error" or output.get("name") == "stderr"
    ]


@pytest.mark.thorough
@pytest.mark.parametrize("kind", KINDS)
def test_a_panel_is_html_and_the_same_in_plain_text(
    kind: str, real_course: Course, tmp_path: Path
) -> None:
    stage = real_course.stage(FIRST.stage)
    notebook = answered(real_course, stage, {FIRST.task: FIRST.answer(kind, real_course)})
    notebook = configured(beginning(notebook, FIRST.task), f"seconds={SECONDS}, go_on=True")
    (tmp_path / f"{stage.name}.ipynb").write_text(notebook_text(notebook))
    node = execute(notebook, tmp_path)
    data = panels(node)[f"tests-{FIRST.task}"]
    assert set(data) == {"text/plain", "text/html"}
    assert data["text/plain"].startswith(titled(FIRST, kind)[1])
    assert words(data["text/html"]) == words(data["text/plain"])
    assert errors(node) == []


@pytest.mark.slow
@pytest.mark.parametrize("stage", find_course(ROOT).stages, ids=lambda stage: stage.name)
def test_an_untouched_notebook_runs_to_its_end_where_it_is_told_to(
    stage: Stage, real_course: Course, tmp_path: Path
) -> None:
    """Nothing is done: a panel for each task, a line for each picture, no traceback."""
    notebook = configured(untouched(real_course, stage), "go_on=True")
    (tmp_path / f"{stage.name}.ipynb").write_text(notebook_text(notebook))
    node = execute(notebook, tmp_path)
    assert errors(node) == []
    shown = panels(node)
    assert list(shown) == [f"tests-{task.name}" for task in stage.lesson.tasks]
    assert all(data["text/plain"].startswith("○ ") for data in shown.values())


@pytest.mark.slow
def test_nbconvert_writes_panels_into_its_page(real_course: Course, tmp_path: Path) -> None:
    stage = real_course.stage(FIRST.stage)
    notebook = answered(real_course, stage, {FIRST.task: FIRST.answer("wrong", real_course)})
    path = write(configured(beginning(notebook, FIRST.task), "go_on=True"), stage, tmp_path)
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html", path.name]
    subprocess.run(command, cwd=path.parent, check=True, capture_output=True)
    page = path.with_suffix(".html").read_text(encoding="utf-8")
    assert page.count('class="nngrade-panel"') == 1
    assert "AssertionError" not in page
    (panel,) = re.findall(r'<div [^>]*class="nngrade-panel".*</div>', page)
    spoken, title = titled(FIRST, "wrong")
    assert f'aria-label="{FIRST.task}: {spoken}"' in panel
    assert " ".join(words(panel)).startswith(title)


# What Windows has: no signal that wakes a thread, no fork.
AS_ON_WINDOWS = """
import os, signal, sys
del signal.pthread_kill, os.fork
from pathlib import Path
from nngrade.live.child import NotebookRun, new_shell
from nngrade.live.outline import read_outline
from nngrade.live.settings import configure

configure(seconds=1, go_on=True)
path = Path(sys.argv[1])
outline = read_outline(path)
run = NotebookRun(path, outline, new_shell())
found = [verdict for cell in outline.cells if (verdict := run.run(cell)) is not None]
sys.stdout = sys.__stdout__
print([(one.task, one.state, one.kind) for one in found])
"""
LOOPS = {
    "of nothing": "    while True:\n        pass\n",
    "that catches exceptions": (
        "    while True:\n        try:\n            np.dot(w, w)\n"
        "        except Exception:\n            pass\n"
    ),
    "of short sleeps": "    import time\n    while True:\n        time.sleep(0.05)\n",
}


@pytest.mark.thorough
@pytest.mark.parametrize("loop", LOOPS)
def test_an_endless_loop_is_ended_without_signals(
    loop: str, real_course: Course, tmp_path: Path
) -> None:
    stage = real_course.stage(FIRST.stage)
    endless = f"def predict({FIRST.signature}):\n{LOOPS[loop]}"
    notebook = beginning(answered(real_course, stage, {"predict": endless}), "predict")
    path = write(notebook, stage, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", AS_ON_WINDOWS, path], capture_output=True, text=True, timeout=60
    )
    *_, last = done.stdout.splitlines()
    assert last == "[('predict', 'failed', 'endless')]", done.stderr


# Grades.


def with_cell(notebook: dict[str, Any], source: str) -> dict[str, Any]:
    """Write something else into the cell that switches panels on."""
    made = copy.deepcopy(notebook)
    (cell,) = (one for one in made["cells"] if "import nngrade.live" in "".join(one["source"]))
    cell["source"] = source.splitlines(keepends=True)
    return made


def without_the_cell(notebook: dict[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(notebook)
    made["cells"] = [
        one for one in made["cells"] if "import nngrade.live" not in "".join(one["source"])
    ]
    return made


def with_panels_in_the_file(notebook: dict[str, Any]) -> dict[str, Any]:
    """What a notebook looks like that was saved after "Run all"."""
    made = copy.deepcopy(notebook)
    said = "✓ predict passes its 23 tests."
    data = {"text/plain": said, "text/html": f'<div role="group">{said}</div>'}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    for number, cell in enumerate(made["cells"]):
        if cell["id"].startswith("tests-"):
            cell["outputs"], cell["execution_count"] = [output], number
    return made


FAKE = """import sys
import types

fake = types.ModuleType("nngrade.live")
fake.__version__ = "99"
fake.configure = lambda **settings: print("20 of 20 points")
sys.modules["nngrade.live"] = fake
import nngrade.live

nngrade.live.configure(go_on=True)
"""
CHANGES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "removed": without_the_cell,
    "panels off": lambda one: with_cell(
        one, "import nngrade.live\nnngrade.live.configure(panel=False)"
    ),
    "saved with panels": with_panels_in_the_file,
}


@pytest.fixture(scope="module")
def graded(grader: Any, real_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Grade a stage-1 notebook; the result without its times, and the program's digest."""
    stage = real_course.stage(FIRST.stage)
    folder = tmp_path_factory.mktemp("graded")

    def grade(notebook: dict[str, Any]) -> tuple[SubmissionResult, str]:
        path = write(notebook, stage, folder)
        result = grader.grade(path, stage, "ann")
        # A cell that is left out moves the others.
        timeless = tuple(replace(check, seconds=0.0, cell=None) for check in result.checks)
        program = recover(parse_notebook(path, path.read_bytes()), stage.lesson)
        return replace(result, checks=timeless, seconds=0.0), program.digest

    return grade


@pytest.fixture(scope="module", params=["right", "wrong"])
def handed_in(request: pytest.FixtureRequest, real_course: Course, graded: Any) -> Any:
    """A notebook as the course has it, and its grade."""
    stage = real_course.stage(FIRST.stage)
    answers = {**solutions(stage), FIRST.task: FIRST.answer(request.param, real_course)}
    notebook = fill(untouched(real_course, stage), stage, answers)
    result, digest = graded(notebook)
    assert (result.score == result.max_score) == (request.param == "right")
    return notebook, result, digest


@pytest.mark.thorough
@pytest.mark.parametrize("change", CHANGES)
def test_panels_have_no_say_in_a_grade(change: str, handed_in: Any, graded: Any) -> None:
    notebook, result, digest = handed_in
    assert graded(CHANGES[change](notebook)) == (result, digest)


@pytest.mark.thorough
def test_neither_has_what_a_student_takes_for_them(handed_in: Any, graded: Any) -> None:
    """Code of a student's own runs; so inputs are drawn anew, and points stay."""
    notebook, result, _ = handed_in
    other, _ = graded(with_cell(notebook, FAKE))
    assert [(one.id, one.status, one.score) for one in other.checks] == [
        (one.id, one.status, one.score) for one in result.checks
    ]
