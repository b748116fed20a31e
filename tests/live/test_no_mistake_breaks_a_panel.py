"""Whatever a function does, its panel is made: nothing that looks for reasons stumbles itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nngrade.authoring.specimens import solutions
from nngrade.course.stages import Course, Stage, find_course
from tests.conftest import ROOT
from tests.live.answers import answered, write

pytestmark = pytest.mark.slow

# Answers one after the other in one process, as a student tries them; what the hook would have
# swallowed is printed.
TRY = """
import json, sys, traceback
from pathlib import Path
from nngrade.live import hook
from nngrade.live.child import NotebookRun, new_shell
from nngrade.live.outline import read_outline
from nngrade.live.settings import configure

broken = []

class told:
    def __enter__(self):
        pass

    def __exit__(self, kind, error, where):
        if kind is not None:
            broken.append("".join(traceback.format_exception(kind, error, where)))
        return kind is not None and issubclass(kind, Exception)

hook._harmless = told
configure(seconds=2, go_on=True)
path, answers = Path(sys.argv[1]), json.loads(sys.stdin.read())
outline = read_outline(path)
run = NotebookRun(path, outline, new_shell())
for cell in outline.cells:
    if cell.kind in ("given", "task", "tests"):
        run.run(cell)
cells = {(cell.kind, cell.task): cell for cell in outline.cells}
for task, name, source in answers:
    run._shell.run_cell(source)
    before = len(broken)
    run.run(cells["tests", task])
    broken[before:] = [f"{name}: {one}" for one in broken[before:]]
    run.run(cells["task", task])
print(json.dumps(broken))
"""


@pytest.mark.parametrize("stage", find_course(ROOT).stages, ids=lambda stage: stage.name)
def test_no_known_mistake_breaks_a_panel(stage: Stage, real_course: Course, tmp_path: Path) -> None:
    path = write(answered(real_course, stage, solutions(stage)), stage, tmp_path)
    answers = [(one.task, one.name, one.source) for one in stage.misconceptions]
    assert len(answers) > 50
    done = subprocess.run(
        [sys.executable, "-c", TRY, path],
        input=json.dumps(answers),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
