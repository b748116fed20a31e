"""What lessons say of results, held against what their own cells compute, on both data sets.

Where a sentence goes or a number changes, its line in `SAID` does, too.
"""

from __future__ import annotations

import contextlib
import io
import math
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

import nndata
from nngrade.course.stages import find_course
from tests.conftest import ROOT

COURSE = find_course(ROOT)


class Run:
    """A lesson's cells, run with the solutions on one data set.

    Attributes
    ----------
    data : {"digits", "mnist"}
    """

    def __init__(self, stage: str, data: str) -> None:
        self.data = data
        self._cells: list[tuple[str, dict[str, Any]]] = []
        variables: dict[str, Any] = {"__name__": "lesson"}
        for cell in COURSE.stage(stage).lesson.cells:
            if cell.kind not in ("given", "task", "demo"):
                continue
            source = cell.source.replace('DATA = "auto"', f'DATA = "{data}"')
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                # Nothing is shown by a backend that draws into memory, which it says.
                warnings.filterwarnings("ignore", message=".*non-interactive")
                exec(compile(source, f"{stage}, line {cell.line}", "exec"), variables)
            plt.close("all")
            self._cells.append((cell.source, dict(variables)))

    def after(self, fragment: str) -> SimpleNamespace:
        """All variables as they were after the first cell in which these characters stand."""
        for source, variables in self._cells:
            if fragment in source:
                return SimpleNamespace(**variables)
        raise LookupError(f"no cell has {fragment!r} any more")


@cache
def run_of(stage: str, data: str) -> Run:
    """The run of a stage, once for all that is said there."""
    return Run(stage, data)


@cache
def text_of(stage: str) -> str:
    """All text and code of a lesson in one line."""
    return " ".join(" ".join(cell.source for cell in COURSE.stage(stage).lesson.cells).split())


def own(run: Run, digits: Any, mnist: Any) -> Any:
    """What is said of the data set of this run."""
    return {"digits": digits, "mnist": mnist}[run.data]


# Stage 1


def plain_fit_gets_071(run: Run) -> bool:
    return round(float(np.mean(run.after("plain = []").plain)), 2) == 0.71


def more_epochs_help_but_not_each_time(run: Run) -> bool:
    it = run.after("detectors = {")

    def shares(n_epochs: int) -> list[float]:
        w, b, _ = it.detectors[n_epochs]
        return [
            it.accuracy(it.y_train, it.predict(w, b, it.X_train)),
            it.accuracy(it.y_val, it.predict(w, b, it.X_val)),
        ]

    def is_worse(one: int, other: int) -> bool:
        return all(a < b for a, b in zip(shares(one), shares(other), strict=True))

    return is_worse(8, 4) and is_worse(1, 16)


def mistakes_fall_but_not_steadily(run: Run) -> bool:
    mistakes = run.after("detectors = {").detectors[16][2]
    return mistakes[-1] < mistakes[0] and any(np.diff(mistakes) > 0)


