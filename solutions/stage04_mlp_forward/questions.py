"""Stage 4: the answers to its questions, and what is wrong with each wrong one."""

import numpy as np

from nngrade import Choice, Number, Shape, question


@question
def squared_sum() -> Choice:
    return Choice(
        "d",
        a="For a circle the squares of both coordinates would have to be added up. Here they are "
        "summed first, and it is the one sum that is squared.",
        b="A parabola is what you get when you plot `a` over `z`. The question is where in the "
        "plane of x1 and x2 the value is 1.",
        c="The points with z = 1 are one such line. Is there another `z` whose square is 1?",
        d="They are z = 1 and z = -1, both at right angles to `w`. An activation sees nothing but "
        "`z`, so it cannot bend these lines; for curves it takes several neurons.",
    )


@question
def weights_of_a_layer(rng) -> Shape:
    m = int(rng.integers(20, 100))
    p, q = (int(one) for one in rng.choice(range(2, 13), size=2, replace=False))
    return Shape(
        (q, p),
        f"Layer 2 has {q} neurons, a row of the matrix for each, and each of them has {p} inputs.",
        wrong={
            (p, q): "The transpose has this shape, and it is the transpose that stands in (3). In "
            "the matrix itself each row belongs to a neuron.",
            (m, q): "This is the shape of the sums. The weights are the same for every example, so "
            "their shape does not depend on how many there are.",
            (m, p): "This is the shape of what comes into the layer. The weights are the same for "
            "every example, so their shape does not depend on how many there are.",
            (q, m): "A neuron has a weight for each of its inputs, not for each example.",
            (p, m): "The weights are the same for every example, so their shape does not depend on "
            "how many there are.",
        },
        otherwise="How many neurons does layer 2 have, and how many inputs does each of them have? "
        "Then look at the table: what is a row of the matrix?",
        given={"m": m, "p": p, "q": q},
    )


@question
def output_by_hand(rng) -> Number:
    while True:
        W1, (b1, w2) = rng.integers(-3, 4, size=(2, 2)), rng.integers(-3, 4, size=(2, 2))
        b2, x = int(rng.integers(-3, 4)), rng.integers(1, 4, size=2)
        z = W1 @ x + b1
        h = np.maximum(z, 0)
        right = int(w2 @ h + b2)
        mistaken = [
            (w2 @ z + b2, "A hidden sum that is negative does not get through: its ReLU says 0."),
            (0, "The output is linear, without a ReLU: it may be negative."),
            (w2 @ np.maximum(W1 @ x, 0) + b2, "The hidden neurons have biases as well."),
            (w2 @ h, "The output has a bias as well."),
            (
                w2 @ np.maximum(W1.T @ x + b1, 0) + b2,
                "The weights of the first hidden neuron are both in u, one for each input. You "
                "have taken one from u and one from v.",
            ),
        ]
        wrong: dict[float, str] = {int(output): reason for output, reason in mistaken}
        # One ReLU is shut, the output is negative, and no two of the mistakes look the same.
        if z.min() < 0 < z.max() and right < 0 and len({right, *wrong}) == 6:
            break
    return Number(
        right,
        f"The hidden sums are {z[0]} and {z[1]}, so the ReLUs say {h[0]} and {h[1]}, and the "
        f"output is {w2[0]} · {h[0]} + {w2[1]} · {h[1]} + {b2}.".replace("+ -", "- "),
        wrong=wrong,
        otherwise="Write a line like those of the table above, from left to right: both hidden "
        "sums, what the ReLUs make of them, and only then the output.",
        given={
            "x": x.tolist(),
            "u": W1[0].tolist(),
            "v": W1[1].tolist(),
            "b": b1.tolist(),
            "w": w2.tolist(),
            "c": b2,
        },
    )


