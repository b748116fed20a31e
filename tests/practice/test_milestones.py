"""Milestones run on a student's functions alone, and what these do costs nothing but themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import nngrade.practice.milestones as milestones
from nngrade.authoring.specimens import solutions
from nngrade.course.data import Data
from nngrade.course.stages import Course
from nngrade.limits import WorkerLimits
from nngrade.practice.functions import OwnStage, State, TaskState
from nngrade.practice.milestones import MilestoneReport, run_milestones
from nngrade.submissions.program import ProgramCell
from nngrade.worker.sandbox import Sandbox


def own(course: Course, prefix: str, changed: Mapping[str, str | None]) -> OwnStage:
    """A stage with the solutions, but for what is changed; None leaves a task undone."""
    stage = course.stage(prefix)
    cells = [ProgramCell("given", cell.source, True) for cell in stage.lesson.of_kind("given")]
    tasks = []
    for name, source in {**solutions(stage), **changed}.items():
        state: State = "right" if name not in changed else "missing" if source is None else "wrong"
        tasks.append(TaskState(name, state))
        if source is not None:
            cells.append(ProgramCell(name, source, False))
    return OwnStage(stage.name, Path(f"{prefix}.ipynb"), tuple(cells), tuple(tasks))


@dataclass
class Bench:
    """Runs the milestones of the real course on the digits."""

    course: Course
    sandbox: Sandbox
    folder: Path
    changed: dict[str, dict[str, str | None]] = field(default_factory=dict)

    def reports(self, *prefixes: str) -> dict[str, MilestoneReport]:
        stages = [own(self.course, one, self.changed.get(one, {})) for one in prefixes]
        run = run_milestones(stages, Data("digits"), self.sandbox, WorkerLimits(), self.folder)
        return {one.name: one for one in run}


@pytest.fixture
def bench(real_course: Course, sandbox: Sandbox, tmp_path: Path) -> Bench:
    return Bench(real_course, sandbox, tmp_path / "pictures")


EARLY = ("stage01", "stage03")
LATE = ("stage04", "stage05", "stage06", "stage07")


def test_right_functions_reach_all_milestones_and_leave_pictures(bench: Bench):
    reports = bench.reports(*EARLY, *LATE)
    assert {name: one.state for name, one in reports.items()} == dict.fromkeys(
        ("1958", "1969", "1986"), "reached"
    )
    for one in reports.values():
        assert one.picture is not None
        assert one.picture.read_bytes().startswith(b"\x89PNG")


def test_stages_of_the_same_names_keep_their_own(bench: Bench):
    """Every stage of the course has a `predict`, say; the last one must not replace the first."""
    bench.changed["stage07"] = {"predict": "def predict(*args):\n    raise ValueError('not me')\n"}
    assert bench.reports("stage01", "stage03", "stage07")["1969"].state == "reached"


def test_what_is_missing_is_named_with_its_stage(bench: Bench):
    bench.changed["stage05"] = {"backward": None}
    reports = bench.reports("stage01", "stage04", "stage05", "stage06")
    assert reports["1958"].state == "reached"
    assert (reports["1969"].state, reports["1969"].picture) == ("not yet", None)
    assert reports["1969"].told == (
        "It needs perceptron_layer (stage03, no notebook of it is here).",
    )
    assert reports["1986"].told == (
        "It needs backward (stage05, not done yet); softmax, cross_entropy, "
        "cross_entropy_gradient (stage07, no notebook of it is here).",
    )


def test_a_function_that_is_gone_is_said_to_be_not_in_this_edition(bench: Bench):
    stage = own(bench.course, "stage03", {})
    cells = tuple(one for one in stage.cells if one.label != "perceptron_layer")
    tasks = tuple(one for one in stage.tasks if one.task != "perceptron_layer")
    without = OwnStage(stage.stage, stage.path, cells, tasks)
    stages = [own(bench.course, "stage01", {}), without]
    run = run_milestones(stages, Data("digits"), bench.sandbox, WorkerLimits(), bench.folder)
    reports = {one.name: one for one in run}
    assert reports["1969"].told == ("It needs perceptron_layer (stage03, not in this edition).",)


def test_a_function_that_is_given_serves_as_well(bench: Bench):
    stage = own(bench.course, "stage03", {})
    cells = tuple(ProgramCell(one.label, one.source, True) for one in stage.cells)
    given = OwnStage(stage.stage, stage.path, cells, ())
    stages = [own(bench.course, "stage01", {}), given]
    run = run_milestones(stages, Data("digits"), bench.sandbox, WorkerLimits(), bench.folder)
    assert {one.name: one.state for one in run}["1969"] == "reached"


# What `fit` may do, and what is then said.
FIT = "def fit(X, y, n_epochs):\n    "
FAULTS = {
    "raises": (
        f"{FIT}return np.zeros(3) @ X",
        "Your functions did not get through: ValueError: matmul: ",
    ),
    "returns too little": (f"{FIT}return None", "Your functions did not get through: TypeError: "),
    "ends the process": (
        f"{FIT}import os\n    os.abort()",
        "Your functions did not get through: ",
    ),
    "returns other shapes": (
        f"{FIT}return np.zeros((2, X.shape[1])), 0.0, [0]",
        "Your functions did not get through: ",
    ),
    "returns no plain data": (
        f"{FIT}return np.zeros(X.shape[1]), 0.0, [object()]",
        "Your functions did not get through: ",
    ),
    "learns nothing": (
        f"{FIT}return np.zeros(X.shape[1]), -1.0, [1]",
        "It is right about 89.7 % of 360 digits that it has never seen (target 95.0 %)",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_function_costs_its_milestone_and_is_told(bench: Bench, fault: str):
    source, told = FAULTS[fault]
    bench.changed["stage01"] = {"fit": source}
    report = bench.reports("stage01")["1958"]
    assert report.state == "not reached"
    assert report.told[0] == "Still wrong, and used all the same: fit of stage01."
    assert report.told[1].startswith(told), report.told


def test_an_error_has_its_place_in_the_students_cells(bench: Bench):
    bench.changed["stage01"] = {"fit": f"{FIT}return 1 / 0"}
    report = bench.reports("stage01")["1958"]
    assert report.told[1] == (
        "Your functions did not get through: ZeroDivisionError: division by zero, in cell fit, "
        "line 2 of stage01."
    )


def test_an_endless_function_ends(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(milestones, "SECONDS", 1.0)
    bench.changed["stage01"] = {"fit": f"{FIT}while True:\n        pass"}
    report = bench.reports("stage01")["1958"]
    assert report.state == "not reached"
    assert report.told[1].startswith("Your functions did not get through: ")


def test_labels_that_are_none_cannot_be_used(bench: Bench):
    source = "def predict(w, b, X):\n    return np.zeros((len(X), 2), dtype=int)\n"
    bench.changed["stage01"] = {"predict": source}
    report = bench.reports("stage01")["1958"]
    assert report.state == "not reached"
    assert report.told[1].startswith("What came out cannot be used: 360 whole numbers are needed")


def test_a_perceptron_that_solves_xor_alone_is_not_believed(bench: Bench):
    cheat = f"{FIT}return np.array([1.0, 1.0]), 0.0, [0]"
    answers = "def predict(w, b, X):\n    return (X[:, 0] != X[:, 1]).astype(int)\n"
    bench.changed["stage01"] = {"fit": cheat, "predict": answers}
    report = bench.reports("stage01", "stage03")["1969"]
    assert report.state == "not reached"
    assert "No perceptron learns XOR alone" in report.told[1]


@pytest.fixture
def without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [one for one in sys.modules if one.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(milestones, "is_importable", lambda module: module != "matplotlib")
    return


@pytest.mark.usefixtures("without_matplotlib")
def test_without_matplotlib_there_is_a_sentence_in_the_place_of_a_picture(bench: Bench):
    report = bench.reports("stage01")["1958"]
    assert (report.state, report.picture) == ("reached", None)
    assert report.told[-1] == (
        'A picture needs matplotlib; install it with: pip install "nngrade[plots]"'
    )
    assert not bench.folder.exists()


def test_what_a_milestone_is_stands_in_the_data_package(bench: Bench) -> None:
    """The engine knows nothing of perceptrons."""
    source = Path(milestones.__file__).read_text(encoding="utf-8").lower()
    assert not any(word in source for word in ("perceptron", "xor", "backprop", "stage0"))


def found_names(value: Any) -> set[str]:
    return set(vars(value))


def test_a_milestone_gets_the_functions_that_it_names_and_no_others() -> None:
    from nngrade.worker.side_by_side import SideBySide

    side = SideBySide()
    side.run("one", "a", "def f():\n    return g()\n\n\ndef g():\n    return 1\n")
    side.run("two", "a", "def f():\n    return 2\n")
    needs = {"one": ("f",), "two": ("f", "nothing")}
    given = side.call(
        lambda mine: {stage: found_names(getattr(mine, stage)) for stage in needs}, needs
    )
    assert given == {"found": {"one": {"f"}, "two": {"f"}}}
    assert side.call(lambda mine: [mine.one.f(), mine.two.f()], needs) == {"found": [1, 2]}
    assert side.call(lambda mine: mine.two.nothing(), needs)["error"].startswith("AttributeError")
