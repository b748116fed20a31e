"""The moving pictures of the lessons, with the reference's functions, for tests and benchmarks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import numpy as np

from nndata import load_digits, make_moons
from nndata.moving import controls, descent, folding, graph, perceptron, softmax, templates, xor
from nngrade.course.stages import Course


@dataclass
class Moving:
    """What a lesson's function hands to `move`.

    Attributes
    ----------
    stage : str
    name : str
    draw : callable
    values : dict
        The values to choose from, by name.
    options : dict
        The other arguments.
    """

    stage: str
    name: str
    draw: Callable[..., Any] = print
    values: dict[str, Sequence[Any]] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def start(self) -> dict[str, Any]:
        first = {name: choices[0] for name, choices in self.values.items()}
        return {**first, **(self.options.get("start") or {})}

    def positions(self, most: int) -> Iterator[dict[str, Any]]:
        """Where each control alone is moved from one end to the other, in few steps."""
        for name, choices in self.values.items():
            for i in np.unique(np.linspace(0, len(choices) - 1, most).round().astype(int)):
                yield {**self.start, name: choices[i]}

    def pictures(self) -> controls.Pictures:
        return controls.Pictures(self.draw, self.options.get("size", (5.6, 4.2)))


def handed(stage: str, show: Callable[..., None], *args: Any) -> Moving:
    """Call a lesson's function, and keep what it would show."""
    moving = Moving(stage, show.__name__)
    keywords = set(controls.move.__kwdefaults__)

    def move(draw: Callable[..., Any], **rest: Any) -> None:
        moving.draw = draw
        moving.options = {name: one for name, one in rest.items() if name in keywords}
        moving.values = {name: one for name, one in rest.items() if name not in keywords}

    with mock.patch.object(sys.modules[show.__module__], "move", move):
        show(*args)
    return moving


def namespace(course: Course, stage: str) -> Mapping[str, Any]:
    """The functions of a stage, given ones and solutions."""
    (found,) = (one for one in course.stages if one.name.startswith(stage))
    return found.reference.namespace


def moving_pictures(course: Course) -> Iterator[Moving]:
    """Those of all lessons, on data like theirs."""
    one, two, three, four, _, six, seven = (
        namespace(course, f"stage0{number}") for number in range(1, 8)
    )
    X, y = one["X_six"], one["y_six"]
    yield handed("stage01", perceptron.learning, one["update"], one["predict"], X, y)
    X, y = load_digits()
    shape = (8, 8)
    yield handed(
        "stage02", templates.epoch, two["update"], two["scores"], X.reshape(len(X), -1), y, shape
    )
    yield handed("stage03", xor.lines, three["perceptron_layer"])
    moons = make_moons(200, np.random.default_rng(3), noise=0.18)
    yield handed("stage04", folding.width, four["init_params"], four["forward"], {"moons": moons})
    yield handed("stage05", graph.neuron_with_penalty)
    racers = {"SGD": (six["sgd_step"], 0.5), "Adam": (six["adam_step"], 0.5)}
    tracks = {"two valleys": (six["landscape"], np.array([-1.5, 2.0]))}
    yield handed("stage06", descent.race, racers, six["numerical_gradient"], tracks)
    yield handed("stage07", softmax.temperature, seven["softmax"], np.array([1.0, 2.0, 3.0]))
    few, many = (make_moons(m, np.random.default_rng(m), noise=0.35) for m in (60, 500))

    def at_price(l2: float) -> Any:
        return seven["train"](*few, [20], 20, 20, 0.2, np.random.default_rng(3), l2)[0]

    yield handed("stage07", softmax.price, at_price, seven["predict"], few, many, (0.0, 0.1))
