"""A notebook in a shell of this process, and what its panels show."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from nngrade.live.hook import Hook
from nngrade.live.panel import text
from nngrade.live.settings import settings
from nngrade.live.verdict import Verdict
from tests.browser import NotebookPage, jupyter_lab, open_notebook
from tests.live.answers import write

# What a notebook begins with, and what its two tasks look like before and after.
IMPORTS = "import numpy as np\nfrom nndata.testing import near, unchanged"
DOUBLED = 'def doubled(x):\n    """Twice x."""\n    '
QUARTER = 'def quarter(x):\n    """Four times x."""\n    '
UNDONE = "raise NotImplementedError"
TEST_DOUBLED = (
    'assert doubled(2.0) == 4, "twice 2 is 4"\nassert near(doubled(np.ones(3)), [2, 2, 2])'
)
TEST_QUARTER = 'assert quarter(1.0) == 4, "4 times 1 is 4"'


@dataclass
class Ran:
    """What came of running a cell.

    Attributes
    ----------
    result : ExecutionResult
        IPython's.
    verdict : Verdict or None
    shown : list of str
        What the hook showed, as plain text.
    printed : str
        What IPython printed, a traceback for instance.
    """

    result: Any
    verdict: Verdict | None
    shown: list[str]
    printed: str

    @property
    def state(self) -> str:
        return self.verdict.state if self.verdict is not None else ""


@dataclass
class Desk:
    """A notebook whose cells are in a file and are run one by one."""

    shell: Any
    path: Path
    cells: dict[str, str] = field(default_factory=dict)
    hook: Any = None
    _verdicts: list[Verdict] = field(default_factory=list)
    _shown: list[dict[str, str]] = field(default_factory=list)

    def open(self, file: bool = True) -> None:
        """Switch the panels on."""
        self.hook = Hook(self.shell, self._shown.append, self._verdicts.append)
        if file:
            self.hook.session.path = self.path
        self.hook.install()

    def save(self) -> None:
        """Write the cells to the file."""
        cells = [
            {"cell_type": "code", "id": name, "metadata": {}, "source": source}
            for name, source in self.cells.items()
        ]
        self.path.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}))

    def write(self, **cells: str) -> None:
        """Add or change cells, ``task_f`` for ``task-f``, and save."""
        self.cells.update({name.replace("_", "-", 1): source for name, source in cells.items()})
        self.save()

    def run(self, source: str, cell_id: str | None = None) -> Ran:
        """Run code, as a cell with an id or without."""
        self._verdicts.clear()
        self._shown.clear()
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            result = self.shell.run_cell(source, store_history=False, cell_id=cell_id)
        verdict = self._verdicts[-1] if self._verdicts else None
        shown = [one["text/plain"] for one in self._shown]
        # What is told is what is shown.
        assert verdict is None or text(verdict) in shown
        return Ran(result, verdict, shown, printed.getvalue())

    def __call__(self, name: str) -> Ran:
        """Run a cell of the notebook, by its id."""
        return self.run(self.cells[name], name)

    def try_(self, task: str, source: str) -> Ran:
        """Put this into a task's cell and run that, then the tests."""
        self.write(**{f"task_{task}": source})
        self(f"task-{task}")
        return self(f"tests-{task}")


def new_shell() -> Any:
    """A shell that leaves the modules of this process alone."""
    HistoryManager.enabled = False
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    return InteractiveShell(config=config, user_module=ModuleType("notebook"))


@pytest.fixture(scope="session")
def _shell() -> Any:
    return new_shell()


@pytest.fixture
def shell(_shell: Any) -> Any:
    _shell.reset(new_session=False)
    return _shell


@pytest.fixture(autouse=True)
def _settings() -> Iterator[None]:
    """Settings as they are in a new kernel, whatever a test makes of them."""
    before = dict(vars(settings))
    settings.panel = True
    yield
    vars(settings).update(before)


@pytest.fixture
def desk(shell: Any, tmp_path: Path) -> Iterator[Desk]:
    """Two tasks, of which the second calls the first; neither is done yet."""
    made = Desk(shell, tmp_path / "stage09_numbers.ipynb")
    made.write(
        given_1=IMPORTS,
        task_doubled=DOUBLED + UNDONE,
        tests_doubled=TEST_DOUBLED,
        task_quarter=QUARTER + UNDONE,
        tests_quarter=TEST_QUARTER,
        demo_1="picture = doubled(np.arange(3))",
    )
    made.open()
    for name in ("given-1", "task-doubled", "task-quarter"):
        assert made(name).result.success
    yield made
    made.hook.remove()


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
    # A panel is there before its cell has ended.
    pytest.importorskip("playwright.sync_api").expect.set_options(timeout=10_000)
    folder = tmp_path_factory.mktemp("lab")
    (folder / "course").mkdir()
    with jupyter_lab(folder / "course", folder / "home") as url:
        yield Lab(folder / "course", url)
