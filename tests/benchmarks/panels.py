"""How long a panel takes: from Shift-Enter to the line below the cell, in JupyterLab.

    python tests/benchmarks/panels.py [STAGE…] [--rounds R]

Each task of a stage is solved as in the lesson, then handed in wrongly, by the first known mistake
of its own; before that, each test cell is run once. The clock is the page's: it starts with the key
and stops when the panel is in the page. Printed are, for right and for wrong answers, the median
over tasks and the slowest task, each task by the median of its rounds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.browser import CHROMIUM, NotebookPage, jupyter_lab, open_notebook

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage, find_course
from nngrade.live.panel import CLASS

# Longest wait for a panel, in milliseconds: an endless mistake is ended after 2 seconds.
PATIENCE = 60_000
WATCH = """
([cell, name]) => {
  window.shown = null;
  cell.querySelectorAll('.' + name).forEach(one => one.classList.remove(name));
  const begin = event => {
    if (event.key !== 'Enter') return;
    window.removeEventListener('keydown', begin, true);
    const start = performance.now();
    const observer = new MutationObserver(() => {
      if (cell.querySelector('.' + name)) {
        window.shown = performance.now() - start;
        observer.disconnect();
      }
    });
    observer.observe(cell, {childList: true, subtree: true});
  };
  window.addEventListener('keydown', begin, true);
}
"""


def seconds_to_panel(notebook: NotebookPage, identifier: str) -> float:
    """Run a test cell with Shift-Enter; return how long its panel took."""
    cell, page = notebook.cell(identifier), notebook.page
    cell.locator(".cm-content").click()
    page.evaluate(WATCH, [cell.element_handle(), CLASS])
    page.keyboard.press("Shift+Enter")
    page.wait_for_function("window.shown !== null", timeout=PATIENCE)
    notebook.wait()
    return float(page.evaluate("window.shown")) / 1000


def measure(page: Any, url: str, folder: Path, stage: Stage, course: Course, rounds: int) -> Any:
    """Seconds of each task, for right and for wrong answers."""
    right = solutions(stage)
    content = fill(untouched(course, stage), stage, right)
    for cell in content["cells"]:
        if "import nngrade.live" in "".join(cell["source"]):
            cell["source"] = "import nngrade.live\nnngrade.live.configure(seconds=2)"
            switch = cell["id"]
    content["cells"] = [
        cell
        for cell in content["cells"]
        if cell["id"] == switch or cell["id"].startswith(("given-", "task-", "tests-"))
    ]
    (folder / f"{stage.name}.ipynb").write_text(notebook_text(content))
    notebook = open_notebook(
        page, url, f"{stage.name}.ipynb", [cell["id"] for cell in content["cells"]]
    )
    notebook.run_all()
    mistakes: dict[str, str] = {}
    for one in stage.misconceptions:
        mistakes.setdefault(one.task, one.source)
    found: dict[str, dict[str, float]] = {"right": {}, "wrong": {}}
    for task in right:
        for kind, source in (("right", right[task]), ("wrong", mistakes[task])):
            times = []
            for _ in range(rounds):
                # As after an edit: what is known of the task is not known any more.
                notebook.write(f"task-{task}", source)
                notebook.run(f"task-{task}")
                times.append(seconds_to_panel(notebook, f"tests-{task}"))
            found[kind][task] = statistics.median(times)
        notebook.write(f"task-{task}", right[task])
        notebook.run(f"task-{task}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stages", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    course = find_course(Path(__file__).resolve().parents[2])
    every: dict[str, dict[str, float]] = {"right": {}, "wrong": {}}
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name) / "course"
        folder.mkdir()
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        with jupyter_lab(folder, Path(name) / "home") as url:
            for stage in course.stages:
                if options.stages and not stage.name.startswith(tuple(options.stages)):
                    continue
                page = browser.new_page()
                page.set_default_timeout(PATIENCE)
                found = measure(page, url, folder, stage, course, options.rounds)
                page.close()
                for kind, times in found.items():
                    every[kind] |= {f"{stage.name}.{task}": one for task, one in times.items()}
                    show(f"{stage.name}, {kind}", times)
        browser.close()
    for kind, times in every.items():
        show(f"all, {kind}", times)


def show(what: str, times: dict[str, float]) -> None:
    slowest = max(times, key=times.__getitem__)
    median = statistics.median(times.values())
    print(
        f"{what:40} median {median:.3f} s, slowest {times[slowest]:.3f} s ({slowest})", flush=True
    )


if __name__ == "__main__":
    main()
