"""Stage 6: the answers to its questions, and what is wrong with each wrong one."""

from nngrade import Choice, Number, Shape, question


@question
def runs_away(rng) -> Number:
    c = (5, 10, 20, 25, 40, 50, 80, 100)[int(rng.integers(8))]
    return Number(
        2 / c,
        f"A step multiplies the second coordinate by 1 - {c} η. Above this rate that is below "
        "-1, and each step lands further away on the other side.",
        wrong={
            1 / c: "At this rate, one step takes the second coordinate right to the floor. A "
            "little above it, the step goes too far: but does it end further away than it began?",
            2: "This is the limit of the flat direction. The steep one runs away long before: "
            "by what does a step multiply the second coordinate?",
            1: "At this rate the flat direction is at its goal after one step. The steep one "
            "has run away long before: by what does a step multiply the second coordinate?",
            c / 2: "The steeper the walls are, the shorter the steps must be, so that c belongs "
            "below the line.",
        },
        otherwise="By what does a step (1) multiply the first coordinate, and by what the "
        "second? For which η does one of the two grow?",
        given={"c": c},
        tolerance=0.0005,
    )


@question
def proved() -> Choice:
    return Choice(
        "d",
        a="(2) speaks of all pairs of points and of all that lies between them. Your function "
        "has asked 99 times.",
        b="A second derivative can be there everywhere, and be negative between two of the "
        "points: a narrow bump may be as smooth as you like.",
        c="However close the points are, between two of them there is room for a still narrower "
        "bump.",
        d="One point above its chord refutes convexity, for good. Points that are not above it "
        "are only examples, and there is always a place that was not tried. What proves it is "
        "algebra.",
    )


@question
def level_ground() -> Choice:
    return Choice(
        "c",
        a="The length of a step is the rate times the length of the gradient. A million times 0 "
        "is 0.",
        b="The stairs then look like a slope from afar, but between two cliffs, where you "
        "stand, the ground stays perfectly level: the gradient is 0 for any number of examples.",
        c="The measure itself has to tell a little better from a little worse, even while no "
        "answer flips. That is what a loss such as the cross-entropy does.",
        d="They do not differ: the accuracy of a few examples makes stairs as well, only with "
        "higher steps, and its gradient is 0, too.",
    )


@question
def one_long_theta(rng) -> Shape:
    n, h = int(rng.integers(3, 10)), int(rng.integers(10, 33))
    return Shape(
        (n * h + 2 * h + 1,),
        f"{n} times {h} weights and {h} biases of the hidden neurons, then {h} weights and one "
        "bias of the output, all in a single row.",
        wrong={
            (n * h + h,): "These are the parameters of the hidden layer. The output has some, too.",
            (n * h + 2 * h,): "One number is missing: the output is a neuron as well.",
            (n * h + h + 1,): "Each hidden neuron has a bias, and for each the output has a "
            "weight. You have counted only one of the two.",
            (h, n): "This is the shape of W1 alone. Theta holds the numbers of all four parts, one "
            "after the other.",
        },
        otherwise="Go through the four parts that `unpack` makes of theta: how many numbers are in "
        "each, and how many axes does an array have in which they stand one after the other?",
        given={"n": n, "h": h},
    )


@question
def larger_batch(rng) -> Number:
    size, k = int(rng.integers(12, 41)), int(rng.integers(3, 10))
    return Number(
        size * k**2,
        f"To divide the error by {k}, the root of the batch's size must be {k} times as large, "
        f"and so the size {k**2} times. Precision is expensive.",
        wrong={
            size * k: f"{k} times the examples bring the error down by the root of {k} only.",
            k**2: "That is how many times as large the batches must be. How many examples does one "
            "have?",
            size * 2 * k: "Batches twice as large divide the error not by 2, but by the root of 2. "
            "What must they be multiplied by, for the root of that to be k?",
        },
        otherwise="The error is some number divided by the root of the batch's size. By what "
        "must you multiply the size, for the root to become k times as large?",
        given={"B": size, "k": k},
    )


@question
def final_speed(rng) -> Number:
    mu, times = ((0.6, 2.5), (0.75, 4), (0.8, 5), (0.95, 20), (0.96, 25), (0.98, 50))[
        int(rng.integers(6))
    ]
    return Number(
        times,
        f"The velocity no longer changes once it loses as much as it gains: v = {mu} v + "
        f"gradient, and so v is {times} times the gradient.",
        wrong={
            1 + mu: "That is the length of the second step, and the velocity goes on growing "
            "after it.",
            1: "This would be right for an average, which weighs the new gradient with 1 - μ. "
            "In (9) it is added as it is.",
            round(mu / (1 - mu), 6): "This is the share of the earlier steps. The gradient of "
            "the last step is added to it, whole.",
        },
        otherwise="In the end v is the same before and after a step. Write that into the first "
        "formula of (9), and solve for v.",
        given={"mu": mu},
        tolerance=0.01,
    )


@question
def first_step() -> Choice:
    return Choice(
        "b",
        a="This is the plain step (1). AdaGrad divides each entry by the root of its own s.",
        b="In the first step s is the square of the gradient itself, so each entry is divided "
        "by its own size, and only the sign is left. Multiply the loss by a million, and "
        "AdaGrad takes the same steps.",
        c="The sizes are right. But the root of a square is never negative: what becomes of the "
        "sign of the second entry?",
        d="You have divided both entries by the length of the whole gradient. Each parameter "
        "has an s of its own, made of its own gradients.",
        e="You have divided by s. It is its root that stands below the line in (11).",
    )
