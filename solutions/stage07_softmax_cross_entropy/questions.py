"""Stage 7: the answers to its questions, and what is wrong with each wrong one."""

from nngrade import Choice, Number, Shape, question


@question
def temperature() -> Choice:
    return Choice(
        "d",
        a="Adding a number leaves the differences as they are, but dividing by 2 halves them, too.",
        b="Half of the largest logit is still larger than half of any other, and the larger a "
        "logit, the larger its share.",
        c="The smaller the differences between the logits, the more alike the shares. To make it "
        "surer you would have to multiply.",
        d="The order stays, but smaller differences make the shares more alike. Divided by a "
        "huge number all classes get 1/K; divided by nearly 0 the largest logit gets all. So "
        "`argmax` needs no softmax, but confidence does.",
    )


@question
def pull(rng) -> Number:
    m = (4, 5, 8, 10)[int(rng.integers(4))]
    p = (0.2, 0.25, 0.4, 0.6, 0.75, 0.8)[int(rng.integers(6))]
    return Number(
        (p - 1) / m,
        f"What the network said, {p}, minus what was true, 1, and the average divides it by "
        f"{m}. It is negative: the loss falls as this logit grows.",
        wrong={
            p - 1: "This is the derivative of the loss of that one example, by (5). In J it is "
            "one of the m examples of an average.",
            (1 - p) / m: "The pull is as strong as that, but in which direction? The loss falls "
            "as the logit of the label grows, and you are asked for the derivative of the loss.",
            p / m: "That would be right for a class other than the label. What does the row of "
            "Y hold for the label?",
            -1 / (p * m): "This is the derivative with respect to the probability. From there "
            "it is one more step back to the logit.",
        },
        otherwise="Look at (6), at the row of the first example and the column of its label. "
        "Which number does P hold there, and which one Y?",
        given={"m": m, "p": p},
        tolerance=0.001,
    )


@question
def one_output_less(rng) -> Number:
    h = int(rng.integers(12, 97))
    return Number(
        h + 1,
        f"Only the difference of the two logits matters. One neuron computes it, whose {h} "
        f"weights and whose bias are the differences of theirs, so that the {h + 1} parameters "
        "of the other one are saved.",
        wrong={
            h: "An output neuron has more to learn than a weight for each hidden neuron.",
            2 * h: "The two outputs have that many weights. But one output stays, and are weights "
            "all that it has?",
            2 * (h + 1): "That is all that the two outputs have. One output is still needed.",
            1: "One neuron is saved. How many numbers does it learn?",
        },
        otherwise="How many weights and biases belong to one output neuron, and how many output "
        "neurons are left?",
        given={"h": h},
    )


@question
def short_of_the_margin(rng) -> Number:
    # One rival is well ahead, one level or a little ahead, and one far behind.
    mine, first = int(rng.integers(6, 10)), int(rng.integers(3, 6))
    second, behind = (0, 2)[int(rng.integers(2))], int(rng.integers(5, 7))
    rivals = [mine + first, mine + second, mine - behind]
    scores, label = [rivals[int(one)] for one in rng.permutation(3)], int(rng.integers(4))
    scores.insert(label, mine)
    return Number(
        first + second + 2,
        f"The class with {mine + first} costs {first + 1}, that with {mine + second} costs "
        f"{second + 1}, and that with {mine - behind} nothing, as it is behind by more than the "
        "margin.",
        wrong={
            first + second + 3: "You have counted the class of the label, too: it would cost 1, "
            "always. The sum in (11) leaves it out.",
            first + second: "That is how far the others are ahead. But being level is not "
            "enough: what is the 1 in (11) for?",
            first + 1: "This is what the strongest rival costs. Is it the only one that does?",
            first + second + 3 - behind: "Nobody is paid for a lead: a rival that is far behind "
            "costs 0, and not less.",
        },
        otherwise="Go through the three other classes, one by one: by how much is the score of "
        "the label short of a lead of 1?",
        given={"scores": scores, "label": label},
    )


@question
def gradient_of_templates(rng) -> Shape:
    m, K = int(rng.integers(20, 65)), int(rng.integers(3, 13))
    h, w = int(rng.integers(8, 15)), int(rng.integers(15, 29))
    return Shape(
        (K, h * w),
        "A derivative of the loss has the shape of what it is taken with respect to, and W "
        f"holds a row of {h * w} weights for each of the {K} classes: dZ.T of ({K}, {m}) times "
        f"X of ({m}, {h * w}).",
        wrong={
            (h * w, K): "You have the right sizes, the other way round. In this course the rows "
            "of W are the neurons, one for each class.",
            (m, K): "This is the shape of dZ, a row for each example. The weights are shared by "
            "all the examples, and so is their gradient.",
            (m, h * w): "This is the shape of the batch. The examples are what is summed over, on "
            "the way from dZ to dW.",
            (K, h, w): "That is how a template looks as a picture. But the network is given "
            "each picture as one long row of pixels.",
            (K, h * w + 1): "The biases are an array of their own, and so is db.",
        },
        otherwise="What is the shape of W, with a neuron for each class and a weight for each "
        "pixel? And what do you know of the shape of a derivative of the loss?",
        given={"K": K, "h": h, "w": w, "m": m},
    )


@question
def wide_and_deep(rng) -> Number:
    n, K = int(rng.integers(8, 16)), int(rng.integers(3, 8))
    first, second = int(rng.integers(16, 31)), int(rng.integers(8, 16))
    weights = n * first + first * second + second * K
    return Number(
        weights + first + second + K,
        f"The layers have {first} times {n + 1}, {second} times {first + 1} and {K} times "
        f"{second + 1}: each neuron has a weight for everything that it reads, and a bias.",
        wrong={
            weights: "These are the weights. Something else is learnt by each neuron.",
            weights + first + second: "The output neurons have something that you have given to "
            "the hidden ones only.",
            weights + n + first + second: "You have given a bias to each number that a layer "
            "reads. It belongs to each neuron that the layer has.",
            weights + 3: "You have given each layer one bias. But the b of a layer is an array: "
            "how many entries does it have?",
            n * first + second * K + first + second + K: "The second hidden layer reads the "
            "first one. Which weights are missing?",
        },
        otherwise="Three layers learn. How many numbers does one neuron of each have, and how "
        "many neurons are there?",
        given={"n": n, "K": K, "h1": first, "h2": second},
    )


@question
def two_curves() -> Choice:
    return Choice(
        "c",
        a="A price on the weights narrows a gap between the two curves, and there is hardly "
        "any. It would keep the training loss, which is too high already, from falling.",
        b="Stopping early helps where the validation loss rises afterwards. Here nothing gets "
        "worse, and nothing was better before.",
        c="Both losses are high and close together: the network is too small to bend as the "
        "data does. (Or something keeps it from bending, such as a large λ; that is worth a "
        "look, too.)",
        d="More examples help a network that has learnt the few by heart. This one does not even "
        "get those right that it has.",
        e="It would tell you about the same as the validation loss, and nothing about the cause. "
        "And a test set that has been asked what to do next is no longer a test set.",
    )
