"""Stage 5: the answers to its questions, and what is wrong with each wrong one."""

from nngrade import Choice, Number, Shape, question


@question
def no_input() -> Choice:
    return Choice(
        "c",
        a="What is 0 is the slope for the weight, not the weight. A slope of 0 pulls nowhere, "
        "neither to 0 nor away from it.",
        b="At its best value a weight has the slope 0, but not everything with the slope 0 is "
        "best: here it is 0 whatever the weight is, good or bad.",
        c="The weight is multiplied by 0, so this example comes out the same whatever the "
        "weight is. A pixel at the edge of an image that is black in all examples never teaches "
        "its weight anything.",
        d="What you divide by is the nudge of the weight, which is not 0. What is 0 is the change "
        "of f above the line, and 0 divided by a nudge is a number.",
    )


@question
def one_by_one(rng) -> Number:
    K = int(rng.integers(12, 61))
    return Number(
        K * (K - 1) // 2,
        f"The product for dy/dv_0 has {K} factors and takes {K - 1} multiplications, the next "
        f"one {K - 2}, and so on down to 0. Going backward takes {K - 1} for all of them "
        "together.",
        wrong={
            K - 1: "That many take you through the chain once: this is the price of going "
            "backward, or of dy/dv_0 alone. Here, every product is begun afresh.",
            K * (K + 1) // 2: "You have counted the factors of all products. How many "
            "multiplications does it take to multiply two factors, and how many for three?",
            K**2: "That would be right if each of the slopes were a product of that many factors "
            "and had a multiplication for each. But the later v_k is, the fewer local slopes lie "
            "between it and y.",
            K * (K - 1): "That would be right if each of the slopes were as long a product as "
            "that of v_0. The later v_k is, the fewer factors there are.",
        },
        otherwise="Write down the products for a chain of three or four functions. How many "
        "factors has the one for v_0, how many the one for v_1, and how many multiplications is "
        "each?",
        given={"K": K},
    )


@question
def two_paths(rng) -> Number:
    s, t, x = (int(rng.integers(*ends)) for ends in ((2, 7), (1, 8), (2, 8)))
    return Number(
        s * (x + t) + s * x,
        f"Through u comes v times s, which is {x + t} times {s}; through v comes u times 1, which "
        f"is {s * x}. Over the two paths you add.",
        wrong={
            s * (x + t): "This is what comes through u. But x is used a second time, in v.",
            s * x: "This is what comes through v. But x is used a second time, in u.",
            s: "The slope of a product is not the product of the slopes. Ask for each path how "
            "much J moves with u, and with v, while the other one stays.",
            s * x * (x + t): "This is the value of J at this place. You are asked how steeply "
            "it rises there.",
        },
        otherwise="Four slopes are needed: those of J with respect to u and to v, and those of "
        "u and of v with respect to x. Which are multiplied, and which products are added?",
        given={"s": s, "t": t, "x": x},
    )


@question
def the_larger() -> Choice:
    return Choice(
        "c",
        a="Local slopes are not shares of one whole. Nudge u alone, then v alone: how far does "
        "the maximum move each time?",
        b="That is what a plus does. But if v grows from 2 to 2.1, the maximum is still 5.",
        c="A nudge of u moves the maximum just as far, a nudge of v does not move it: the local "
        "slopes are 1 and 0. ReLU is such a box, with v = 0.",
        d="That shares the gradient out by the values, but how far u is ahead does not matter: "
        "as long as it is ahead, the maximum moves with u alone.",
        e="That is what a times does, which swaps its two factors. Here nothing is multiplied.",
    )


@question
def sum_over_outputs() -> Choice:
    return Choice(
        "b",
        a="This sums over the columns of the table, and its columns are inputs. It only runs "
        "where there are as many inputs as outputs, and is wrong even there.",
        b="A vector on the left of a table meets its rows, and the rows are outputs: just the "
        "sum over i. Nothing has to be transposed in this layout.",
        c="With a table whose rows are inputs, as some books have it, this would be right. In "
        "(7) the rows are outputs already, and transposed they no longer meet the entries of dz.",
        d="This multiplies entry by entry and adds nothing up. The paths through all the "
        "outputs lead to the same loss, so their contributions are to be added.",
    )


@question
def left_factor(rng) -> Shape:
    n, h, k = (int(one) for one in rng.permutation(8)[:3] + 2)
    return Shape(
        (k, h),
        f"In (7) rows are outputs. So the Jacobian of a with respect to z, of shape ({k}, {h}), "
        f"stands on the left, and that of z with respect to x, ({h}, {n}), on the right: the inner "
        f"{h}, which the sum runs over, is that of z.",
        wrong={
            (h, n): "This is the Jacobian of z with respect to x. With it on the left the inner "
            "sizes do not fit; and a should give the rows of the product.",
            (h, k): "You have the right pair of vectors, but laid out the other way. In (7) "
            "rows are outputs, and a is what comes out of z.",
            (n, h): "A book whose rows are inputs would put this one on the left. In (7) rows "
            "are outputs, and that turns the order of the product around, too.",
            (k, n): "This is the shape of the whole product. Which two tables, multiplied, make "
            "one of this shape?",
        },
        otherwise="Write down the shapes of the two Jacobians by (7), a row for each output. In "
        "which order can they be multiplied?",
        given={"n": n, "h": h, "k": k},
    )


@question
def forgotten_average(rng) -> Number:
    m = int(rng.integers(3, 13))
    return Number(
        (m - 1) / (m + 1),
        f"The gradient is {m} times as long as it should be. The difference is {m - 1} right "
        f"lengths, and the two lengths together are {m + 1}.",
        wrong={
            m - 1: "You have divided by the length of the right gradient alone. (14) divides by "
            "the sum of both lengths, so that no error is above 1.",
            (m - 1) / m: "You have divided by the length of the wrong gradient alone. What "
            "stands below the line in (14)?",
            1: "The error is as large as that only if the two point in opposite directions, or "
            "if one of them is 0. Here the direction is right, and only the length is wrong.",
            0: "The direction is right, but (14) feels the length as well: see the second row "
            "of the table.",
        },
        otherwise="By which factor is each entry of the gradient too large? Then do as in the "
        "second row of the table, where that factor is 2.",
        given={"m": m},
        tolerance=0.006,
    )
