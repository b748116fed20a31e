"""What students see in JupyterLab: panels below test cells, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import solutions
from nngrade.course.stages import Course
from tests.browser import NEEDS_CHROMIUM, NotebookPage, jupyter_lab, open_notebook
from tests.live.answers import EXAMPLES, Example, answered, configured, titled, write

sync = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = sync.expect

pytestmark = [pytest.mark.browser, NEEDS_CHROMIUM]
KINDS = ("undone", "wrong", "crashing", "endless", "right")
FIRST = EXAMPLES[0]


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that runs in a hand-out's folder."""

    folder: Path
    url: str

    def open(self, page: Any, notebook: dict[str, Any], stage: Any) -> NotebookPage:
        """Write a notebook into the folder and open it."""
        path = write(notebook, stage, self.folder)
        ids = [cell["id"] for cell in notebook["cells"]]
        page.set_default_timeout(120_000)
        return open_notebook(page, self.url, str(path.relative_to(self.folder)), ids)


@pytest.fixture(scope="module")
def lab(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    expect.set_options(timeout=10_000)  # a panel is there before its cell has ended
    folder = tmp_path_factory.mktemp("lab")
    (folder / "course").mkdir()
    with jupyter_lab(folder / "course", folder / "home") as url:
        yield Lab(folder / "course", url)


def run_what_tests_need(notebook: NotebookPage, cells: list[dict[str, Any]], until: str) -> None:
    """Run given cells above a task, and the one that switches the panels on."""
    for cell in cells:
        if cell["id"] == until:
            return
        switch = "import nngrade.live" in "".join(cell["source"])
        if cell["cell_type"] == "code" and (cell["id"].startswith("given-") or switch):
            notebook.run(cell["id"])


def try_answers(lab: Lab, page: Any, course: Course, example: Example, kinds: Any) -> None:
    """Write each answer into the task's cell, run it and its tests, and read the panel."""
    stage = course.stage(example.stage)
    content = configured(answered(course, stage, {}), "seconds=2")
    notebook = lab.open(page, content, stage)
    task, tests = f"task-{example.task}", f"tests-{example.task}"
    run_what_tests_need(notebook, content["cells"], task)
    for kind in kinds:
        notebook.write(task, example.answer(kind, course))
        notebook.run(task)
        notebook.run(tests)
        spoken, title = titled(example, kind)
        panel = notebook.panel(tests)
        expect(panel).to_have_count(1)
        expect(panel).to_have_accessible_name(f"{example.task}: {spoken}")
        expect(panel.locator("strong")).to_have_text(re.compile(f"^{re.escape(title)}"))
        passing = 1 if kind == "right" else 0
        expect(panel).to_contain_text(f"visible tests of {passing} of {len(stage.lesson.tasks)}")
        # One line for programs, no traceback; a task that is done has no word of an error.
        texts = notebook.cell(tests).locator(".jp-OutputArea-output").all_inner_texts()
        assert [one for one in texts if "Traceback" in one] == []
        assert len(texts) == (1 if kind == "right" else 2), texts


@pytest.mark.thorough
def test_a_panel_says_what_is_wrong_and_then_that_nothing_is(
    lab: Lab, new_page: Callable[..., Any], real_course: Course
) -> None:
    try_answers(lab, new_page(), real_course, FIRST, ("wrong", "right"))


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.stage)
def test_each_way_to_answer_a_task_has_its_panel(
    lab: Lab, new_page: Callable[..., Any], real_course: Course, example: Example
) -> None:
    try_answers(lab, new_page(), real_course, example, KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.stage)
def test_run_all_stops_at_the_first_test_that_fails(
    lab: Lab, new_page: Callable[..., Any], real_course: Course, example: Example
) -> None:
    stage = real_course.stage(example.stage)
    answers = {**solutions(stage), example.task: example.answer("wrong", real_course)}
    content = answered(real_course, stage, answers)
    notebook = lab.open(new_page(), content, stage)
    notebook.run_all()
    code = [cell["id"] for cell in content["cells"] if cell["cell_type"] == "code"]
    stop = code.index(f"tests-{example.task}") + 1
    prompts = notebook.prompts()
    assert all(re.fullmatch(r"\[\d+\]:", one) for one in prompts[:stop]), prompts
    assert prompts[stop:] == ["[ ]:"] * len(prompts[stop:])
    expect(notebook.panel(f"tests-{example.task}")).to_have_accessible_name(
        f"{example.task}: failed"
    )
    assert notebook.errors() == ["AssertionError: the panel says why."]


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.stage)
def test_run_all_goes_through_where_it_is_told_to(
    lab: Lab, new_page: Callable[..., Any], real_course: Course, example: Example
) -> None:
    """The first task is wrong, nothing else is done: each test cell has a panel all the same."""
    stage = real_course.stage(example.stage)
    answers = {example.task: example.answer("wrong", real_course)}
    content = configured(answered(real_course, stage, answers), "go_on=True, seconds=2")
    notebook = lab.open(new_page(), content, stage)
    notebook.run_all()
    assert all(re.fullmatch(r"\[\d+\]:", one) for one in notebook.prompts()), notebook.prompts()
    assert notebook.errors() == []
    for task in stage.lesson.tasks:
        expect(notebook.panel(f"tests-{task.name}")).to_have_count(1)
    expect(notebook.panel(f"tests-{example.task}")).to_have_accessible_name(
        f"{example.task}: failed"
    )
