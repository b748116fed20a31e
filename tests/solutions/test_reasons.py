"""What is said of mistakes in the real course: nothing untrue, and of whom it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Course
from nngrade.grading.grader import Grader
from nngrade.results import CheckResult

pytestmark = pytest.mark.slow


def graded(
    grader: Grader, course: Course, folder: Path, stage: str, **answers: str
) -> dict[str, CheckResult]:
    """The checks that are lost by a notebook that is right but for these functions, by their id."""
    one = course.stage(stage)
    notebook = fill(untouched(course, one), one, {**solutions(one), **answers})
    path = write_specimen(Specimen("sam", one, notebook), folder)
    return {check.id: check for check in grader.grade(path, one, "sam").checks if check.message}


PREDICT = "def predict(w, b, X):\n    return (w[0] * X[:, 0] + w[-1] * X[:, -1] + b >= 0) * 1\n"
CLASS_FIRST = """import numpy as np

def fit_random(X, y, n_steps, rng):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = predict(w, b, X) != y
        classes = np.unique(y[wrong])
        if not len(classes):
            break
        i = rng.choice(np.flatnonzero(wrong & (y == rng.choice(classes))))
        w, b = update(w, b, X[i], y[i])
    return w, b
"""


def test_a_loan_that_ends_is_not_taken_for_a_change_of_mind(
    grader: Grader, real_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generator is used as it should be; who says otherwise has heard the lender give up."""
    for seconds in (0.15, 1e-3):
        monkeypatch.setattr("nngrade.catalogue.diagnose.LENT_SECONDS", seconds)
        lost = graded(
            grader, real_course, tmp_path, "stage01", predict=PREDICT, fit_random=CLASS_FIRST
        )
        said = [one.diagnosis for id, one in lost.items() if id.startswith("fit_random.")]
        assert said
        assert not any(one is not None and one.relation == "state" for one in said)


def test_an_exception_that_no_probe_meets_is_not_blamed_on_others(
    grader: Grader, real_course: Course, tmp_path: Path
) -> None:
    stage = real_course.stage("stage06")
    adam = next(one for one in stage.misconceptions if one.task == "adam_step").source
    own = solutions(stage)["fit_curve"]
    first_line = next(line for line in own.split("\n") if line.startswith("def fit_curve"))
    source = f"{first_line}\n    return [1, 2][3]\n"
    lost = graded(grader, real_course, tmp_path, "stage06", adam_step=adam, fit_curve=source)
    said = [one for one in lost.values() if one.task == "fit_curve" and one.status == "error"]
    assert said
    for one in said:
        assert one.diagnosis is None
        assert "an entry of a list is asked for that is not there" in one.message


OTHER_LINES = """import numpy as np

def xor_network(X):
    H = np.stack([X[:, 0] + X[:, 1] < 0.5, X[:, 0] + X[:, 1] > 1.5], axis=1).astype(int)
    return H, ((H.sum(axis=1) < 0.5) & (X[:, 0] < 3)).astype(int) * (abs(X[:, 1]) < 1.1)
"""


def test_what_may_differ_is_not_shown_as_wrong(
    grader: Grader, real_course: Course, tmp_path: Path
) -> None:
    """Many pairs of lines solve XOR, and one of them is not the right one."""
    lost = graded(grader, real_course, tmp_path, "stage03", xor_network=OTHER_LINES)
    assert lost
    for one in lost.values():
        assert one.diagnosis is None or one.diagnosis.relation not in ("example", "part")


AVERAGED = """import numpy as np

def cross_entropy(logits, y):
    return float(-np.mean(np.eye(logits.shape[1])[y] * log_softmax(logits)))
"""


def test_visible_tests_that_fail_because_of_others_say_so(
    grader: Grader, real_course: Course, tmp_path: Path
) -> None:
    lost = graded(grader, real_course, tmp_path, "stage07", cross_entropy=AVERAGED)
    (reason,) = lost["cross_entropy_gradient.visible_tests"].reasons
    assert reason.startswith("All else that is asked of cross_entropy_gradient is right")
    assert "cross_entropy, which goes wrong" in reason


BEST_ON_THE_WAY = """import numpy as np

def fit_random(X, y, n_steps, rng):
    w, b = np.zeros(X.shape[1]), 0.0
    best, fewest = (w, b), len(y) + 1
    for step in range(n_steps + 1):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) < fewest:
            best, fewest = (w, b), len(wrong)
        if len(wrong) == 0 or step == n_steps:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return best
"""


def test_the_same_call_three_times_is_evidence_once(
    grader: Grader, real_course: Course, tmp_path: Path
) -> None:
    lost = graded(grader, real_course, tmp_path, "stage01", fit_random=BEST_ON_THE_WAY)
    for one in lost.values():
        assert one.diagnosis is None or one.diagnosis.misconception is None


UINT8 = """import numpy as np

def hinge_loss(logits, y):
    m, K = logits.shape
    rows = np.arange(m)
    Z = np.array([np.roll(row, -label) for row, label in zip(logits, y)], dtype=float)
    margins = np.maximum(0, Z - Z[:, :1] + 1)
    margins[:, 0] = 0
    return float(margins.sum() / m)
"""


def test_labels_of_few_bits_are_told(grader: Grader, real_course: Course, tmp_path: Path) -> None:
    lost = graded(grader, real_course, tmp_path, "stage07", hinge_loss=UINT8)
    (one,) = [one for one in lost.values() if one.diagnosis is not None]
    assert "hinge_loss goes wrong only where y holds integers of few bits" in " ".join(one.reasons)
