"""Questions in JupyterLab, in Chromium: answered by keyboard, read in any theme and width."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import answered, fill, untouched
from nngrade.course.questions import own_draw
from nngrade.course.stages import Course, Stage
from nngrade.live.panel import CLASS
from tests.browser import CONTRAST, NEEDS_CHROMIUM, NotebookPage, open_notebook
from tests.live.answers import write
from tests.live.conftest import Lab

sync = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = sync.expect

pytestmark = [pytest.mark.browser, NEEDS_CHROMIUM]
STAGE = "stage01_perceptron"
PANEL = f".jp-OutputArea-output .{CLASS}"


def opening(course: Course, stage: Stage) -> dict[str, Any]:
    """The notebook's cells that questions need, and those of the questions."""
    notebook = untouched(course, stage)
    kinds = ("sheet", "identity", "question")
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if cell["id"].startswith(kinds) or "import nngrade.live" in "".join(cell["source"])
    ]
    return notebook


@pytest.mark.thorough
def test_questions_are_answered_by_keyboard_alone(
    lab: Lab, new_page: Callable[..., Any], real_course: Course
) -> None:
    stage = real_course.stage(STAGE)
    content = opening(real_course, stage)
    notebook = lab.open(new_page(), content, stage)
    keys = notebook.page.keyboard

    def say(text: str, at: str) -> Any:
        """Type into the selected cell and run it, which selects the next one."""
        keys.press("Enter")
        keys.press("Control+a")
        keys.type(text)
        keys.press("Escape")
        keys.press("Shift+Enter")
        panel = notebook.cell(at).locator(PANEL)
        expect(panel).to_have_count(1)
        return panel

    keys.press("Escape")
    # The import of the panels and the sheet, which is folded away: its text is on no screen.
    for _ in range(2):
        keys.press("Shift+Enter")
    ids = [cell["id"] for cell in content["cells"]]
    sheet, identity = ids[1], ids[2]
    expect(notebook.cell(sheet).locator(".cm-content")).to_have_count(0)
    expect(say('identify("ada")', identity)).to_contain_text("those of ada")
    for name, draws in stage.questions.items():
        cell = f"question-{name}"
        own = own_draw(stage.name, name, draws, "ada")
        right = say(f"answer({name!r}, {own.right!r})", cell)
        expect(right).to_contain_text(f"✓ {name}: {own.right!r} is right.")
        expect(right).to_contain_text(own.judge(own.right).reason.replace("`", ""))
        for key in ("ArrowUp", "Enter", "Control+a"):
            keys.press(key)
        keys.type(f'answer("{name}", None)')
        keys.press("Escape")
        keys.press("Shift+Enter")
        expect(right).to_contain_text("is no answer to this question")
    assert notebook.errors() == []


@pytest.mark.thorough
def test_run_all_goes_through_and_every_question_says_how_it_is_answered(
    lab: Lab, new_page: Callable[..., Any], real_course: Course
) -> None:
    stage = real_course.stage(STAGE)
    notebook = lab.open(new_page(), opening(real_course, stage), stage)
    notebook.run_all()
    assert notebook.errors() == []
    for name in stage.questions:
        panel = notebook.cell(f"question-{name}").locator(PANEL)
        expect(panel).to_contain_text(f"○ {name}: not answered yet.")
        expect(panel).to_have_role("note")


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 1300), ("dark", 1300), ("dark", 390)])
def test_an_untrusted_file_shows_its_answers(
    lab: Lab,
    new_page: Callable[..., Any],
    real_course: Course,
    scheme: str,
    width: int,
    tmp_path: Path,
) -> None:
    stage = real_course.stage(STAGE)
    content = answered(opening(real_course, stage), stage, "ada")
    first = next(iter(stage.questions))
    content = fill(content, stage, {first: f"answer({first!r}, 'a')"})
    path = write(content, stage, tmp_path)
    command = [sys.executable, "-m", "nbconvert", "--execute", "--inplace", "--to", "notebook"]
    subprocess.run([*command, path.name], cwd=path.parent, check=True, capture_output=True)
    shutil.copy(path, lab.folder / "answered.ipynb")
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.set_default_timeout(120_000)
    ids = [cell["id"] for cell in content["cells"]]
    notebook: NotebookPage = open_notebook(page, lab.url, "answered.ipynb", ids)
    if width < 600:
        page.keyboard.press("Control+b")  # the list of files
        expect(page.locator("#jp-left-stack")).to_be_hidden()
    for name in stage.questions:
        panel = notebook.cell(f"question-{name}").locator(PANEL)
        mark = "✗" if name == first else "✓"
        expect(panel.locator("strong")).to_have_text(re.compile(f"^{mark} {name}:"))
        assert min(panel.evaluate(CONTRAST)) >= 4.5
        assert panel.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
