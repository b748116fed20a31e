"""Benchmarks are run by hand, so tests see that they still fit the engine."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

import pytest

from nngrade.course.stages import Course
from tests.conftest import ROOT
from tests.helpers import STAGE
from tests.test_attack_names import engine_names, exists

BENCHMARKS = sorted((ROOT / "tests/benchmarks").glob("*.py"))
NAMES = sorted(
    {
        (path.stem, name)
        for path in BENCHMARKS
        for name in engine_names(ast.parse(path.read_text(encoding="utf-8")))
    }
)


@pytest.mark.parametrize(("benchmark", "name"), NAMES)
def test_a_name_in_a_benchmark_exists(benchmark: str, name: str) -> None:
    assert exists(name), f"tests/benchmarks/{benchmark}.py names {name}, which is gone"


@pytest.mark.thorough
def test_the_sandbox_can_be_timed_beside_bare_python(course: Course) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tests/benchmarks/overhead.py", STAGE, "--rounds", "1"],
        env={**os.environ, "NNGRADE_COURSE": str(course.root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert f"| {STAGE} |" in done.stdout
