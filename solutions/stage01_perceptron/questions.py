"""Stage 1: the answers to its questions, and what is wrong with each wrong one."""

from nngrade import Choice, Number, Shape, question


@question
def without_bias() -> Choice:
    return Choice(
        "c",
        a="It can: with a negative weight, a negative feature adds something positive to the sum.",
        b="It can: with all weights at zero every sum is 0, and zero is enough for class 1.",
        c="The sum there is 0 whatever the weights are, and zero means class 1. In pictures: "
        "without a bias the boundary always passes through the origin.",
        d="It can, where the two classes lie on different sides of 0: the sign of the one weight "
        "says which side is class 1.",
    )


@question
def which_vector() -> Choice:
    return Choice(
        "b",
        a="This vector gives (2, 1) the sum -2 + 1 = -1, so it misses that example of class 1. It "
        "points along (-1, 1), but one well-placed example does not make a separating vector.",
        b="The sums are 3 and 0 for class 1, and -1 and -1 for class 0. The example (-1, 1) is at "
        "a right angle to w: it lies on the boundary, and the boundary belongs to class 1.",
        c="This vector gives (-1, 1) the sum -1 - 1 = -2: it points away from that example of "
        "class 1, and suits only the other one.",
        d="This vector gives (2, 1) the sum -3, and every example off its boundary comes out "
        "wrong. Someone who is always wrong is very well informed: the line is fine, but its two "
        "sides have changed places.",
        e="One of them does. Look again at an example whose sum is exactly 0: to which class does "
        "formula (1) give it?",
    )


@question
def updates_until_right(rng) -> Number:
    vectors = [[1, 1], [1, -1], [1, 2], [-2, 1], [2, -1], [1, 1, 1], [-1, 1, 1], [1, 2, 1]]
    x = vectors[int(rng.integers(len(vectors)))]
    square = sum(one * one for one in x)
    # With so many steps, forgetting the 1 of the bias and forgetting the tie at 0 differ.
    k = int(rng.integers(square + 1, 2 * square + 1))
    step = square + 1
    sum_before = k * step
    return Number(
        k,
        f"By (5), each update makes the sum larger by {square} + 1 = {step}. After {k} of them it "
        "is exactly 0, and that is enough for class 1.",
        wrong={
            k + 1: f"After {k} updates the sum is exactly 0. Is another update made then?",
            k + 2: f"It seems that your sum grows by {square} each time. But an update changes "
            "the bias, too.",
            1: f"An update goes in the right direction, but not far enough: it adds {step} to the "
            f"sum, and {sum_before} are missing.",
            sum_before: "That many updates would do if each made the sum larger by 1. Look at (5): "
            "the features count, too.",
        },
        otherwise="Formula (5) says how much larger an update makes the sum of its own example. "
        "How large must the sum be at least for the prediction to be 1?",
        given={"x": x, "S": sum_before},
    )


@question
def weight_of_a_dot(rng) -> Number:
    missed, alarms = int(rng.integers(8, 16)), int(rng.integers(2, 7))
    right = int(rng.integers(20, 41))
    return Number(
        missed - alarms,
        f"Each of the {missed} missed cards was added to w and each of the {alarms} false alarms "
        "subtracted; cards that were predicted right left no trace. A perceptron is the sum of its "
        "mistakes.",
        wrong={
            missed + alarms: "Both are mistakes, but rule (4) does not do the same with both: look "
            "at the sign of the error.",
            alarms - missed: "Which of the two mistakes adds a card to w, and which subtracts it? "
            "The sign of the error y - ŷ says so.",
            missed: "A false alarm is a mistake, too. What does rule (4) do then?",
            missed - alarms + right: "It looks as if the cards that were predicted right had been "
            "added, too. What is their error y - ŷ, and what does rule (4) do with it?",
            missed + alarms + right: "That is how often the dot was dark at all. Rule (4) does "
            "not treat all cards alike: what does it do after a right prediction?",
        },
        otherwise="Rule (4) adds (y - ŷ) x to w. What is y - ŷ for a missed card, for a false "
        "alarm, and for a card that is predicted right?",
        given={"A": missed, "B": alarms, "C": right},
    )


@question
def signs_and_labels() -> Choice:
    return Choice(
        "d",
        a="In a learning rule the label is not a name but a number that is multiplied and added. "
        "Try the rule with y = 0: what does it do?",
        b="The distance between the two labels is not what matters here; where zero lies is. Write "
        "down what the rule adds for y = 0.",
        c="A missed example has the label y = 1, with which this rule adds x to w and 1 to b. That "
        "is just what rule (4) does.",
        d="For y = 0 the rule adds nothing at all, where s = -1 would have subtracted the example. "
        "Mixing up the two conventions is one of the most common mistakes with perceptrons.",
    )


@question
def lazy_accuracy(rng) -> Number:
    m = 200 * int(rng.integers(1, 6))
    percent = int(rng.integers(6, 25))  # of the images show a 2
    twos = m * percent // 100
    return Number(
        (100 - percent) / 100,
        f"It is right on the {m - twos} images without a 2, of {m}, and has not learnt a thing. An "
        "accuracy means little until you know what the laziest rival would get.",
        wrong={
            percent / 100: "That is the share of the images with a 2, and those are the ones that "
            "it gets wrong.",
            0: "It finds none of the 2s, it is true. But an accuracy counts all right answers, and "
            'a "no" is right where there is no 2.',
            0.5: "Two possible answers do not make it a coin: it always gives the same one, and "
            "the two kinds of images are not equally frequent.",
            m - twos: "That is how many answers are right. The accuracy is their share of all the "
            "answers.",
            100 - percent: "That is the percentage. In this course an accuracy is a share, as in "
            "(7): a number between 0 and 1.",
        },
        otherwise='On how many of the images is the answer "no" right? Formula (7) turns that '
        "number into an accuracy.",
        given={"m": m, "k": twos},
        tolerance=0.002,
    )


@question
def training_shape(rng) -> Shape:
    labelled = 50 * int(rng.integers(10, 61))
    height, width = int(rng.integers(6, 16)), int(rng.integers(16, 25))
    rows, pixels = labelled // 5 * 4, height * width
    return Shape(
        (rows, pixels),
        f"{rows} images are left for training, each a row, and an image becomes the list of its "
        f"{height} · {width} = {pixels} pixels.",
        wrong={
            (labelled // 5, pixels): "Those are the images that have been put aside. Which ones "
            "does `fit` see?",
            (labelled, pixels): "`fit` does not see all of the labelled images: some have been put "
            "aside.",
            (pixels, rows): "In this course examples are the rows of a table, and features its "
            "columns.",
            (rows, height, width): "A perceptron knows nothing of rows and columns of pixels: each "
            "example is one list of numbers, so that `X` has two axes.",
            (rows, pixels + 1): "In this course the bias is a number of its own, b, and no feature "
            "in the table.",
        },
        otherwise="The first number says how many examples `fit` sees, and the second how many "
        "features each of them has.",
        given={"M": labelled, "h": height, "w": width},
    )