@question
def folded_flat() -> Choice:
    return Choice(
        "b",
        a="In the second picture nothing is mixed yet: the sums have only turned the plane, and it "
        "could be turned back.",
        b="Both ReLUs say 0 there. Circles and squares that land on the same point cannot be told "
        "apart by anything that comes later.",
        c="There is room enough. Four ReLUs are never negative either, and in the last picture, "
        "which shows a quarter of a plane as well, there is such a line.",
        d="That is so in the plane of the inputs. The cut is straight in the hidden space, and a "
        "fold may open the ring: in the last picture it has done so.",
    )


@question
def dead_from(rng) -> Number:
    while True:
        w = [int(one) for one in rng.integers(-6, 7, size=4)]
        up, down = sum(one for one in w if one > 0), sum(one for one in w if one < 0)
        mistaken = [
            (
                -(up + down),
                "With all features at 1 the sum is not at its largest: where the weight is "
                "negative, a feature of 0 is better.",
            ),
            (
                -(up - down),
                "A bias as low as this is more than enough. A negative weight cannot add anything "
                "to the sum; which features make the sum as large as it can be?",
            ),
            (
                up,
                "This is how large the weighted sum can be. The bias must keep the whole from ever "
                "being positive, so think of its sign.",
            ),
            (
                down,
                "This is the smallest that the weighted sum can be without the bias. A neuron is "
                "dead when not even the largest sum gets through.",
            ),
            (
                -max(w),
                "Several features can be 1 at the same time, and then more than the largest weight "
                "counts.",
            ),
            (
                0,
                "With a bias of 0 a single feature above 0 wakes the neuron, if its weight is "
                "positive and the other features are 0.",
            ),
        ]
        if 0 not in w and len({-up, *dict(mistaken)}) == 7:  # no two mistakes look the same
            break
    return Number(
        -up,
        f"The weighted sum is largest, {up}, where each feature with a positive weight is 1 and "
        "every other one is 0. If not even that gets through, nothing does.",
        wrong=dict(mistaken),
        otherwise="Look for the example that wakes the neuron most easily: which features should "
        "be 0 and which 1, so that the weighted sum is as large as it can be?",
        given={"w": w},
    )


@question
def through_layers(rng) -> Number:
    f, n_layers = int(rng.choice([2, 3, 10])), int(rng.integers(5, 9))
    return Number(
        f**n_layers,
        f"As relu(f z) is f times relu(z), each of the {n_layers} layers multiplies by {f} once "
        "more. That is how a signal explodes.",
        wrong={
            f: "That is true of the first layer's output. The second layer gets those larger "
            "numbers, and multiplies them again.",
            f * n_layers: "The layers come one after the other, so their factors are multiplied "
            "and not added up.",
            f ** (n_layers - 1): "One layer is missing: every layer has weights, the first and the "
            "last as well.",
            f ** (n_layers + 1): "One layer too many: the input is not counted, and nothing "
            "multiplies it before layer 1.",
            f ** (2 * n_layers): "The squares of the outputs grow by this factor, and so does "
            "their variance. The outputs themselves grow by less.",
        },
        otherwise="Follow a number through the first layer: what does the ReLU make of a sum that "
        "is f times as large? And what does the second layer do to that?",
        given={"f": f, "L": n_layers},
    )


@question
def bumps_enough(rng) -> Number:
    s, pieces = int(rng.choice([3, 4, 5, 6, 8])), int(rng.choice([10, 20, 50, 100, 200]))
    return Number(
        s * pieces // 2,
        "Inside a piece nothing is further than 1/(2N) from the middle, so the function differs "
        f"from its value there by {s}/(2N) at most. Half the error takes twice as many bumps.",
        wrong={
            s * pieces: "That is more than enough: the height is right in the middle of a piece, "
            "and from there to either end is only half the width. (Or did you count neurons?)",
            pieces // 2: "That many are enough where the slope is 1 at most. Here the function may "
            "change faster than x does.",
            pieces: "With that many pieces no x is further than half of `e` from the middle of its "
            "piece. How much can the function change over that distance?",
        },
        otherwise="How far from the middle of its piece can an x be if there are N pieces? How "
        "much can the function change over that distance, and how much may it?",
        given={"s": s, "e": 1 / pieces},
    )
