"""The optimisers of stage 6 walk as PyTorch's do: against recorded numbers, and live."""

from __future__ import annotations

import json
import warnings
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nngrade.course.reference import Reference
from nngrade.course.stages import Course
from tests.conftest import ROOT
from tests.oracles import record_optimisers as oracle

RECORD = json.loads((ROOT / "tests/oracles/optimisers.json").read_text(encoding="utf-8"))
WALKS: dict[str, dict[str, Any]] = RECORD["walks"]


@pytest.fixture(scope="module")
def lesson(real_course: Course) -> Reference:
    return real_course.stage("stage06_gradient_descent").reference


def walk_of_the_lesson(
    lesson: Reference, walk: dict[str, Any], n_steps: int
) -> NDArray[np.float64]:
    step = getattr(lesson, walk["step"])
    theta, state, path = np.array(oracle.START), None, []
    for _ in range(n_steps):
        gradient = oracle.gradient(theta)
        theta, state = step(
            theta, gradient, state, walk["learning_rate"], **walk.get("options", {})
        )
        path.append(theta)
    return np.array(path)


@pytest.mark.parametrize("name", WALKS)
def test_a_walk_equals_the_recorded_one_of_pytorch(lesson: Reference, name: str) -> None:
    expected = np.array(WALKS[name]["path"])
    assert expected.shape == (50, 3)
    actual = walk_of_the_lesson(lesson, WALKS[name], 50)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", WALKS)
def test_a_recorded_walk_goes_somewhere(name: str) -> None:
    path = np.array([oracle.START, *WALKS[name]["path"]])
    assert np.all(np.isfinite(path))
    assert np.all(np.abs(np.diff(path, axis=0)).max(axis=1) > 1e-8), "a step that does not move"


def test_every_step_of_the_lesson_has_a_recorded_walk(lesson: Reference) -> None:
    steps = {name for name in lesson.namespace if name.endswith("_step")}
    assert steps == {walk["step"] for walk in WALKS.values()}


def test_the_record_is_that_of_the_script() -> None:
    recorded = {
        name: {key: value for key, value in walk.items() if key != "path"}
        for name, walk in WALKS.items()
    }
    assert recorded == oracle.WALKS
    assert RECORD["start"] == oracle.START


@pytest.mark.parametrize("name", WALKS)
def test_a_walk_equals_that_of_the_installed_pytorch(lesson: Reference, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what importing PyTorch warns of is not our business
        pytest.importorskip("torch")
        expected = oracle.torch_walk(WALKS[name])
    actual = walk_of_the_lesson(lesson, WALKS[name], oracle.N_STEPS)
    np.testing.assert_allclose(actual, np.array(expected), rtol=0, atol=1e-10)
