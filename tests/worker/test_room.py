"""Where this process may use less than a submission may, nothing is graded."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nngrade.errors import CourseError
from nngrade.limits import WorkerLimits
from nngrade.worker.sandbox import require_room

resource = pytest.importorskip("resource")


@pytest.mark.parametrize(
    ("letter", "value", "option"),
    [
        ("f", 1, "scratch_mib"),
        ("d", 500_000, "memory_mib"),
        ("v", 1_000_000, "memory_mib"),
        ("t", 60, "cpu_seconds"),
    ],
)
def test_a_limit_of_the_shell_is_a_sentence_with_the_fix(
    letter: str, value: int, option: str
) -> None:
    program = (
        "from nngrade.errors import CourseError\n"
        "from nngrade.limits import WorkerLimits\n"
        "from nngrade.worker.sandbox import Sandbox\n"
        "with Sandbox('weak') as sandbox:\n"
        "    try:\n"
        "        sandbox.worker(WorkerLimits(), 0)\n"
        "    except CourseError as error:\n"
        "        print(error)\n"
    )
    command = f'ulimit -{letter} {value} && exec "{sys.executable}" -c "$0"'
    done = subprocess.run(
        ["bash", "-c", command, program], capture_output=True, text=True, check=False
    )
    assert f"ulimit -{letter}" in done.stdout
    assert f"a smaller {option} in [limits]" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_course_may_grant_less() -> None:
    name = resource.RLIMIT_FSIZE
    soft, hard = resource.getrlimit(name)
    resource.setrlimit(name, (32 * 2**20, hard))
    try:
        with pytest.raises(CourseError, match="32 where scratch_mib is 64"):
            require_room(WorkerLimits())
        require_room(WorkerLimits(scratch_mib=32))
    finally:
        resource.setrlimit(name, (soft, hard))
