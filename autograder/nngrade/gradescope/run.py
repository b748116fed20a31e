"""Grade a student's upload on Gradescope: ``python -m nngrade.gradescope.run ROOT``.

Grading runs in a separate process. Whatever happens to it, a valid results.json with a sentence
for the student remains. The instructor sees printed output under "Autograder output".
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from nngrade.course.stages import Course
from nngrade.errors import NngradeError, SubmissionError
from nngrade.gradescope.upload import take_over

__all__ = ["main", "student_of"]

_UNGRADED = "Your submission could not be graded, which is no fault of yours. "
_TELL = "Please tell your instructor."
_STOPPED = _UNGRADED + "The autograder was stopped before it was done. " + _TELL
_NOT_SAFE = _UNGRADED + "The autograder's settings need a change. " + _TELL


def main(root: Path) -> None:
    """Grade the submission in Gradescope's folder and write results.json there.

    Parameters
    ----------
    root : Path
        Gradescope's folder, ``/autograder``.
    """
    results = root / "results" / "results.json"
    _write(results, _sentence(_STOPPED))
    try:
        _close(root)
        plan = json.loads((root / "source" / "nngrade.json").read_text())
        student = student_of(root / "submission_metadata.json")
        until = time.monotonic() + plan["seconds"]
        # In this working directory, messages name a notebook by the student's own path.
        with (
            tempfile.TemporaryDirectory(prefix="nngrade-upload-") as folder,
            contextlib.chdir(folder),
        ):
            notebooks = take_over(root / "submission", Path(folder), Course(root / "source"))
            documents = [
                _grade(root / "source", plan, student, notebook, stage, until)
                for notebook, stage in notebooks
            ]
        _write(results, _together(documents))
    except SubmissionError as error:
        print(f"nngrade: {error}")
        _write(results, _sentence(str(error)))
    except (NngradeError, OSError) as error:
        print(f"nngrade: {error}")


def _close(root: Path) -> None:
    """Make the course and the student's data readable for root only.

    This is a second barrier: the sandbox runs student code as another user with fewer rights.
    """
    for name in ("source", "submission", "results", "submission_metadata.json"):
        if (root / name).exists():
            os.chmod(root / name, 0o700)


def student_of(metadata: Path) -> str:
    """Address of the student who handed in; for a group, the first address in alphabetical order.

    The inputs of checks are drawn for this name, so it must be the same for all uploads of a group.

    Parameters
    ----------
    metadata : Path
        Gradescope's ``submission_metadata.json``.
    """
    from nngrade.submissions.records import NOBODY

    try:
        users = json.loads(metadata.read_text(encoding="utf-8"))["users"]
        names = [str(user.get("email") or user["id"]).strip().lower() for user in users]
        return min(name for name in names if name)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        print(f"nngrade: {metadata.name} does not tell who handed in ({error!r})")
        return NOBODY


def _grade(
    source: Path, plan: dict[str, Any], student: str, notebook: Path, stage: str, until: float
) -> dict[str, Any]:
    """Grade a notebook in a separate process; return the results document for Gradescope."""
    with tempfile.TemporaryDirectory(prefix="nngrade-results-") as folder:
        shown, known = Path(folder, "gradescope.json"), Path(folder, "results.json")
        command = [
            *(sys.executable, "-P", "-m", "nngrade", "--course", str(source), "grade"),
            *("--format", "gradescope", "--output", str(shown)),
            *("--format", "json", "--output", str(known), "--fail-on", "never"),
            *("--sandbox", plan["sandbox"], "--data", plan["data"], f"--student={student}"),
            *("--stage", stage, f"./{notebook}"),
        ]
        grader = subprocess.Popen(
            command,
            env={**os.environ, "NNDATA_HOME": str(source / "mnist")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            said = grader.communicate(timeout=max(0, until - time.monotonic()))[0]
        except subprocess.TimeoutExpired:
            os.killpg(grader.pid, signal.SIGKILL)
            grader.communicate()
            print(f"nngrade: ended after {plan['seconds']:.0f} seconds")
            return _sentence(_too_long(plan["seconds"]))
        print(said.decode("utf-8", "replace"))
        return _for_students(shown, known, source)


def _for_students(shown: Path, known: Path, source: Path) -> dict[str, Any]:
    """Results document for Gradescope; a sentence if grading did not finish.

    Only the instructor sees the reason: it names files and settings of the course.
    """
    try:
        text, error = shown.read_text(), json.loads(known.read_text())["error"]
        document: dict[str, Any] = json.loads(text)
    except (OSError, ValueError, LookupError, TypeError):
        return _sentence(_STOPPED)
    if error is not None:
        return _sentence(_NOT_SAFE if "cannot be confined" in error else _STOPPED)
    return document if str(source) not in text else _sentence(_STOPPED)


def _too_long(seconds: float) -> str:
    return (
        f"Your submission was not graded: it took more than {seconds / 60:.0f} minutes. Look for "
        "loops that do not end or take very long, run your notebook from the top, and upload it "
        "again."
    )


def _together(documents: list[dict[str, Any]]) -> dict[str, Any]:
    """Merge the results documents of several notebooks into one."""
    if len(documents) == 1:
        return documents[0]
    together: dict[str, Any] = {}
    for one in documents:
        together.update(
            {
                **one,
                "score": together.get("score", 0) + one.get("score", 0),
                "output": "\n\n".join([*filter(None, [together.get("output")]), one["output"]]),
                "tests": [*together.get("tests", []), *one["tests"]],
            }
        )
    return together


def _sentence(text: str) -> dict[str, Any]:
    """Results document with a sentence and no points."""
    return {"score": 0, "output": text, "output_format": "text", "tests": []}


def _write(results: Path, document: dict[str, Any]) -> None:
    """Write the results file; if that fails, on a full disk for example, the previous one stays."""
    draft = results.with_name(".results.json")
    try:
        results.parent.mkdir(parents=True, exist_ok=True)
        # A file name that is not valid Unicode must not make the JSON invalid.
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        draft.write_bytes(text.encode("utf-8", "replace"))
        os.replace(draft, results)
    except OSError as error:
        print(f"nngrade: {results} cannot be written ({error.strerror})")


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    main(Path(sys.argv[1]))
