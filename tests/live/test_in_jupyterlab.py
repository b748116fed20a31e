"""What students see in JupyterLab: panels below test cells, in Chromium."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_cache_path

from nngrade.authoring.specimens import solutions
from nngrade.course.stages import Course
from nngrade.live.panel import CLASS
from tests.browser import CONTRAST, NEEDS_CHROMIUM, NotebookPage, open_notebook
from tests.live.answers import EXAMPLES, Example, answered, configured, number_of, titled, write
from tests.live.conftest import Lab

sync = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = sync.expect

pytestmark = [pytest.mark.browser, NEEDS_CHROMIUM]
KINDS = ("undone", "wrong", "crashing", "endless", "right")
FIRST = EXAMPLES[0]
# Rules of accessibility; npm puts them into the first folder that is looked at.
AXE = next(
    (
        path
        for folder in (
            str(user_cache_path("nngrade") / "node_modules"),
            *os.environ.get("NODE_PATH", "").split(os.pathsep),
        )
        if folder and (path := Path(folder) / "axe-core/axe.min.js").is_file()
    ),
    None,
)


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
    code = [
        cell["id"]
        for cell in content["cells"]
        if cell["cell_type"] == "code" and not cell["metadata"].get("jupyter")
    ]  # what is folded away has no number
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


# For everybody: untrusted files, light and dark, narrow windows, screen readers.

PANELS = f".jp-OutputArea-output .{CLASS}"


@pytest.fixture(scope="module")
def saved(lab: Lab, real_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A notebook that was run elsewhere: the server has no reason to trust what is in it."""
    stage = real_course.stage(FIRST.stage)
    answers = {
        **solutions(stage),
        "update": "def update(w, b, x, y):\n    raise NotImplementedError",
    }
    answers["predict"] = FIRST.answer("wrong", real_course)
    content = configured(answered(real_course, stage, answers), "go_on=True")
    last = number_of(content, "tests-fit")
    content["cells"] = [
        cell
        for cell in content["cells"][: last + 1]
        if not cell["id"].startswith(("demo-", "sheet-", "identity-", "question-"))
        or "import nngrade.live" in "".join(cell["source"])
    ]
    path = write(content, stage, tmp_path_factory.mktemp("elsewhere"))
    command = [sys.executable, "-m", "nbconvert", "--execute", "--inplace", "--to", "notebook"]
    subprocess.run([*command, path.name], cwd=path.parent, check=True, capture_output=True)
    shutil.copy(path, lab.folder / "saved.ipynb")
    return "saved.ipynb", [cell["id"] for cell in content["cells"]]


@pytest.fixture(
    params=[("light", 1300), ("dark", 1300), ("dark", 390)], ids=lambda one: f"{one[0]} {one[1]}"
)
def untrusted(request: Any, lab: Lab, saved: Any, new_page: Callable[..., Any]) -> NotebookPage:
    """The saved notebook, opened in a theme and a width."""
    scheme, width = request.param
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    notebook = open_notebook(page, lab.url, *saved)
    (dark,) = page.locator("body").evaluate_all("all => all.map(one => one.dataset.jpThemeLight)")
    assert (dark == "false") == (scheme == "dark")
    if width < 600:
        page.keyboard.press("Control+b")  # the list of files
        expect(page.locator("#jp-left-stack")).to_be_hidden()
    return notebook


@pytest.mark.slow
def test_an_untrusted_file_shows_its_panels(untrusted: NotebookPage) -> None:
    for task, title in (
        ("predict", "✗ predict:"),
        ("separating", "○ separating has to wait for predict."),
        ("signed_distance", "✓ signed_distance passes its"),
        ("update", "○ update is not done yet."),
    ):
        panel = untrusted.cell(f"tests-{task}").locator(PANELS)
        expect(panel.locator("strong")).to_have_text(re.compile(f"^{re.escape(title)}"))
        assert min(panel.evaluate(CONTRAST)) >= 4.5
        # Nothing sticks out of the panel: one reads without scrolling sideways.
        assert panel.evaluate("one => one.scrollWidth - one.clientWidth") <= 0


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_panels(
    lab: Lab, saved: Any, new_page: Callable[..., Any], scheme: str, tmp_path: Path
) -> None:
    """In nbconvert's page of the notebook: in JupyterLab's, axe cannot measure contrast."""
    if AXE is None:
        pytest.skip("axe-core is not installed: npm install --prefix ~/.cache/nngrade axe-core")
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--theme", scheme]
    command += ["--output-dir", str(tmp_path), str(lab.folder / saved[0])]
    subprocess.run(command, check=True, capture_output=True)
    page = new_page(viewport={"width": 390, "height": 900})
    page.goto((tmp_path / "saved.html").as_uri())
    panels = page.get_by_role("group").and_(page.locator(f".{CLASS}"))
    expect(panels).to_have_count(5)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for panel in panels.all():
        found = panel.evaluate("one => axe.run(one)")
        assert [(one["id"], one["nodes"]) for one in found["violations"]] == []
        assert {"color-contrast", "aria-allowed-role"} <= {one["id"] for one in found["passes"]}
