"""Stage 2: the answers to its questions, and what is wrong with each wrong one."""

from itertools import pairwise

from nngrade import Choice, Number, Shape, question


def all_apart(values, gap):
    """Whether any two of these numbers differ by more than this gap."""
    return all(high - low > gap for low, high in pairwise(sorted(values)))


@question
def numbers_learnt(rng) -> Number:
    height, width = (int(one) for one in rng.integers(5, 21, size=2))
    K = int(rng.integers(3, 13))
    pixels = height * width
    return Number(
        K * (pixels + 1),
        f"Each of the {K} classes has a weight for each of the {pixels} pixels, and one bias.",
        wrong={
            K * pixels: "Those are the weights. What else does formula (1) have?",
            K * pixels + 1: "A perceptron has one bias, but here are several perceptrons: look at "
            "the index of b in formula (1).",
            K * pixels + pixels: "A bias for each pixel would be too many. What does a bias belong "
            "to?",
            pixels + 1: "That is one perceptron, as in stage 1. How many stand side by side here?",
            pixels + K: "The classes do not share their weights: each has a row of its own.",
        },
        otherwise="Count the entries of W, whose shape stands above formula (2), and those of b.",
        given={"h": height, "w": width, "K": K},
    )


@question
def scores_of_some(rng) -> Shape:
    m, n, K = int(rng.integers(40, 91)), int(rng.integers(22, 37)), int(rng.integers(4, 13))
    p = int(rng.integers(3, 10))
    rows = int(rng.integers(14, 21))
    q = p + rows
    return Shape(
        (rows, K),
        f"X[{p}:{q}] are rows {p} to {q - 1}, {rows} examples, and each of them has a score for "
        f"each of the {K} classes. The features are added up and gone.",
        wrong={
            (K, rows): "The two numbers are right, but which comes first? In formula (2), does an "
            "example own a row of Z or a column?",
            (rows + 1, K): f"A slice ends before its second number: row {q} is not in it.",
            (rows, n): "That is the shape of the slice itself. What becomes of the features in a "
            "weighted sum?",
            (m, K): "That would be the scores of all the examples. How many rows does the slice "
            "have?",
            (rows,): "One number for each example is what a single perceptron makes. Here every "
            "class has its say.",
            (K,): "That is the shape for a single example, given as a vector. A slice of a table "
            "is a table.",
        },
        otherwise="How many rows does X[p:q] have? And what does formula (2) make of each row?",
        given={"m": m, "n": n, "K": K, "p": p, "q": q},
    )


@question
def meeting_point(rng) -> Number:
    while True:
        w_0, w_1, b_0, x = (int(one) for one in rng.integers(-5, 6, size=4))
        if w_0 * w_1 == 0 or w_0 == w_1 or abs(x) < 2:
            continue
        b_1 = b_0 + (w_0 - w_1) * x
        height = w_0 * x + b_0
        zeros = -b_0 / w_0, -b_1 / w_1
        if all_apart([x, -x, height, *zeros], 0.05):
            break
    return Number(
        x,
        f"There both scores are {height}. It is the boundary of a single perceptron whose weight "
        f"is the difference of the two, {w_0 - w_1}, and whose bias is the difference of the "
        f"biases, {b_0 - b_1}.",
        wrong={
            -x: "Put your x into both scores: they are not equal. Perhaps something has kept its "
            "sign on the way to the other side of the equation.",
            height: "That is what both scores are there, the height at which the two lines meet. "
            "At which x do they?",
            zeros[0]: "There the score of class 0 is zero. But nothing happens at zero any more: "
            "the threshold is gone, and only the two scores against each other decide.",
            zeros[1]: "There the score of class 1 is zero. But nothing happens at zero any more: "
            "the threshold is gone, and only the two scores against each other decide.",
        },
        otherwise="To the left of the boundary one class has the higher score, to the right the "
        "other. What holds for the two scores right on it?",
        given={"w_0": w_0, "w_1": w_1, "b_0": b_0, "b_1": b_1},
        tolerance=0.006,
    )


@question
def two_classes() -> Choice:
    return Choice(
        "d",
        a="A high score of class 1 is not enough to win: that of class 0 may be higher still. The "
        "rival's score must be in the sum, too.",
        b="With the sum of both, a high score of class 0 would speak for class 1. Rivals speak "
        "against each other.",
        c="This perceptron says 1 where the score of class 0 is the higher one: its sides have "
        "changed places.",
        d="Class 1 wins where its score minus that of class 0 is positive. Only a tie is decided "
        "differently: stage 1 gave the boundary to class 1, and here the lower number gets it.",
        e="Between two classes only one thing is decided: which score is higher. Where they are "
        "equal, there is one hyperplane, however many perceptrons made the scores.",
    )


@question
def missing_weight(rng) -> Number:
    v = [0, 0, 0]
    while abs(sum(v)) < 2:
        v = [int(one) for one in rng.integers(-9, 10, size=3)]
    total = sum(v)
    return Number(
        -total,
        "Each update adds x to one row and subtracts it from another, so that every column of W "
        "adds up to what it was at the start: zero. So do the biases, and so do the scores of any "
        "example.",
        wrong={
            total: "With this weight, the column adds up to twice as much. Can it, if whatever one "
            "class gains another loses?",
            0: "A class that has never been part of a mistake still has the weight 0. But look at "
            "the other three: could they be what they are then?",
        },
        otherwise="Whenever rule (4) changes one row, it changes another. What does that do to the "
        "sum of the column?",
        given={"v": v},
    )


@question
def template_of_a_digit() -> Choice:
    return Choice(
        "b",
        a="With more epochs there are fewer mistakes, and images that are read correctly add "
        "nothing to the weights. No average ever comes of it.",
        b="Rule (4) does not collect examples, it collects mistakes. So a template stresses what "
        "tells a digit from its rivals, and not what the digit looks like.",
        c="For that, every image would have to be added once, or subtracted. What does rule (4) do "
        "with an image that is read correctly?",
        d="The training began with zeros, and zeros leave no trace. All that you see in the "
        "picture was put there by rule (4).",
    )


@question
def share_recognised(rng) -> Number:
    while True:
        C = [[int(one) for one in rng.integers(1, 12, size=3)] for _ in range(3)]
        of_class = int(rng.integers(2, 6)) * 10
        C[1][1] = of_class - C[1][0] - C[1][2]
        C[0][0], C[2][2] = (int(one) for one in rng.integers(12, 41, size=2))
        everything = sum(map(sum, C))
        said = sum(row[1] for row in C)
        right, share = C[1][1], C[1][1] / of_class
        others = right / said, right / everything, (C[0][0] + right + C[2][2]) / everything
        if right > 4 and all_apart([share, 1 - share, *others], 0.03):
            break
    return Number(
        share,
        f"Row 1 holds the {of_class} examples of class 1, and {right} of them, on the diagonal, "
        "were predicted as 1. (The whole diagonal, divided by all the entries, is the accuracy.)",
        wrong={
            others[0]: f"Column 1 holds all that was predicted as 1, of whatever class: of those "
            f"{said} answers your share is right. The question is about the examples of class 1.",
            others[1]: "You divide by all the examples, but most of them are of other classes.",
            others[2]: "That is the accuracy, the share of right answers for all three classes "
            "together. The question is about class 1 alone.",
            1 - share: "That is the share of those that were taken for something else.",
        },
        otherwise="Where in C are the examples of class 1: in a row or in a column? Which of its "
        "entries counts those that were predicted as 1?",
        given={"C": C},
        tolerance=0.006,
    )
