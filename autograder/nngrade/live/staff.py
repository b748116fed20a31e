"""Hidden checks in the notebook, where the course is at hand and named: `NNGRADE_COURSE`.

Nothing is looked for: hubs share disks, and a course that only lies there is not a student's. What
asks the checks is another process, with the whole of nngrade; this one never reads a secret.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nngrade.live.check import environment

__all__ = ["hidden_checks"]

VARIABLE = "NNGRADE_COURSE"
TUTOR = "nngrade.practice.tutor"

Ask = Callable[[Path, str, Mapping[str, str]], str]


def hidden_checks() -> Ask | None:
    """What asks the hidden checks about a task; None where no course is named."""
    if not os.environ.get(VARIABLE):
        return None
    return _Tutor()


class _Tutor:
    """The process that has the course; it starts with the first question."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __call__(self, path: Path, task: str, sources: Mapping[str, str]) -> str:
        """What the hidden checks say of a task, in lines.

        Parameters
        ----------
        path : Path
            The notebook's file.
        task : str
        sources : mapping of str to str
            Source of each task's cell as it was run last.
        """
        if find_spec("nngrade.grading") is None:
            return (
                f"{VARIABLE} is set, but only the notebooks' part of nngrade is installed here: "
                "no hidden check was asked."
            )
        answer = self._ask({"path": str(path), "task": task, "sources": dict(sources)})
        if answer is None:
            course = os.environ[VARIABLE]
            return f"No hidden check was asked: the course in {course} does not answer."
        if "error" in answer:
            return f"No hidden check was asked: {answer['error']}"
        return f"Hidden checks: {answer['said']}"

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any] | None:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", TUTOR],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env=environment(),
            )
            atexit.register(self._process.kill)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
        except (OSError, ValueError):
            return None
        return answer if isinstance(answer, dict) else None
