"""What failed beside others is tried once more by itself: ``.ci/again.py``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Fails whenever its mark is there, and takes the mark away.
ONCE = """
from pathlib import Path

def test_once():
    mark = Path(__file__).with_name("mark")
    was_there = mark.exists()
    mark.unlink(missing_ok=True)
    assert not was_there

def test_other():
    assert {other}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two tests and the script."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/again.py", tmp_path / ".ci")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "mark").touch()
    return tmp_path


def run(repository: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=repository, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("other", [True, False])
def test_what_fails_twice_fails(repository: Path, other: bool):
    (repository / "test_two.py").write_text(ONCE.format(other=other))
    assert run(repository, "-m", "pytest").returncode == 1
    again = run(repository, ".ci/again.py")
    assert (again.returncode == 0) == other
    assert again.stdout.count("test_two.py::test_once") == (2 if other else 1)


def test_what_nobody_remembers_stays_a_failure(repository: Path):
    again = run(repository, ".ci/again.py")
    assert (again.returncode, again.stdout) == (1, "No test is known to have failed.\n")


def test_many_failures_are_no_accident(repository: Path):
    tests = "\n".join(f"def test_{number}(): assert False" for number in range(6))
    (repository / "test_six.py").write_text(tests)
    assert run(repository, "-m", "pytest").returncode == 1
    again = run(repository, ".ci/again.py")
    assert (again.returncode, again.stdout) == (1, "6 tests failed, which is no accident.\n")
