"""Ctrl-C and SIGTERM do not look like lost points, and leave valid outputs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Course, Stage
from nngrade.runs.processes import MANY

DEADLINE = 60.0


STOPS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
# Terminals and service managers send a signal to all processes of a run, `kill` to one.
WHOM = [os.killpg, os.kill]


@pytest.mark.parametrize(("number", "code"), STOPS)
@pytest.mark.parametrize("send", WHOM, ids=lambda send: send.__name__)
@pytest.mark.parametrize("submissions", [1, MANY])
def test_a_stopped_grading_says_so_by_its_exit_code(
    course: Course,
    stage: Stage,
    tmp_path: Path,
    number: int,
    code: int,
    send: Callable[[int, int], None],
    submissions: int,
) -> None:
    """One submission is graded in the program's own process, many in processes of their own."""
    answers = {**solutions(stage), "total": "import time\ntime.sleep(500)\n"}
    notebook = fill(untouched(course, stage), stage, answers)
    for student in range(submissions):
        write_specimen(Specimen(f"student{student}", stage, notebook), tmp_path / "submitted")
    output, scratch = tmp_path / "results.json", tmp_path / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-m", "nngrade", "grade", str(tmp_path / "submitted")]
    started = subprocess.Popen(
        [*command, "--json", str(output), "--jobs", "2", "--sandbox", "weak"],
        cwd=course.root,
        env={
            **os.environ,
            "NNGRADE_SECRET": "a secret for tests only",
            "TMPDIR": str(scratch),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    give_up = time.monotonic() + DEADLINE
    while not (output.exists() and any(scratch.glob("nngrade-worker-*"))):
        assert time.monotonic() < give_up
        time.sleep(0.05)
    send(started.pid, number)
    _, said = started.communicate(timeout=DEADLINE)
    assert started.returncode == code
    assert "Traceback" not in said
    assert "stopped" in json.loads(output.read_text())["error"]
    assert list(scratch.glob("nngrade-*")) == []
