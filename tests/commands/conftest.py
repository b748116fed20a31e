"""`nngrade` as a program, and submissions to give it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Course
from tests.conftest import ROOT

SCHEMA = json.loads((ROOT / "autograder/nngrade/formats/schema/results-v2.json").read_text())


def nngrade(*args: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nngrade", *map(str, args)],
        cwd=cwd,
        env={**os.environ, "NNGRADE_SECRET": "a secret for tests only", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def submitted(course: Course, tmp_path: Path) -> Path:
    """A submitted/ tree: two students of stage 1, right and untouched."""
    stage = course.stages[0]
    blank = untouched(course, stage)
    right = fill(blank, stage, solutions(stage))
    for name, notebook in (("ann", right), ("bob", blank)):
        write_specimen(Specimen(name, stage, notebook), tmp_path / "submitted")
    return tmp_path / "submitted"
