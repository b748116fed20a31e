"""The journal of class runs: nothing is graded twice, and no grade lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nngrade.course.stages import Course
from nngrade.gradebook.journal import JOURNAL, Journal
from tests.conftest import nbgrader, nngrade
from tests.gradebook.conftest import RUN, autograded, run, scores, submit
from tests.helpers import STAGE, WRONG


@pytest.mark.slow
def test_what_did_not_change_is_not_graded_again(classroom: Course) -> None:
    submit(classroom, "ada")
    bob = submit(classroom, "bob", {"total": WRONG})
    assert {one.outcome for one in run(classroom).values()} == {"graded"}
    assert {one.outcome for one in run(classroom).values()} == {"unchanged"}
    assert {one.outcome for one in run(classroom, force=True).values()} == {"graded"}
    # A new hour is written, a new answer is graded, a lost notebook is made again.
    (bob.parent / "timestamp.txt").write_text("2026-11-02 10:00:00 UTC")
    assert [one.outcome for one in run(classroom).values()] == ["unchanged", "recovered"]
    submit(classroom, "bob")
    assert [one.outcome for one in run(classroom).values()] == ["unchanged", "graded"]
    shutil.rmtree(classroom.root / "autograded/ada")
    assert [one.outcome for one in run(classroom).values()] == ["recovered", "unchanged"]
    (classroom.root / "gradebook.db").unlink()
    nbgrader(classroom.root, "generate_assignment", STAGE)
    assert [one.outcome for one in run(classroom).values()] == ["recovered", "recovered"]
    assert scores(classroom) == {"ada": 6, "bob": 6}


def test_two_runs_at_once_are_one_too_many(classroom: Course) -> None:
    submit(classroom, "ada")
    with Journal(classroom.root / JOURNAL):
        done = nngrade(classroom.root, *RUN, ok=False)
    assert done.returncode == 2
    assert "another class run is under way" in done.stderr


@pytest.mark.parametrize("damage", ["", "{}", "[1]", "null", '{"checks": 3}'])
def test_a_damaged_entry_is_graded_again(classroom: Course, damage: str) -> None:
    for student in ("ada", "bob"):
        submit(classroom, student)
    run(classroom)
    with sqlite3.connect(classroom.root / JOURNAL) as db:
        db.execute("UPDATE results SET result=? WHERE student='ada'", (damage,))
    with Journal(classroom.root / JOURNAL, reading=True) as journal:
        assert [entry.result.student for entry in journal.of_stage(STAGE)] == ["bob"]
        assert journal.current("ada", STAGE) is None
    assert {who: one.outcome for who, one in run(classroom).items()} == {
        "ada": "graded",
        "bob": "unchanged",
    }
    assert scores(classroom) == {"ada": 6, "bob": 6}


def rows(course: Course) -> dict[tuple[str, str], tuple[str, str]]:
    """What the journal holds, with when it was graded."""
    path = course.root / JOURNAL
    if not path.exists():
        return {}
    with sqlite3.connect(path) as db:
        found = db.execute("SELECT student, key, graded_at, result FROM results")
        return {(student, key): (when, result) for student, key, when, result in found}


@pytest.mark.slow
def test_a_killed_run_loses_no_grade_and_doubles_none(classroom: Course, tmp_path: Path) -> None:
    """Killed at 20 random moments, and run once more: the grades of an undisturbed run."""
    mistakes = [{}, {"total": WRONG}, {"shifted": "def shifted(values, by):\n    return values\n"}]
    for number in range(60):
        submit(classroom, f"s{number:02}", mistakes[number % 3])
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(classroom.root, undisturbed)
    # Inputs depend on the secret, and so may the scores of wrong answers.
    secret = {"NNGRADE_SECRET": "the same secret for both of them"}
    for name in list(secret):
        os.environ[name] = secret[name]
    rng, seen = random.Random(5), rows(classroom)
    try:
        nngrade(undisturbed, *RUN, ok=False)
        kills = 0
        while kills < 20:
            process = subprocess.Popen(
                [sys.executable, "-m", "nngrade", *RUN],
                cwd=classroom.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
            # Wait for the run to begin, so that few of the 20 hit the imports.
            assert process.stderr is not None
            begun = process.stderr.readline()
            time.sleep(rng.uniform(0, 0.12))
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            kills += 1
            now = rows(classroom)
            assert all(now.get(key) == row for key, row in seen.items()), "a result was lost"
            seen = now
            if not begun:
                # All is graded: from here on, kill runs that grade everything anew.
                break
        nngrade(classroom.root, *RUN, ok=False)
        now = rows(classroom)
        assert all(now.get(key) == row for key, row in seen.items()), "graded a second time"
    finally:
        for name in secret:
            del os.environ[name]
    assert kills == 20, f"the run was over after {kills} kills"
    assert len(now) == 60
    assert scores(classroom) == scores(replace(classroom, root=undisturbed))
    assert len(scores(classroom)) == 60
    for name in ("gradebook.db", JOURNAL):
        with sqlite3.connect(classroom.root / name) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(autograded(classroom)) == 60
    for number in (0, 1, 2):
        path = f"autograded/s{number:02}/{STAGE}/{STAGE}.ipynb"
        assert (classroom.root / path).read_text() == (undisturbed / path).read_text()
    assert not list(orphans()), "a grading process outlived its run"


def orphans() -> Iterator[int]:
    """Processes of a class run that nobody waits for any more."""
    time.sleep(0.5)
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            parts = entry.read_bytes().split(b"\0")
            parent = int(entry.with_name("stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if b"nngrade.worker.zygote" in parts and parent == 1:
            yield int(entry.parent.name)
