"""Stage 3: the answers to its questions, and what is wrong with each wrong one."""

from nngrade import Choice, Number, Shape, question


@question
def right_by_arctan() -> Choice:
    return Choice(
        "c",
        a="Those are right, but there are more: at (1, -1) the quotient is -1, and the arc tangent "
        "of that, -π/4, is the angle.",
        b="(-1, 1) is above the axis, too. Its angle is 3π/4, but its quotient is -1, and the arc "
        "tangent of that is -π/4.",
        c="The quotient forgets the signs, and the arc tangent takes all points for points of the "
        "right half, with angles between -π/2 and π/2. `np.arctan2` is given both numbers (the "
        "second coordinate first), and so knows all angles.",
        d="(-1, 1) and (1, -1) have the same quotient, -1, though their angles are half a turn "
        "apart. So the arc tangent is wrong at one of the two, and neither has two negative "
        "coordinates.",
    )


@question
def n_monomials(rng) -> Number:
    n = int(rng.integers(5, 21))
    pairs = n * (n - 1) // 2
    return Number(
        n + n + pairs,
        f"There are {n} features, {n} squares, and {pairs} products of two different features.",
        wrong={
            n + n * n: "This counts each product of two different features twice: x1·x2 and x2·x1 "
            "are the same monomial.",
            n * n: "This counts each product of two different features twice, as x1·x2 and as "
            "x2·x1, and leaves out the features themselves, of degree one.",
            n + pairs: "Something is missing, the squares or the features themselves: count again "
            "for two features, where (4) has five monomials.",
            2 * n: "Those are the features and their squares. In (4) there is a product of two "
            "different features as well, and with more features there are many of those.",
            n + n + pairs + 1: "The constant 1 has degree zero and is not in (4): that is what the "
            "bias is for.",
        },
        otherwise="Count three kinds, one at a time: the features, their squares, and the products "
        "of two different features. For two features they are 2, 2 and 1.",
        given={"n": n},
    )


def _number(bits: list[int]) -> int:
    return int("".join(map(str, bits)), 2)


@question
def table_number(rng) -> Number:
    while True:
        w1, w2, b = (int(one) for one in rng.integers(-4, 5, size=3))
        sums = [b, w2 + b, w1 + b, w1 + w2 + b]
        table = [int(one >= 0) for one in sums]
        mistaken = [
            (
                [1 - one for one in table],
                "In this table the 1s are where your perceptron says 0. Where the sum is at least "
                "0, the answer is 1.",
            ),
            (
                table[::-1],
                "Have you read the table from bottom to top? The row of (0, 0) comes first, so it "
                "is the leftmost of the four binary digits.",
            ),
            (
                [table[0], table[2], table[1], table[3]],
                "Have two rows changed places? In the second row it is x2 that is 1, so there it "
                "is the second weight that counts.",
            ),
        ]
        number, without_boundary = _number(table), _number([int(one > 0) for one in sums])
        wrong: dict[float, str] = {}
        for bits, reason in mistaken:  # two of them may make the same table
            wrong[_number(bits)] = f"{wrong.get(_number(bits), '')} {reason}".strip()
        wrong.pop(number, None)  # rows that change places may be equal
        if w1 * w2 and 0 < number < 15 and without_boundary not in (number, *wrong):
            break
    wrong[without_boundary] = (
        "A sum of exactly 0 lies on the boundary, and the boundary belongs to class 1."
    )
    return Number(
        number,
        f"The four bits are {number:04b}, and that is {number} in binary.",
        wrong=wrong,
        otherwise="Write down the four sums in our order, (0, 0), (0, 1), (1, 0), (1, 1). Which "
        "bit does each of them become, and how much is each bit worth?",
        given={"w": [w1, w2], "b": b},
    )


@question
def third_perceptron() -> Choice:
    return Choice(
        "b",
        a="This is an AND: it waits for both hidden perceptrons. But they never say 1 at the same "
        "corner, so it says 0 at all four.",
        b="It is an OR: the four sums are -1, 0, 0, -1, and a sum of exactly 0 is a 1.",
        c="Where both hidden perceptrons say 0, the sum is exactly 0, and that is a 1: it says 1 "
        "at all four corners.",
        d="With this bias the sum is 1 where both hidden perceptrons say 0, and larger elsewhere: "
        "it says 1 at all four corners.",
        e="That is true of a perceptron that sees the inputs. This one sees the hidden answers: "
        "(0, 0) for both circles, and (1, 0) or (0, 1) for the squares. One line keeps those "
        "apart.",
    )


@question
def not_by_an_and() -> Choice:
    return Choice(
        "d",
        a="Two hidden perceptrons are enough for it, one for each of its two edges. The region "
        "need not be closed on all sides.",
        b="Two hidden perceptrons can draw it. Their lines may well be parallel, as long as each "
        "says 1 on the side of the other's line.",
        c="It takes 17 hidden perceptrons, one for each side, and the AND then waits for all 17.",
        d="Of two points that all hidden perceptrons accept, they accept all points between, too. "
        "An L has points whose midpoint is outside, so no AND can make it: only convex regions.",
    )


@question
def hidden_answers(rng) -> Shape:
    n = int(rng.integers(3, 7))
    rows = 2**n
    h = int(rng.choice([one for one in range(n + 1, n + 10) if one != rows]))
    return Shape(
        (rows, h),
        f"{n} bits make {rows} rows, one for each input, and each of the {h} units has a column.",
        wrong={
            (h, rows): "It is the other way round: a row belongs to an example and a column to a "
            "hidden unit.",
            (
                n,
                h,
            ): f"{n} is the number of bits in one row of the table. How many rows does it have?",
            (rows, n): "This is the shape of what goes into the layer. What comes out has an "
            "answer from each hidden unit.",
            (h, n): "This is the shape of the weights. The result has a row for each row of the "
            "table.",
            (rows, 1): "That is what the output makes of it, a single perceptron. The hidden layer "
            "has an answer from each of its units.",
        },
        otherwise="How many different inputs do that many bits make? Each of them is a row of `X`; "
        "each hidden unit then gives one answer to it.",
        given={"n": n, "h": h},
    )


@question
def collapsed(rng) -> Number:
    n, k = (int(one) for one in rng.choice(range(3, 10), size=2, replace=False))
    h = 10 * int(rng.integers(2, 11))
    all_numbers = h * (n + 1) + 49 * h * (h + 1) + k * (h + 1)
    return Number(
        k * n + k,
        f"By (7) all the layers are one, with {k} rows of {n} weights and {k} biases. For XOR that "
        "would be a single perceptron: three rows of four at best.",
        wrong={
            k * n: "The single layer has biases as well, as b in (7) says.",
            k * n + n: "A bias belongs to each output, not to each input.",
            k * h + k: "Those are the numbers of the last layer alone. The single layer looks at "
            "the inputs, not at hidden units.",
            all_numbers: "Those are all the numbers of the friend's network. Linear layers "
            "collapse: what is the shape of the product of all their matrices?",
            h * (n + 1) + k * (h + 1): "A network with one hidden layer has that many. But that "
            "layer is linear, too, and collapses with the output.",
        },
        otherwise="Multiply the matrices of all layers, as (7) does with two. What shape does the "
        "product have, and how long is the vector that is added?",
        given={"n": n, "h": h, "k": k},
    )