def for_at_the_foot_and_against_left_of_the_middle(run: Run) -> bool:
    it = run.after("w, b, mistakes = detectors[best]")
    side = it.images.image_shape[0]
    weights = it.w.reshape(side, side)
    middle, bottom = slice(3 * side // 8, 5 * side // 8), slice(5 * side // 8, 7 * side // 8)
    left = slice(side // 8, side // 2)
    return bool(weights[middle, left].mean() < 0 < weights[bottom, side // 8 :].mean())


def so_many_weights(run: Run) -> bool:
    return run.after("w, b, mistakes = detectors[best]").w.size == own(run, 64, 784)


def fifty_cards_are_enough(run: Run) -> bool:
    return bool(run.after("def make_cards").right_answers > 900)


def no_boundary_makes_a_mistake(run: Run) -> bool:
    it = run.after("X_clouds =")
    return all(
        (it.predict(*it.fit_random(it.X_clouds, it.y_clouds, 1000, rng), it.X_clouds)
         == it.y_clouds).all()
        for rng in map(np.random.default_rng, range(10))
    )  # fmt: skip


def three_neurons_do_logic(run: Run) -> bool:
    said = run.after("neurons = {").said.T.tolist()
    return said == [[0, 0, 0, 1], [0, 1, 1, 1], [1, 1, 0, 0]]


def two_of_three_win(run: Run) -> bool:
    it = run.after("neurons = {")
    votes = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)])
    return it.predict(np.ones(3), -2.0, votes).tolist() == (votes.sum(axis=1) >= 2).tolist()


# Stage 2


def one_in_five_gets_no_answer_or_several(run: Run) -> bool:
    return round(5 * float(np.mean(run.after("how_many =").how_many != 1))) == 1


def the_highest_sum_decides_well(run: Run) -> bool:
    it = run.after("alone =")
    unclear = it.how_many != 1
    right = it.predict(it.W_ten, it.b_ten, it.images.X_test) == it.images.y_test
    return bool(np.mean(right[unclear]) > 0.5)


def ten_perceptrons_read(run: Run) -> bool:
    it = run.after("alone =")
    return abs(it.accuracy(it.images.y_test, it.guesses) - own(run, 0.92, 0.85)) < 0.03


def the_worst_of_sixteen(run: Run) -> bool:
    it = run.after("shares = np.zeros((2, len(budgets), 8))")
    rng, shares = np.random.default_rng(0), []
    for _ in range(16):
        some = rng.choice(len(it.images.X_train), size=700, replace=False)
        W, b = it.plain_rule(it.images.X_train[some], it.images.y_train[some], 10, 300)
        shares.append(it.accuracy(it.images.y_test, it.predict(W, b, it.images.X_test)))
    return 0.6 <= min(shares) <= own(run, 0.8, 0.75)


def the_hole_of_the_0_speaks_against_it(run: Run) -> bool:
    it = run.after("template = W[digit]")
    side = it.images.image_shape[0]
    template = it.W[0].reshape(side, side)
    hole = slice(3 * side // 8, 5 * side // 8)
    return bool(template[hole, hole].mean() < template.mean() - template.std())


def the_1s_fall_apart_most_clearly(run: Run) -> bool:
    it = run.after("def find_kinds")
    explained = []  # of the variance of a digit's images, by which of two kinds they are
    for digit in range(10):
        X = it.X_train[it.y_train == digit][:1000]
        total = np.sum((X - X.mean(axis=0)) ** 2)
        shares = []
        for rng in map(np.random.default_rng, range(3)):
            centres, kind = it.find_kinds(X, 2, 10, rng)
            shares.append(1 - np.sum((X - centres[kind]) ** 2) / total)
        explained.append(max(shares))
    return explained[1] > 1.2 * max(explained[:1] + explained[2:])


def the_plain_rule_is_restless(run: Run) -> bool:
    return bool(np.ptp(run.after("restless =").restless[-100:]) > 0.2)


def luck_changes_most(run: Run) -> bool:
    plain, ours = np.ptp(run.after("shares = np.zeros((2, len(budgets), 8))").shares, axis=2)
    return bool(np.all(ours[-3:] < plain[-3:] / 2))


# Stages 3 to 6 use no images but those of the small digits, whatever is installed.


def twelve_epochs_at_the_most(run: Run) -> bool:
    it = run.after("learnable_boolean_functions(n_inputs)")
    needed = []
    for n_inputs in (1, 2, 3):
        X = it.binary_digits(range(2**n_inputs), n_inputs)
        for y in it.learnable_boolean_functions(n_inputs):
            needed.append(len(it.fit(X, y, 100)[2]))
    return max(needed) == 12


def all_four_are_wrong_from_the_third_epoch_on(run: Run) -> bool:
    mistakes = run.after("four_functions.items()}\nfig, ax").history["XOR"]
    return mistakes[2:] == [4] * (len(mistakes) - 2) and max(mistakes[:2]) < 4


def a_thesis_and_postcodes(run: Run) -> bool:
    first, second = (" ".join(what for _, what in one) for one in run.after("events = [").in_winter)
    return "backpropagation" in first and "postcodes" in second


def so_many_monomials(run: Run) -> bool:
    def up_to(degree: int, n: int) -> int:
        return math.comb(n + degree, degree) - 1

    return (up_to(10, 2), up_to(2, 784)) == (65, 308_504) and up_to(10, 784) > 10**22


def one_circle_is_on_the_wrong_side(run: Run) -> bool:
    it = run.after("X_rings, y_rings = make_rings")
    sums = np.abs(it.X_rings).sum(axis=1)
    wrong = [np.flatnonzero((sums >= limit) != it.y_rings) for limit in (1.7, 1.85)]
    return it.y_rings[wrong[0]].tolist() == [0] and len(wrong[1]) == 0


def twice_the_bumps_half_the_error(run: Run) -> bool:
    errors = np.array(run.after("errors = [np.max(").errors)
    return bool(np.all(np.abs(errors[2:-1] / errors[3:] - 2) < 0.3))


def the_400_are_right(run: Run) -> bool:
    given, others = run.after("right_answers[400:]").shares
    return bool(given == 100 and others < 50)


def folds_double_the_corners(run: Run) -> bool:
    it = run.after("def sawtooth")
    return (
        it.corners.tolist() == [2**k + 1 for k in it.n_folds]
        and it.neurons.tolist() == [3 * k for k in it.n_folds]
        and [sum(len(b) for _, b in it.sawtooth(k)[:-1]) for k in it.n_folds] == list(it.neurons)
    )


def depth_alone_makes_few_corners(run: Run) -> bool:
    it = run.after("def sawtooth")
    return bool(it.random_corners[-1] < 0.1 * it.corners[-1])


def two_relus_close_none(run: Run) -> bool:
    it, rng = run.after("def sawtooth"), np.random.default_rng(0)
    turns = np.linspace(0, 2 * np.pi, 721)
    near = rng.uniform(-2, 2, size=(500, 2))
    far = 1e6 * np.column_stack([np.cos(turns), np.sin(turns)])

    def inside(params: Any, X: Any) -> Any:
        return it.forward(params, X, ["relu", "linear"])[0] < 0

    def drawn(shape: tuple[int, ...]) -> Any:
        return rng.normal(size=shape), rng.normal(size=shape[0])

    twos = [[drawn((2, 2)), drawn((1, 2))] for _ in range(300)]
    corners = np.column_stack([np.cos(turns[:720:240]), np.sin(turns[:720:240])])
    three = [(corners, np.zeros(3)), (np.ones((1, 3)), np.array([-1.0]))]
    return (
        any(inside(two, near).any() for two in twos)
        and all(inside(two, far).any() for two in twos if inside(two, near).any())
        and bool(inside(three, near).any() and not inside(three, far).any())
    )


def overwritten_gradients(run: Run) -> bool:
    it = run.after("def fan_out")
    last, first = it.d["z_2"] * it.w_B, it.d["z_3"] * 2 * it.w_C * it.z_1
    found = [last, first, it.d["z_1"], last * it.x, it.d["w_A"], last * it.w_A, it.d["x"]]
    return found == [8, -6, 2, 16, 4, 12, 3]


def the_sigmoid_comes_last(run: Run) -> bool:
    it = run.after("trained = {}")
    losses = {name: losses[-1] for name, (_, losses) in it.trained.items()}
    return max(losses, key=losses.__getitem__) == "sigmoid"


def gradients_vanish(run: Run) -> bool:
    sizes = run.after('["relu", "tanh", "sigmoid"]').sizes  # of the last of them
    left = (sizes[0] / sizes[-1]) ** (1 / (len(sizes) - 1))
    return bool(abs(left - 1 / 5) < 0.05 and sizes[0] < 1e-7 * sizes[-1])


def the_steps_of_a_flat_valley(run: Run) -> bool:
    return (round(math.log(0.1, 1 - 1 / 8)), round(math.log(0.1, 1 - 1 / 1000), -2)) == (17, 2300)


def the_saddle_is_left(run: Run) -> bool:
    return 1e-10 * 1.1**235 < 1 < 1e-10 * 1.1**245


def the_slopes_are_galtons(run: Run) -> bool:
    it = run.after("forth = normal_equation(")
    return bool(
        abs(it.forth[0] - 2 / 3) < 0.05
        and abs(it.back[0] - 1 / 3) < 0.05
        and abs(it.children.std() / it.fathers.std() - 1) < 0.05
    )


def half_are_as_near_as_galton_says(run: Run) -> bool:
    it = run.after("forth = normal_equation(")
    line = 68.25 + (it.parents - 68.25) * 2 / 3
    shares = [
        np.mean(np.abs(it.parents - 68.25) < 1.22),
        np.mean(np.abs(it.children - line) < 1.50),
    ]
    return bool(np.all(np.abs(np.array(shares) - 0.5) < 0.05)) and len(it.children) == 928


def a_third_each(run: Run) -> bool:
    it = run.after("plane = normal_equation(")
    return bool(np.all(np.abs(it.plane[:2] - 1 / 3) < 0.04))


def the_bowl_gets_rounder(run: Run) -> bool:
    walks = run.after("walks = {}").walks
    H = [np.linalg.eigvalsh(walk[0]) for walk in walks.values()]
    conditions = [steepest / flattest for flattest, steepest in H]
    H_centred = walks["centred"][0]
    return bool(
        conditions == sorted(conditions, reverse=True)
        and np.isclose(conditions[-1], 1)
        and abs(H_centred[0, 1]) < 1e-9
    )


def the_peak_is_at_mean_and_deviation(run: Run) -> bool:
    it = run.after("def unlikelihood(")
    x = it.twenty
    with_m, with_less = x.std(), x.std(ddof=1)
    return bool(
        np.allclose(it.climb[-1], [x.mean(), with_m], atol=1e-5)
        and it.unlikelihood(np.array([x.mean(), with_m]))
        < it.unlikelihood(np.array([x.mean(), with_less]))
    )


def only_one_distance_goes_to_0(run: Run) -> bool:
    """Ten times as long, the noise of the constant rates is as it was, and the walk gets on."""
    it = run.after("distances = {}")

    def distance(sequence: Any) -> Any:
        rng, found = np.random.default_rng(1), []
        theta = np.zeros((300, 2))
        for rate in sequence:
            i = rng.integers(len(it.y_line), size=300)
            r = np.sum(theta * it.X_line[i], axis=1) - it.y_line[i]
            theta = theta - rate * r[:, None] * it.X_line[i]
            found.append(np.sqrt(np.mean(np.sum((theta - it.exact) ** 2, axis=1))))
        return np.array(found)

    k = np.arange(10_000)
    large, small = (distance(np.full(len(k), rate)) for rate in (0.1, 0.01))
    falling, short = distance(0.1 / (1 + k / 50)), distance(0.1 / (1 + k / 4) ** 2)

    def is_level(found: Any) -> bool:
        return bool(abs(found[8000:].mean() / found[3000:5000].mean() - 1) < 0.05)

    return bool(
        is_level(large)
        and is_level(small)
        and small[-1] < large[-1] / 2
        and abs(falling[-1] / falling[999] * np.sqrt(10) - 1) < 0.25
        and short[-1] > short[0] / 2
    )


def batches_of_30_do_better(run: Run) -> bool:
    it = run.after("theta = np.array([0.2, 0.5])")
    one, thirty = (
        np.sqrt(
            np.mean(
                [
                    np.sum((it.squared_error(it.theta, X, y)[1] - it.whole) ** 2)
                    for rng in map(np.random.default_rng, range(40))
                    for X, y in it.minibatches(it.X_line, it.y_line, size, rng)
                ]
            )
        )
        for size in (1, 30)
    )
    return bool(thirty < 0.9 * one / np.sqrt(30))


def the_race_turned(run: Run) -> bool:
    it = run.after("ravines = [")
    heights: dict[str, list[float]] = {}
    for _, f, start in it.ravines:
        for name, (step, rate) in it.racers.items():
            theta, state = start, None
            for _ in range(60):
                theta, state = step(theta, it.numerical_gradient(f, theta), state, rate)
            heights.setdefault(name, []).append(float(f(theta)))
    by_coordinate, turning = ("AdaGrad", "RMSprop"), ("SGD", "momentum", "Nesterov")
    return (
        all(heights[name][0] < heights["momentum"][0] for name in by_coordinate)
        and all(heights[name][1] > 5 * heights["momentum"][1] for name in by_coordinate)
        and all(np.isclose(*heights[name], rtol=1e-3) for name in turning)
    )


# Stage 7


def the_first_loss_is_a_little_above_log_10(run: Run) -> bool:
    return math.log(10) < run.after("params, losses = train(X_train, y_train, [128]").losses[0] < 3


def the_validation_loss_turns_and_climbs(run: Run) -> bool:
    history = run.after('("Overfit", [50, 50], 0.0)').history  # of the last of the three
    training, validation = history["training"], history["validation"]
    return bool(validation[-1] > 1.2 * min(validation) and training[-1] < min(training[:10]))


def with_a_price_larger_is_better(run: Run) -> bool:
    it = run.after('title="Size, with and without a price"')

    def loss(width: int) -> float:
        several = []
        for seed in (1, 2, 3):
            few = it.make_moons(40, np.random.default_rng(seed), noise=0.35)
            params, _ = it.train(*few, [width], 400, 40, 0.5, np.random.default_rng(seed))
            logits, _ = it.forward(params, it.X_val, it.classifier_activations(params))
            several.append(it.cross_entropy(logits, it.y_val))
        return float(np.mean(several))

    with_price = it.val_losses  # of the second of the two prices
    return with_price == sorted(with_price, reverse=True) and loss(8) < loss(128)


@cache
def plain_descent(run: Run) -> tuple[float, float]:
    """What section 8 gets on a budget, on the test images and on those for validation."""
    it = run.after("def section_8")
    shares = []
    for seed in range(own(run, 10, 1)):
        rng = np.random.default_rng(seed)
        X, X_val, y, y_val = it.train_val_split(it.images.X_train, it.images.y_train, rng)
        draw = it.make_dealer(X, y, it.n_epochs, rng)
        n_examples = it.n_epochs * len(X)
        params = it.section_8()(draw, X.shape[1], 10, n_examples, it.max_params, rng)
        test = it.accuracy(params, it.images.X_test, it.images.y_test)
        shares.append((test, it.accuracy(params, X_val, y_val)))
    test, validation = np.mean(shares, axis=0)
    return float(test), float(validation)


def section_8_gets(run: Run) -> bool:
    return abs(plain_descent(run)[0] - own(run, 0.913, 0.955)) < own(run, 0.01, 0.004)


def which_test_images_are_easier(run: Run) -> bool:
    test, validation = plain_descent(run)
    return test < validation if run.data == "digits" else test > validation


def the_bank_resembles_no_digits(run: Run) -> bool:
    alone, bank = run.after("def likeness").like
    return bool(alone > 0.7 and bank < 0.4)


def each_neuron_speaks_for_half_of_the_digits(run: Run) -> bool:
    return bool(4 < run.after("def likeness").speaks_for < 6)


def hog_reads_better_than_pixels(run: Run) -> bool:
    it = run.after("def hog")
    shares = []
    for seed in range(3):
        for X, X_val in ((it.X_train[: it.few], it.X_val), (it.edges, it.edges_val)):
            rng = np.random.default_rng(seed)
            params, _ = it.train(X, it.y_train[: it.few], [], it.quick, 32, 0.1, rng)
            shares.append(it.accuracy(params, X_val, it.y_val))
    return all(edges > pixels for pixels, edges in zip(shares[::2], shares[1::2], strict=True))


def more_images_make_the_network_better(run: Run) -> bool:
    it = run.after("def hog")
    few, all_of_them = it.match["128 learnt"], it.accuracy(it.params, it.X_val, it.y_val)
    # Of the digits there are no more than these.
    return bool(len(it.X_train) == it.few or all_of_them > few)


def either_loss_reads_as_well(run: Run) -> bool:
    shares = run.after("def hinge_gradient").on_val.values()
    return bool(np.ptp(list(shares)) < 0.02)


def few_support_vectors_and_all_that_softmax_pulls(run: Run) -> bool:
    pulls = run.after("def hinge_gradient").pulls
    return bool(np.mean(pulls["hinge"] > 0) < 0.5 and np.all(pulls["cross-entropy"] > 0))


def plain_descent_is_last_and_adam_first(run: Run) -> bool:
    best = {name: min(several) for name, several in run.after("racers = {").means.items()}
    order = sorted(best, key=lambda name: best[name])
    return (order[0], order[-1]) == ("Adam", "SGD")


def the_rate_matters_more_than_the_optimiser(run: Run) -> bool:
    several = list(run.after("racers = {").means.values())
    return bool(np.mean([np.ptp(one) for one in several]) > np.ptp([min(one) for one in several]))


def from_another_start(run: Run) -> bool:
    it = run.after("neurons = {")
    w, b, mistakes = np.zeros(1), -3.0, []
    for _ in range(3):
        mistakes.append(0)
        for x, y in ((np.array([1.0]), 0), (np.array([3.0]), 1)):
            mistakes[-1] += int(it.predict(w, b, x[None])[0] != y)
            w, b = run.after("learning(update").update(w, b, x, y)
    return (w[0], b, mistakes) == (2, -3, [1, 1, 0])


def half_are_silent(run: Run) -> bool:
    it = run.after("X_drawn = ")

    def zeros(name: str, sizes: Sequence[int]) -> float:
        params = it.init_params(sizes, np.random.default_rng(5), name)
        _, cache = it.forward(params, it.X_drawn, [name] * (len(sizes) - 1))
        return float(np.mean(cache["A"][-1] == 0))

    return zeros("tanh", [20, 200]) == 0 and 0.45 < zeros("relu", [20, 200]) < 0.55


def overlapping_bumps_have_no_gap(run: Run) -> bool:
    total = run.after("places = np.linspace").total
    return bool(np.allclose([total.min(), total.max()], [1, 3]))


def regions_of_16_lines(run: Run) -> bool:
    seen = len(np.unique(run.after("for n in (2, 4, 8, 16)").on, axis=0))
    return 1 + 16 + 16 * 15 // 2 == 137 and 100 < seen <= 137


def the_step_has_no_sub_gradient(run: Run) -> bool:
    it = run.after("fit_below = ")
    return it.g is it.step and it.fit_below == []


def halfway_no_loss_is_above_the_mean(run: Run) -> bool:
    return bool(run.after("n_below = ").n_below == 200)


@dataclass(frozen=True)
class Said:
    """Words of a lesson, and whether they are true."""

    stage: str
    words: str
    holds: Callable[[Run], bool]


# Those that are about images, and may differ from one data set to the other, come first.
SAID = [
    Said(
        "stage01",
        "plain `fit` gets 0.71 of the new examples right after ten epochs",
        plain_fit_gets_071,
    ),
    Said(
        "stage01",
        "More epochs help on the whole, but not each time: with up to 8 of them the detector is "
        "worse than with up to 4, on training and validation images alike",
        more_epochs_help_but_not_each_time,
    ),
    Said(
        "stage01",
        "Mistakes per epoch: they fall, but not steadily",
        mistakes_fall_but_not_steadily,
    ),
    Said(
        "stage01",
        "Blue pixels speak for a 2, along its foot above all, and red ones against it, to the "
        "left of the middle",
        for_at_the_foot_and_against_left_of_the_middle,
    ),
    Said(
        "stage01",
        r"$n = 28 \cdot 28 = 784$ of them (or $n = 8 \cdot 8 = 64$)",
        so_many_weights,
    ),
    Said("stage01", "Fifty cards and rule (4) were enough", fifty_cards_are_enough),
    Said(
        "stage01",
        "None of these boundaries makes a mistake on the forty examples",
        no_boundary_makes_a_mistake,
    ),
    Said(
        "stage02",
        "About one image in five gets no answer, or more than one",
        one_in_five_gets_no_answer_or_several,
    ),
    Said(
        "stage02",
        "of the images that they could not agree on, it gets more than half right",
        the_highest_sum_decides_well,
    ),
    Said(
        "stage02",
        "On MNIST you should see **around 85 %**, and on the small digits around 92 %",
        ten_perceptrons_read,
    ),
    Said(
        "stage02",
        "(The worst of the plain rule's 16 reads 60 to 80 % of the digits, and 60 to 75 % of "
        "MNIST.)",
        the_worst_of_sixteen,
    ),
    Said(
        "stage02",
        "In the template of the 0 you can find the red hole in the middle",
        the_hole_of_the_0_speaks_against_it,
    ),
    Said(
        "stage02",
        "No digit falls into two kinds as clearly as the 1",
        the_1s_fall_apart_most_clearly,
    ),
    Said("stage02", "The plain rule never comes to rest", the_plain_rule_is_restless),
    Said("stage02", "With most ideas, luck", luck_changes_most),
    Said(
        "stage07",
        "Random first weights make it a little more",
        the_first_loss_is_a_little_above_log_10,
    ),
    Said(
        "stage07",
        "the training loss goes on falling, while the validation loss turns and climbs",
        the_validation_loss_turns_and_climbs,
    ),
    Said(
        "stage07",
        "Without a price, there is a best size, and beyond it a larger network does worse. With "
        "one, larger is at least as good",
        with_a_price_larger_is_better,
    ),
    Said(
        "stage07",
        "The templates of softmax regression resemble the digits. In the bank a few look for a "
        "stroke in one place, and most resemble nothing that has a name",
        the_bank_resembles_no_digits,
    ),
    Said(
        "stage07",
        "each neuron speaks for about half of the digits",
        each_neuron_speaks_for_half_of_the_digits,
    ),
    Said(
        "stage07",
        "The same classifier, the same images, and on HoG it reads better than on pixels",
        hog_reads_better_than_pixels,
    ),
    Said(
        "stage07",
        "with more images and more patience, the network gets better at *seeing*, too",
        more_images_make_the_network_better,
    ),
    Said("stage07", "The two read about equally well", either_loss_reads_as_well),
    Said(
        "stage07",
        "With the hinge loss most have had their say and pull no more; the others are its support "
        "vectors. With cross-entropy every image still pulls",
        few_support_vectors_and_all_that_softmax_pulls,
    ),
    Said(
        "stage07",
        "Plain descent comes in last and Adam first",
        plain_descent_is_last_and_adam_first,
    ),
    Said(
        "stage07",
        "As a rule, more lies between the best and the worst rate of one optimiser than between "
        "the best runs of two",
        the_rate_matters_more_than_the_optimiser,
    ),
    Said("stage07", "| 50,000 | 96.2 % | 95.5 % |", section_8_gets),
    Said("stage07", "| 5,000 | 93.5 %, mean of 2 trainings | 91.3 % |", section_8_gets),
    Said(
        "stage07",
        "MNIST's test images happen to be a little easier than these, the digits' harder",
        which_test_images_are_easier,
    ),
]

SAID_WITHOUT_IMAGES = [
    Said("stage01", "At $w = 2$, $b = -3$, after 1, 1 and 0 mistakes", from_another_start),
    Said("stage04", "about half of the neurons are silent", half_are_silent),
    Said("stage04", "their sum slides straight from one height", overlapping_bumps_have_no_gap),
    Said("stage05", "With 16 lines that is 137", regions_of_16_lines),
    Said("stage05", "**Question.** Why has the step none?", the_step_has_no_sub_gradient),
    Said("stage07", "no loss is above the mean of the two", halfway_no_loss_is_above_the_mean),
    Said(
        "stage01",
        "your `predict` can play three of their neurons, and from these three all of logic can be "
        "wired up",
        three_neurons_do_logic,
    ),
    Said(
        "stage01",
        "the sum is then 0 or more as soon as two of the three fire",
        two_of_three_win,
    ),
    Said(
        "stage03",
        "In the first, backpropagation was written down in a thesis that hardly anybody read; in "
        "the second, a network read handwritten postcodes",
        a_thesis_and_postcodes,
    ),
    Said("stage03", "that takes at most 12 epochs", twelve_epochs_at_the_most),
    Said(
        "stage03",
        "from the third epoch on, all four answers of each epoch are wrong",
        all_four_are_wrong_from_the_third_epoch_on,
    ),
    Said("stage03", "Two features have 65 monomials up to degree 10", so_many_monomials),
    Said(
        "stage03",
        "308,504 of degree one and two already, and more than $10^{22}$ up to degree 10",
        so_many_monomials,
    ),
    Said(
        "stage04",
        "(The one drawn has one circle on the wrong side; with 1.85 in the place of 1.7 there "
        "would be none.)",
        one_circle_is_on_the_wrong_side,
    ),
    Said(
        "stage04",
        "Once the pieces are narrow, twice as many bumps make half the error",
        twice_the_bumps_half_the_error,
    ),
    Said("stage04", "the network on the right is right about each of the 400", the_400_are_right),
    Said(
        "stage04",
        "With $3k$ neurons the deep network has $2^k + 1$ corners",
        folds_double_the_corners,
    ),
    Said("stage04", "get hardly more corners as they get deeper", depth_alone_makes_few_corners),
    Said("stage04", "With three: a triangle, more or less. Never with two", two_relus_close_none),
    Said(
        "stage05",
        "the 8 from $z_2$ overwrites the $-6$ from $z_3$, instead of making it 2. Whatever is "
        "made from it is wrong as well: $w_A$ gets 16 instead of 4, and $x$ gets 12 instead of 3",
        overwritten_gradients,
    ),
    Said("stage05", "The sigmoid comes last", the_sigmoid_comes_last),
    Said(
        "stage05",
        "each layer takes away about four fifths of the gradient, and the first layer gets less "
        "than a ten-millionth of what the last one gets",
        gradients_vanish,
    ),
    Said(
        "stage06",
        r"a tenth of $\theta_1$ is left after 17 steps. Were it a thousand times flatter than the "
        "steep one, that would take 2,300",
        the_steps_of_a_flat_valley,
    ),
    Said("stage06", "after some 240 steps", the_saddle_is_left),
    Said(
        "stage06",
        "The children's heights are spread as widely as the fathers'",
        the_slopes_are_galtons,
    ),
    Said(
        "stage06",
        "half of the parents' means are within 1.22 inches of the average, and half of the "
        "children within 1.50 inches of the line",
        half_are_as_near_as_galton_says,
    ),
    Said("stage06", "The two slopes are nearly the same, about a third each", a_third_each),
    Said(
        "stage06",
        "slope and bias no longer get in each other's way",
        the_bowl_gets_rounder,
    ),
    Said(
        "stage06",
        r"with $\frac1m$, not with $\frac{1}{m-1}$",
        the_peak_is_at_mean_and_deviation,
    ),
    Said(
        "stage06",
        r"Only that of $1/(1 + k/50)$, and slowly: like $1/\sqrt k$",
        only_one_distance_goes_to_0,
    ),
    Said("stage06", "(Batches of 30 do better than that here", batches_of_30_do_better),
    Said(
        "stage06",
        "In the ravine along the axis AdaGrad and RMSprop run ahead of momentum; in the turned "
        "one they fall far behind. SGD, momentum and Nesterov do not notice the turn at all",
        the_race_turned,
    ),
]


def name_of(said: Said) -> str:
    return f"{said.stage} {' '.join(re.findall('[A-Za-z0-9.]+', said.words)[:6])}"


everything = pytest.mark.parametrize("said", [*SAID, *SAID_WITHOUT_IMAGES], ids=name_of)


@everything
def test_the_lesson_still_says_so(said: Said):
    assert said.words in text_of(said.stage)


def not_so(said: Sequence[Said], stage: str, data: str) -> list[str]:
    """What a stage says and its run on a data set denies."""
    own = [one for one in said if one.stage == stage]
    return [one.words for one in own if not one.holds(run_of(stage, data))]


# A test for each stage: its notebook runs once, whichever process has it.
def stages_of(said: Sequence[Said]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("stage", sorted({one.stage for one in said}))


@pytest.mark.thorough
@stages_of([*SAID, *SAID_WITHOUT_IMAGES])
def test_it_is_true_on_the_digits(stage: str) -> None:
    assert not_so([*SAID, *SAID_WITHOUT_IMAGES], stage, "digits") == []


@pytest.mark.slow
@stages_of(SAID)
def test_it_is_true_on_mnist(stage: str) -> None:
    if nndata.find_mnist() is None:
        pytest.skip("MNIST is not on this machine: set NNDATA_HOME to a folder that holds it")
    assert not_so(SAID, stage, "mnist") == []
