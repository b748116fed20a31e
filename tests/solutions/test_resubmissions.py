"""Handing in again and again teaches nothing about the hidden inputs, and brings no luck."""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path

import pytest

from nngrade.audit.cases import misconceptions
from nngrade.audit.judge import lost, student_with
from nngrade.authoring.specimens import fill, untouched
from nngrade.course.data import Data
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course, Stage, find_course
from nngrade.grading.grader import Grader
from nngrade.results import SubmissionResult
from nngrade.submissions import program as programs
from nngrade.worker.sandbox import Sandbox
from tests.conftest import ROOT, SECRET
from tests.helpers import all_answers

pytestmark = pytest.mark.slow

STAGES = find_course(ROOT).stages
RESUBMISSIONS = 100
COPIES = 100 if all_answers() else 15
# What somebody who knows the signatures only may return without having been told anything.
GUESSES = (
    *("0", "1", "0.0", "[]", "None", "args[0]", "args[-1]", "tuple(args)", "list(args)"),
    *("np.zeros(len(args[-1]))", "np.zeros(len(args[-1]), int)", "np.ones(len(args[-1]), int)"),
)


class Attacker:
    """Knows the names of functions, reads the feedback, and writes answers down.

    Its program returns what is written down for the arguments that it gets. Arguments that it does
    not know yet it reports by an exception, and finds the answer by changing the entries that the
    feedback calls wrong.
    """

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.answers: dict[str, dict[str, list[int]]] = {name: {} for name in names}
        self.asked: dict[str, str] = {}

    def program(self, name: str) -> str:
        return (
            f"import hashlib\nKNOWN_{name} = {self.answers[name]!r}\n"
            f"def {name}(*args):\n"
            f"    key = hashlib.sha256(repr(args).encode()).hexdigest()\n"
            f"    if key in KNOWN_{name}:\n"
            f"        return np.array(KNOWN_{name}[key])\n"
            "    raise ValueError('asked ' + key + ' end of it ' + str(len(args[-1])))\n"
        )

    def learn(self, result: SubmissionResult) -> None:
        for one in result.checks:
            if one.status == "passed" or one.task not in self.answers:
                continue
            known = self.answers[one.task]
            if asked := re.search(r"asked (.*) end of it (\d+)", one.message):
                known[asked[1]] = [0] * int(asked[2])
                self.asked[one.id] = asked[1]
            elif wrong := re.search(r"at \[(\d+)\]", one.message):
                key = self.asked.get(one.id)
                if key in known and int(wrong[1]) < len(known[key]):
                    known[key][int(wrong[1])] ^= 1


def graded(
    course: Course, stage: Stage, grader: Grader, answers: dict[str, str], folder: Path
) -> SubmissionResult:
    path = folder / "submission.ipynb"
    path.write_text(notebook_text(fill(untouched(course, stage), stage, answers)))
    return grader.grade(path, stage, "mallory")


@pytest.fixture(scope="module")
def grader(sandbox: Sandbox) -> Grader:
    """Explains nothing beyond the checks' own words, which is all that the attacker reads."""
    return Grader(SECRET, sandbox, Data("digits"), timeout=10)


@pytest.fixture(scope="module")
def stage(real_course: Course) -> Stage:
    return real_course.stages[0]


def best_of_attacker(
    course: Course, stage: Stage, grader: Grader, folder: Path, times: int
) -> float:
    attacker = Attacker([task.name for task in stage.lesson.tasks])
    best = 0.0
    for number in range(times):
        answers = {name: f"# {number}\n{attacker.program(name)}" for name in attacker.names}
        result = graded(course, stage, grader, answers, folder)
        attacker.learn(result)
        best = max(best, result.score)
    return best


def test_a_hundred_resubmissions_win_no_more_than_guessing(
    real_course: Course, stage: Stage, grader: Grader, tmp_path: Path
) -> None:
    names = [task.name for task in stage.lesson.tasks]
    guessed = dict.fromkeys(names, 0.0)
    for guess in GUESSES:
        answers = {name: f"def {name}(*args):\n    return {guess}\n" for name in names}
        result = graded(real_course, stage, grader, answers, tmp_path)
        for name in names:
            won = sum(one.score for one in result.checks if one.task == name)
            guessed[name] = max(guessed[name], won)
    won = best_of_attacker(real_course, stage, grader, tmp_path, RESUBMISSIONS)
    assert won <= sum(guessed.values())
    assert sum(guessed.values()) <= 1, "guessing constants should win next to nothing"


def test_without_new_inputs_the_attacker_would_win(
    real_course: Course,
    stage: Stage,
    grader: Grader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The test above can fail: with one digest for all programs, answers can be written down."""
    monkeypatch.setattr(programs, "_digest", lambda pieces: "")
    assert best_of_attacker(real_course, stage, grader, tmp_path, 80) >= 2


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_copies_of_a_mistake_that_differ_by_a_comment_get_one_score(stage: Stage) -> None:
    """A comment draws new inputs. Five known mistakes, each of another task."""
    data = Data("digits")
    slow = {check.task for check in stage.checks if check.uses_data}
    quick = [task.name for task in stage.lesson.tasks if task.name not in slow]
    # The first of each task, then the second of each, and so on.
    catalogue = [list(misconceptions(stage, task)) for task in quick]
    chosen = [one for rank in zip_longest(*catalogue) for one in rank if one is not None][:5]
    assert len(chosen) == 5
    for mistake in chosen:
        task = mistake.task
        for check in stage.checks:
            if check.task == task:
                outcomes = {
                    lost(stage, student_with(stage, mistake), check, number, data) is None
                    for number in range(COPIES)
                }
                assert len(outcomes) == 1, f"{mistake.name} loses {check.id} only sometimes"
