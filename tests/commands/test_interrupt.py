"""Ctrl-C and SIGTERM do not look like lost points, and leave valid outputs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Course, Stage

DEADLINE = 60.0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -15)])
def test_a_stopped_grading_says_so_by_its_exit_code(
    course: Course, stage: Stage, tmp_path: Path, number: int, code: int
) -> None:
    answers = {**solutions(stage), "total": "import time\ntime.sleep(500)\n"}
    notebook = fill(untouched(course, stage), stage, answers)
    path = write_specimen(Specimen("ann", stage, notebook), tmp_path)
    output = tmp_path / "results.json"
    command = [sys.executable, "-m", "nngrade", "grade", str(path), "--json", str(output)]
    started = subprocess.Popen(
        [*command, "--sandbox", "weak"],
        cwd=course.root,
        env={**os.environ, "NNGRADE_SECRET": "a secret for tests only"},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    give_up = time.monotonic() + DEADLINE
    while not output.exists():
        assert time.monotonic() < give_up
        time.sleep(0.05)
    os.killpg(started.pid, number)
    _, said = started.communicate(timeout=DEADLINE)
    assert started.returncode == code
    assert "Traceback" not in said
    assert "stopped" in json.loads(output.read_text())["error"]
