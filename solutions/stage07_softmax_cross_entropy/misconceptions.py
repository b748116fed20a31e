"""Wrong solutions of stage 7, each with the check that is meant to catch it."""

from itertools import pairwise

import numpy as np

from nngrade import misconception

# What some of the mistakes below keep from call to call.
SHARED = {}

# softmax


@misconception(
    "softmax",
    caught_by="softmax_survives_large_logits",
    hint="What is np.exp(1000)? Which number could you subtract without changing formula (1)?",
)
def no_shift(logits):
    """The exponentials are taken as they are, and overflow for large logits."""
    exps = np.exp(logits)
    return exps / exps.sum(axis=-1, keepdims=True)


@misconception(
    "softmax",
    caught_by="softmax_survives_large_logits",
    hint="Read section 1 again, up to the task: whose maximum must be subtracted?",
)
def one_maximum_for_the_batch(logits):
    """The maximum of the whole batch is subtracted, which leaves 0 / 0 in rows far below it."""
    exps = np.exp(logits - np.max(logits))
    return exps / exps.sum(axis=-1, keepdims=True)


@misconception(
    "softmax",
    caught_by="probabilities_of_every_row",
    hint="The sum of what should be 1: of each row or of each column?",
)
def columns_sum_to_one(logits):
    """Maximum and sum are taken along the examples instead of the classes."""
    exps = np.exp(logits - np.max(logits, axis=0, keepdims=True))
    return exps / exps.sum(axis=0, keepdims=True)


@misconception(
    "softmax",
    caught_by="probabilities_of_every_row",
    hint="How many numbers does np.sum(...) without an axis return for a batch?",
)
def one_sum_for_the_batch(logits):
    """All the probabilities of the batch together sum to 1, not those of each row."""
    exps = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exps / exps.sum()


@misconception(
    "softmax",
    caught_by="probabilities_of_every_row",
    hint="Below the line of formula (1): the sum of what?",
)
def divides_by_the_sum_of_logits(logits):
    """The shifted logits are divided by their sum, without exponentials."""
    shifted = logits - np.min(logits, axis=-1, keepdims=True) + 1.0
    return shifted / shifted.sum(axis=-1, keepdims=True)


@misconception(
    "softmax",
    caught_by="probabilities_of_every_row",
    hint="Does each class compete with the others in your function?",
)
def a_sigmoid_for_each(logits):
    """Every logit gets its own sigmoid; the rows do not sum to 1."""
    return 0.5 * (1 + np.tanh(logits / 2))


@misconception(
    "softmax",
    caught_by="probabilities_of_every_row",
    hint="Whose array does `logits -= ...` write into?",
)
def shifts_in_place(logits):
    """The maximum is subtracted from the caller's array."""
    logits -= np.max(logits, axis=-1, keepdims=True)
    exps = np.exp(logits)
    return exps / exps.sum(axis=-1, keepdims=True)


@misconception(
    "softmax",
    caught_by="probabilities_of_every_row",
    hint="The docstring allows two shapes. What is the last axis in each of them?",
)
def batches_only(logits):
    """axis=1 is written down, so that a single example fails."""
    exps = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return exps / np.sum(exps, axis=1, keepdims=True)


@misconception(
    "softmax",
    caught_by="softmax_survives_large_logits",
    hint="Clipping changes the differences between logits. Does formula (1) notice those?",
)
def clips_the_logits(logits):
    """The logits are clipped to a safe range, which changes the probabilities."""
    exps = np.exp(np.clip(logits, -500, 500))
    return exps / exps.sum(axis=-1, keepdims=True)


@misconception(
    "softmax",
    caught_by=("probabilities_of_every_row", "softmax_survives_large_logits"),
    hint="Below the line of formula (1), is there anything besides the exponentials?",
)
def a_little_below_the_line(logits):
    """A small number is added to the sum, so that no row sums to 1."""
    exps = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exps / (exps.sum(axis=-1, keepdims=True) + 1e-8)


@misconception(
    "softmax",
    caught_by="softmax_survives_large_logits",
    hint="What is np.exp(-1000), and what becomes of a row that holds nothing else?",
)
def shifts_only_what_overflows(logits):
    """The maximum is subtracted only from large logits: a row far below 0 comes to 0 / 0."""
    if np.max(logits) > 700:
        logits = logits - np.max(logits, axis=-1, keepdims=True)
    exps = np.exp(logits)
    return exps / exps.sum(axis=-1, keepdims=True)


@misconception(
    "softmax",
    caught_by="softmax_survives_large_logits",
    hint="Which logit must be subtracted so that no exponent is above 0?",
)
def anchored_at_the_first_class(logits):
    """The first logit is subtracted instead of the largest one."""
    exps = np.exp(logits - logits[..., :1])
    return exps / exps.sum(axis=-1, keepdims=True)


@misconception(
    "softmax",
    caught_by="softmax_survives_large_logits",
    hint="What is np.exp(-743), how many digits does it have, and does it need to be so small?",
)
def one_maximum_where_it_does_no_harm(logits):
    """The maximum of the whole batch, as long as no row comes to 0; few digits may be left."""
    axis = None if np.ptp(logits) < 745 else -1
    exps = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


@misconception(
    "softmax",
    caught_by="probabilities_of_every_row",
    hint="How exact is 1 minus a number that is nearly 1, and can it come out below 0?",
)
def rest_for_the_last_class(logits):
    """The last class gets what is left of 1: of a small share hardly a digit, or less than 0."""
    exps = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exps / exps.sum(axis=-1, keepdims=True)
    p[..., -1] = 1 - p[..., :-1].sum(axis=-1)
    return p


@misconception(
    "softmax",
    caught_by="probabilities_of_every_row",
    hint="Keep the probabilities of one batch, calculate another, and look at the first again.",
)
def one_array_for_all_batches(logits):
    """The probabilities are written into an array that the next call uses again."""
    exps = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = SHARED.setdefault(exps.shape, np.zeros(exps.shape))
    return np.divide(exps, exps.sum(axis=-1, keepdims=True), out=p)


# log_softmax


@misconception(
    "log_softmax",
    caught_by="log_softmax_survives_large_logits",
    hint="Which probability does softmax give to a logit that is 800 behind?",
)
def logarithm_of_softmax(logits):
    """np.log(softmax(...)) is minus infinity where the probability is rounded to 0."""
    return np.log(softmax(logits))


@misconception(
    "log_softmax",
    caught_by="log_softmax_survives_large_logits",
    hint="Your result can never be below a certain number. Which one, and should it be?",
)
def epsilon_in_the_logarithm(logits):
    """A small number added inside the logarithm hides log 0, and what is far behind too."""
    return np.log(softmax(logits) + 1e-12)


@misconception(
    "log_softmax",
    caught_by="log_softmax_survives_large_logits",
    hint="What is np.exp(1000)?",
)
def logarithm_without_shift(logits):
    """Formula (2) as it stands: the sum of the exponentials overflows."""
    return logits - np.log(np.sum(np.exp(logits), axis=-1, keepdims=True))


@misconception(
    "log_softmax",
    caught_by="logarithms_of_the_probabilities",
    hint="Formula (2) uses the logits twice. Did you use the shifted ones both times?",
)
def shifted_only_once(logits):
    """The maximum is subtracted inside the logarithm only, so the result is off by it."""
    top = np.max(logits, axis=-1, keepdims=True)
    return logits - np.log(np.sum(np.exp(logits - top), axis=-1, keepdims=True))


@misconception(
    "log_softmax",
    caught_by="logarithms_of_the_probabilities",
    hint="Which logarithm does this notebook mean by log?",
)
def decimal_logarithm(logits):
    """The logarithm to the base 10."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return (shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))) / np.log(10)


@misconception(
    "log_softmax",
    caught_by="log_softmax_survives_large_logits",
    hint="Take the rows (1000, 1001) and (0, 1): what is left of the second?",
)
def one_maximum_for_all_logarithms(logits):
    """The maximum of the whole batch is subtracted: rows far below it come to log 0."""
    shifted = logits - np.max(logits)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


@misconception(
    "log_softmax",
    caught_by="logarithms_of_the_probabilities",
    hint="What should the exponentials of each row sum to?",
)
def sums_over_the_examples(logits):
    """The sum runs over the examples instead of the classes."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=0, keepdims=True))


@misconception(
    "log_softmax",
    caught_by="log_softmax_survives_large_logits",
    hint="How exact is a probability of 1e-322, before you take its logarithm?",
)
def repaired_where_zero(logits):
    """np.log(softmax(...)), repaired where it is infinite: not where hardly a digit is left."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    right = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    p = softmax(logits)
    return np.where(p > 0, np.log(np.where(p > 0, p, 1)), right)


@misconception(
    "log_softmax",
    caught_by="log_softmax_survives_large_logits",
    hint="Your result can never be below a certain number. Which one, and should it be?",
)
def nothing_below_minus_700(logits):
    """The shifted logits are clipped at -700 in both places."""
    shifted = np.maximum(logits - np.max(logits, axis=-1, keepdims=True), -700)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


# cross_entropy


@misconception(
    "cross_entropy",
    caught_by="average_cost_of_the_labels",
    hint="What should happen to the loss when every example is there twice?",
)
def sum_for_mean(logits, y):
    """The costs are added up, not averaged."""
    return -log_softmax(logits)[np.arange(len(y)), y].sum()


@misconception(
    "cross_entropy",
    caught_by="average_cost_of_the_labels",
    hint="By how many numbers do you divide: is it m, or m times K?",
)
def mean_over_all_entries(logits, y):
    """The mean runs over m · K numbers, most of them zero."""
    return -np.mean(one_hot(y, logits.shape[1]) * log_softmax(logits))


@misconception(
    "cross_entropy",
    caught_by="average_cost_of_the_labels",
    hint="What is the shape of table[:, y]? From each row you need one entry.",
)
def every_label_for_every_row(logits, y):
    """`log_p[:, y]` picks m columns from each of the m rows."""
    return -np.mean(log_softmax(logits)[:, y])


@misconception(
    "cross_entropy",
    caught_by="average_cost_of_the_labels",
    hint="A loss is to be made small. Is yours positive?",
)
def without_the_minus(logits, y):
    """The mean logarithm without the minus: the likelihood, which should grow."""
    return np.mean(log_softmax(logits)[np.arange(len(y)), y])


@misconception(
    "cross_entropy",
    caught_by="confident_mistakes_cost_their_price",
    hint="Which probability does softmax give to a logit that is 800 behind?",
)
def logarithm_of_zero(logits, y):
    """np.log(softmax(...)) is infinite for an example whose label is far behind."""
    return -np.mean(np.log(softmax(logits)[np.arange(len(y)), y]))


@misconception(
    "cross_entropy",
    caught_by="confident_mistakes_cost_their_price",
    hint="How much can an example cost at most in your function? Is that right?",
)
def clipped_probabilities(logits, y):
    """The probabilities are clipped, so that no example costs more than 27.6."""
    p = np.clip(softmax(logits), 1e-12, 1)
    return -np.mean(np.log(p[np.arange(len(y)), y]))


@misconception(
    "cross_entropy",
    caught_by="average_cost_of_the_labels",
    hint="How many times does softmax act on the logits before the loss comes out?",
)
def softmax_twice(logits, y):
    """softmax is applied to the probabilities once more."""
    return -np.mean(log_softmax(softmax(logits))[np.arange(len(y)), y])


@misconception(
    "cross_entropy",
    caught_by="average_cost_of_the_labels",
    hint="Formula (4) has one term per example. What do the other classes contribute?",
)
def counts_the_other_classes_too(logits, y):
    """The binary formula for every class: log(1 - p) of the other classes is added."""
    p = np.clip(softmax(logits), 1e-300, 1 - 1e-16)
    Y = one_hot(y, logits.shape[1])
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / len(y)


@misconception(
    "cross_entropy",
    caught_by="average_cost_of_the_labels",
    hint="Which logarithm does this notebook mean by log?",
)
def cost_in_bits(logits, y):
    """The logarithm to the base 2."""
    return -np.mean(log_softmax(logits)[np.arange(len(y)), y]) / np.log(2)


@misconception(
    "cross_entropy",
    caught_by="average_cost_of_the_labels",
    hint="Which single number does p of two classes depend on? Formula (9) sets one logit to 0.",
)
def two_classes_by_one_logit(logits, y):
    """Two classes are treated as one sigmoid of the second logit, whatever the first one is."""
    if logits.shape[1] == 2:
        return np.mean(np.logaddexp(0, logits[:, 1]) - y * logits[:, 1])
    return -np.mean(log_softmax(logits)[np.arange(len(y)), y])


@misconception(
    "cross_entropy",
    caught_by="average_cost_of_the_labels",
    hint="Is each class worth the same in (4), or each example?",
)
def mean_of_class_means(logits, y):
    """First the mean within each class, then the mean of these."""
    costs = -log_softmax(logits)[np.arange(len(y)), y]
    return np.mean([costs[y == k].mean() for k in np.unique(y)])


# cross_entropy_gradient


@misconception(
    "cross_entropy_gradient",
    caught_by=("gradient_of_the_average_loss", "gradient_rows_say_minus_true"),
    hint="The loss is an average. What does that mean for its gradient?",
)
def not_averaged(logits, y):
    """The factor 1/m of the average is missing."""
    return softmax(logits) - one_hot(y, logits.shape[1])


@misconception(
    "cross_entropy_gradient",
    caught_by=("gradient_of_the_average_loss", "gradient_rows_say_minus_true"),
    hint="By how many numbers do you divide: is it m, or m times K?",
)
def divided_by_all_entries(logits, y):
    """Divided by m · K."""
    return (softmax(logits) - one_hot(y, logits.shape[1])) / logits.size


@misconception(
    "cross_entropy_gradient",
    caught_by=("gradient_of_the_average_loss", "gradient_rows_say_minus_true"),
    hint="Descent subtracts the gradient. Should the logit of the label then grow or shrink?",
)
def true_minus_said(logits, y):
    """The sign is wrong: one-hot minus probabilities."""
    return (one_hot(y, logits.shape[1]) - softmax(logits)) / len(y)


@misconception(
    "cross_entropy_gradient",
    caught_by=("gradient_of_the_average_loss", "gradient_rows_say_minus_true"),
    hint="Formula (5) has been through softmax already. What is your extra factor for?",
)
def extra_factor(logits, y):
    """Multiplied by p (1 - p), as if softmax were an element-wise function to go back through."""
    p = softmax(logits)
    return (p - one_hot(y, logits.shape[1])) * p * (1 - p) / len(y)


@misconception(
    "cross_entropy_gradient",
    caught_by=("gradient_of_the_average_loss", "gradient_rows_say_minus_true"),
    hint="In `p[:, y] -= 1`, how many entries of each row are changed?",
)
def subtracts_from_whole_columns(logits, y):
    """`p[:, y] -= 1` subtracts in every row for every label of the batch."""
    p = softmax(logits)
    p[:, y] -= 1
    return p / len(y)


@misconception(
    "cross_entropy_gradient",
    caught_by=("gradient_of_the_average_loss", "gradient_rows_say_minus_true"),
    hint="Does the gradient of your function vanish for the classes that are not the label?",
)
def only_at_the_label(logits, y):
    """The other classes get no gradient."""
    Y = one_hot(y, logits.shape[1])
    return (softmax(logits) - Y) * Y / len(y)


@misconception(
    "cross_entropy_gradient",
    caught_by=("gradient_of_the_average_loss", "gradient_rows_say_minus_true"),
    hint="The number of classes: from the labels of this batch, or from the logits?",
)
def classes_from_the_labels(logits, y):
    """K is taken from the largest label, and classes beyond it get no column."""
    K = int(y.max()) + 1
    return (softmax(logits)[:, :K] - one_hot(y, K)) / len(y)


@misconception(
    "cross_entropy_gradient",
    caught_by="gradient_rows_say_minus_true",
    hint="What is np.exp(1000)? Your own functions know a way.",
)
def overflowing_gradient(logits, y):
    """The exponentials are taken here once more, without the shift."""
    exps = np.exp(logits)
    p = exps / exps.sum(axis=1, keepdims=True)
    return (p - one_hot(y, logits.shape[1])) / len(y)


@misconception(
    "cross_entropy_gradient",
    caught_by="gradient_rows_say_minus_true",
    hint="How many digits of a difference are left when the loss itself is 5,000?",
)
def by_nudges(logits, y):
    """The gradient is measured by nudges instead of formula (6)."""
    gradient = np.zeros(logits.shape)
    for index in np.ndindex(logits.shape):
        nudge = np.zeros(logits.shape)
        nudge[index] = 1e-5
        rise = cross_entropy(logits + nudge, y) - cross_entropy(logits - nudge, y)
        gradient[index] = rise / 2e-5
    return gradient


@misconception(
    "cross_entropy_gradient",
    caught_by=("gradient_of_the_average_loss", "gradient_rows_say_minus_true"),
    hint="Does an example that is classified right have the loss 0?",
)
def nothing_where_right(logits, y):
    """Examples whose largest logit is the label's get no gradient."""
    gradient = (softmax(logits) - one_hot(y, logits.shape[1])) / len(y)
    gradient[np.argmax(logits, axis=1) == y] = 0
    return gradient


# softmax_jacobian


@misconception(
    "softmax_jacobian",
    caught_by=("every_probability_by_every_logit", "contraction_gives_said_minus_true"),
    hint="What happens to the other probabilities when one logit grows?",
)
def only_the_diagonal(logits):
    """Only p (1 - p) on the diagonal: the competition between the classes is lost."""
    p = softmax(logits)
    return np.diag(p * (1 - p))


@misconception(
    "softmax_jacobian",
    caught_by=("every_probability_by_every_logit", "contraction_gives_said_minus_true"),
    hint="Do the columns of your table sum to 0?",
)
def plus_on_the_side(logits):
    """The products off the diagonal have the wrong sign."""
    p = softmax(logits)
    return np.outer(p, p) - 2 * np.diag(p * p) + np.diag(p)


@misconception(
    "softmax_jacobian",
    caught_by=("every_probability_by_every_logit", "contraction_gives_said_minus_true"),
    hint="Formula (7) has p on the diagonal of its first table, not 1.",
)
def identity_for_the_diagonal(logits):
    """The identity minus the products: a factor p is missing on the diagonal."""
    p = softmax(logits)
    return np.eye(len(p)) - np.outer(p, p)


@misconception(
    "softmax_jacobian",
    caught_by=("every_probability_by_every_logit", "contraction_gives_said_minus_true"),
    hint="Formula (7) is about probabilities. What do you have in hand at the start?",
)
def logits_for_probabilities(logits):
    """The logits are put into (7) as if they were probabilities."""
    return np.diag(logits) - np.outer(logits, logits)


@misconception(
    "softmax_jacobian",
    caught_by=("every_probability_by_every_logit", "contraction_gives_said_minus_true"),
    hint="Each probability depends on every logit: how many derivatives are there?",
)
def a_vector_of_slopes(logits):
    """p (1 - p) for each class, as for a sigmoid: K numbers instead of K times K."""
    p = softmax(logits)
    return p * (1 - p)


@misconception(
    "softmax_jacobian",
    caught_by=("every_probability_by_every_logit", "contraction_gives_said_minus_true"),
    hint="The table in the lesson has negative numbers beside the diagonal.",
)
def wrong_sign_everywhere(logits):
    """The two tables are subtracted the wrong way round."""
    p = softmax(logits)
    return np.outer(p, p) - np.diag(p)


@misconception(
    "softmax_jacobian",
    caught_by="contraction_gives_said_minus_true",
    hint="Formula (7) is exact. Is a quotient of small differences?",
)
def jacobian_by_nudges(logits):
    """The slopes are measured by nudges instead of formula (7)."""
    nudges = 1e-5 * np.eye(len(logits))
    rises = [softmax(logits + nudge) - softmax(logits - nudge) for nudge in nudges]
    return np.column_stack(rises) / 2e-5


# hinge_loss


@misconception(
    "hinge_loss",
    caught_by="every_missing_margin_is_paid_for",
    hint="What is the term for k = y, and is it in the sum of (11)?",
)
def label_pays_too(scores, y):
    """The term of the label itself, always 1, is counted."""
    right = scores[np.arange(len(y)), y][:, None]
    return np.maximum(0, scores - right + 1).sum() / len(y)


@misconception(
    "hinge_loss",
    caught_by="every_missing_margin_is_paid_for",
    hint="Is it enough to be ahead by a hair?",
)
def no_margin(scores, y):
    """Only classes that are ahead of the label cost anything: there is no margin."""
    right = scores[np.arange(len(y)), y][:, None]
    return np.maximum(0, scores - right).sum() / len(y)


@misconception(
    "hinge_loss",
    caught_by="every_missing_margin_is_paid_for",
    hint="Is formula (11) a sum over the other classes, or only the worst of them?",
)
def only_the_worst_class(scores, y):
    """Only the most dangerous of the other classes pays."""
    rows = np.arange(len(y))
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    return margins.max(axis=1).mean()


@misconception(
    "hinge_loss",
    caught_by="every_missing_margin_is_paid_for",
    hint="Who should be ahead of whom?",
)
def the_wrong_way_round(scores, y):
    """The label's score minus the others: being right costs."""
    rows = np.arange(len(y))
    margins = np.maximum(0, scores[rows, y][:, None] - scores + 1)
    margins[rows, y] = 0
    return margins.sum() / len(y)


@misconception(
    "hinge_loss",
    caught_by="every_missing_margin_is_paid_for",
    hint="May one class's lead make up for what another lacks?",
)
def surplus_counts(scores, y):
    """Without the maximum: classes far behind give money back."""
    rows = np.arange(len(y))
    margins = scores - scores[rows, y][:, None] + 1
    margins[rows, y] = 0
    return max(0.0, margins.sum() / len(y))


@misconception(
    "hinge_loss",
    caught_by="every_missing_margin_is_paid_for",
    hint="By how many numbers do you divide: is it m, or m times K?",
)
def margins_averaged_over_classes(scores, y):
    """The mean over all the m · K entries."""
    rows = np.arange(len(y))
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    return margins.mean()


@misconception(
    "hinge_loss",
    caught_by="every_missing_margin_is_paid_for",
    hint="What happens to terms of exactly 1 that do not belong to the label?",
)
def every_one_is_removed(scores, y):
    """All terms equal to 1 are taken out, also those of classes that tie with the label."""
    margins = np.maximum(0, scores - scores[np.arange(len(y)), y][:, None] + 1)
    return margins[margins != 1].sum() / len(y)


@misconception(
    "hinge_loss",
    caught_by="every_missing_margin_is_paid_for",
    hint="Is an example that is classified right always ahead by the margin?",
)
def only_mistakes_pay(scores, y):
    """Examples that are classified right cost nothing, by however little they are ahead."""
    rows = np.arange(len(y))
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    return margins[scores.argmax(axis=1) != y].sum() / len(y)


@misconception(
    "hinge_loss",
    caught_by="every_missing_margin_is_paid_for",
    hint="In `margins[:, y] = 0`, how many entries of each row become 0?",
)
def labels_of_others_are_free(scores, y):
    """The columns of all the labels in the batch are set to 0, in every row."""
    margins = np.maximum(0, scores - scores[np.arange(len(y)), y][:, None] + 1)
    margins[:, y] = 0
    return margins.sum() / len(y)


@misconception(
    "hinge_loss",
    caught_by="every_missing_margin_is_paid_for",
    hint="How do you know which entry belongs to the label: by its place, or by its score?",
)
def near_ties_are_free(scores, y):
    """Classes whose scores are close to the label's are taken for the label, and one term stays."""
    right = scores[np.arange(len(y)), y][:, None]
    margins = np.maximum(0, scores - right + 1.0)
    margins[np.isclose(scores, right) & (scores != right)] = 0
    return (margins.sum(axis=1) - 1).mean()


# train_step


@misconception(
    "train_step",
    caught_by="step_goes_against_the_gradient",
    hint="Does the loss grow or fall from step to step?",
)
def uphill(params, X, y, learning_rate, l2=0.0):
    """The gradient is added: the loss grows."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, penalty_grads = l2_penalty(params, l2)
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    new = [
        (W + learning_rate * (dW + dR), b + learning_rate * db)
        for (W, b), (dW, db), (dR, _) in zip(params, grads, penalty_grads, strict=True)
    ]
    return new, cross_entropy(logits, y) + penalty


@misconception(
    "train_step",
    caught_by="step_goes_against_the_gradient",
    hint="Where does l2 enter: into the loss, into the gradient, or into both?",
)
def penalty_without_gradient(params, X, y, learning_rate, l2=0.0):
    """The penalty is in the loss but not in the step."""
    logits, cache = forward(params, X, classifier_activations(params))
    loss = cross_entropy(logits, y) + l2_penalty(params, l2)[0]
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    new = [
        (W - learning_rate * dW, b - learning_rate * db)
        for (W, b), (dW, db) in zip(params, grads, strict=True)
    ]
    return new, loss


@misconception(
    "train_step",
    caught_by="step_goes_against_the_gradient",
    hint="Which loss should be returned: of which parameters, and with what in it?",
)
def loss_without_penalty(params, X, y, learning_rate, l2=0.0):
    """The returned loss is the cross-entropy alone."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty_grads = l2_penalty(params, l2)[1]
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    new = [
        (W - learning_rate * (dW + dR), b - learning_rate * db)
        for (W, b), (dW, db), (dR, _) in zip(params, grads, penalty_grads, strict=True)
    ]
    return new, cross_entropy(logits, y)


@misconception(
    "train_step",
    caught_by="step_goes_against_the_gradient",
    hint="Which loss should be returned: of the parameters before the step, or after it?",
)
def loss_after_the_step(params, X, y, learning_rate, l2=0.0):
    """The loss is that of the new parameters."""
    activations = classifier_activations(params)
    logits, cache = forward(params, X, activations)
    penalty_grads = l2_penalty(params, l2)[1]
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    new = [
        (W - learning_rate * (dW + dR), b - learning_rate * db)
        for (W, b), (dW, db), (dR, _) in zip(params, grads, penalty_grads, strict=True)
    ]
    return new, cross_entropy(forward(new, X, activations)[0], y) + l2_penalty(new, l2)[0]


@misconception(
    "train_step",
    caught_by="step_goes_against_the_gradient",
    hint="Formula (6) is the gradient with respect to the logits. Do you need softmax again?",
)
def softmax_before_the_loss(params, X, y, learning_rate, l2=0.0):
    """The network's outputs go through softmax before the loss, which applies it again."""
    logits, cache = forward(params, X, classifier_activations(params))
    p = softmax(logits)
    penalty, penalty_grads = l2_penalty(params, l2)
    grads = backward(params, cache, cross_entropy_gradient(p, y))
    new = [
        (W - learning_rate * (dW + dR), b - learning_rate * db)
        for (W, b), (dW, db), (dR, _) in zip(params, grads, penalty_grads, strict=True)
    ]
    return new, cross_entropy(p, y) + penalty


@misconception(
    "train_step",
    caught_by="step_goes_against_the_gradient",
    hint="Formula (6) holds 1/m already. Who divides a second time?",
)
def divided_by_m_twice(params, X, y, learning_rate, l2=0.0):
    """The gradient is divided by the size of the batch once more."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, penalty_grads = l2_penalty(params, l2)
    grads = backward(params, cache, cross_entropy_gradient(logits, y) / len(X))
    new = [
        (W - learning_rate * (dW + dR), b - learning_rate * db)
        for (W, b), (dW, db), (dR, _) in zip(params, grads, penalty_grads, strict=True)
    ]
    return new, cross_entropy(logits, y) + penalty


@misconception(
    "train_step",
    caught_by="step_goes_against_the_gradient",
    hint="Each layer has two parts. Do both move?",
)
def biases_stay(params, X, y, learning_rate, l2=0.0):
    """The biases are never updated."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, penalty_grads = l2_penalty(params, l2)
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    new = [
        (W - learning_rate * (dW + dR), b)
        for (W, b), (dW, _), (dR, _) in zip(params, grads, penalty_grads, strict=True)
    ]
    return new, cross_entropy(logits, y) + penalty


@misconception(
    "train_step",
    caught_by="step_goes_against_the_gradient",
    hint="What does `W -= ...` do to the array that the caller passed?",
)
def updates_in_place(params, X, y, learning_rate, l2=0.0):
    """`-=` writes the new weights into the caller's arrays."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, penalty_grads = l2_penalty(params, l2)
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    for (W, b), (dW, db), (dR, _) in zip(params, grads, penalty_grads, strict=True):
        W -= learning_rate * (dW + dR)
        b -= learning_rate * db
    return params, cross_entropy(logits, y) + penalty


@misconception(
    "train_step",
    caught_by="step_goes_against_the_gradient",
    hint="Which activation does the last layer have, and which do the others have?",
)
def relu_on_the_logits(params, X, y, learning_rate, l2=0.0):
    """ReLU is applied to the output layer too, so that logits are never negative."""
    logits, cache = forward(params, X, ["relu"] * len(params))
    penalty, penalty_grads = l2_penalty(params, l2)
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    new = [
        (W - learning_rate * (dW + dR), b - learning_rate * db)
        for (W, b), (dW, db), (dR, _) in zip(params, grads, penalty_grads, strict=True)
    ]
    return new, cross_entropy(logits, y) + penalty


@misconception(
    "train_step",
    caught_by="step_goes_against_the_gradient",
    hint="At which weights is the slope of the price taken: before or after the step on the loss?",
)
def shrinks_after_the_step(params, X, y, learning_rate, l2=0.0):
    """The price shrinks the weights that the step on the loss has led to, not the old ones."""
    logits, cache = forward(params, X, classifier_activations(params))
    loss = cross_entropy(logits, y) + l2_penalty(params, l2)[0]
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    new = [
        ((W - learning_rate * dW) * (1 - learning_rate * l2), b - learning_rate * db)
        for (W, b), (dW, db) in zip(params, grads, strict=True)
    ]
    return new, loss


@misconception(
    "train_step",
    caught_by="step_goes_against_the_gradient",
    hint="New arrays, but in whose list?",
)
def puts_new_layers_into_the_old_list(params, X, y, learning_rate, l2=0.0):
    """The arrays are new, but they replace the old ones in the caller's list."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, penalty_grads = l2_penalty(params, l2)
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    for i, ((W, b), (dW, db), (dR, _)) in enumerate(zip(params, grads, penalty_grads, strict=True)):
        params[i] = (W - learning_rate * (dW + dR), b - learning_rate * db)
    return params, cross_entropy(logits, y) + penalty


@misconception(
    "train_step",
    caught_by="step_goes_against_the_gradient",
    hint="Look at formula (13) once more: which of the parameters are priced?",
)
def biases_are_priced(params, X, y, learning_rate, l2=0.0):
    """The biases shrink, too, though the penalty counts the weights only."""
    logits, cache = forward(params, X, classifier_activations(params))
    penalty, _ = l2_penalty(params, l2)
    grads = backward(params, cache, cross_entropy_gradient(logits, y))
    new = [
        (W - learning_rate * (dW + l2 * W), b - learning_rate * (db + l2 * b))
        for (W, b), (dW, db) in zip(params, grads, strict=True)
    ]
    return new, cross_entropy(logits, y) + penalty


# train


@misconception(
    "train",
    caught_by="every_example_once_per_epoch",
    hint="After shuffling, does each example still have its own label?",
)
def examples_and_labels_shuffled_apart(
    X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0
):
    """X and y are shuffled by two different permutations."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        inputs, labels = X[rng.permutation(len(X))], y[rng.permutation(len(X))]
        for i in range(0, len(X), batch_size):
            rows = slice(i, i + batch_size)
            params, loss = train_step(params, inputs[rows], labels[rows], learning_rate, l2)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="every_example_once_per_epoch",
    hint="Five examples in batches of two: how many batches?",
)
def last_batch_dropped(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """The examples that do not fill a batch are left out."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        for inputs, labels in minibatches(X, y, batch_size, rng):
            if len(inputs) == min(batch_size, len(X)):
                params, loss = train_step(params, inputs, labels, learning_rate, l2)
                losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="every_example_once_per_epoch",
    hint="When are the batches drawn: once, or anew in each epoch?",
)
def batches_drawn_once(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """The batches of the first epoch are used in all of them."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    batches, losses = list(minibatches(X, y, batch_size, rng)), []
    for _ in range(n_epochs):
        for inputs, labels in batches:
            params, loss = train_step(params, inputs, labels, learning_rate, l2)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="every_example_once_per_epoch",
    hint="Can an example come up twice in an epoch while another waits in vain?",
)
def batches_with_replacement(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Each batch is drawn from all the examples, so that some come up twice and some never."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        for start in range(0, len(X), batch_size):
            size = min(batch_size, len(X) - start)
            rows = rng.integers(0, len(X), size=size)
            params, loss = train_step(params, X[rows], y[rows], learning_rate, l2)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="every_example_once_per_epoch",
    hint="The argument rng is the only source of randomness. Who else shuffles here?",
)
def its_own_generator(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """The batches come from a generator with a fixed seed, the same for everyone."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    shuffler, losses = np.random.default_rng(0), []
    for _ in range(n_epochs):
        for inputs, labels in minibatches(X, y, batch_size, shuffler):
            params, loss = train_step(params, inputs, labels, learning_rate, l2)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="whole_batches_are_retraced",
    hint="Where does the second epoch start from?",
)
def starts_again_in_each_epoch(
    X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0
):
    """The parameters are drawn anew at the start of every epoch."""
    losses = []
    for _ in range(n_epochs):
        params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
        for inputs, labels in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, inputs, labels, learning_rate, l2)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="whole_batches_are_retraced",
    hint="If no label is 1, is there a class 1?",
)
def counts_the_labels_that_occur(
    X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0
):
    """K is the number of different labels, which is too small when a class is missing."""
    params = init_params([X.shape[1], *hidden_sizes, len(np.unique(y))], rng)
    losses = []
    for _ in range(n_epochs):
        for inputs, labels in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, inputs, labels, learning_rate, l2)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="whole_batches_are_retraced",
    hint="Are there always ten classes?",
)
def ten_classes(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """The network has ten outputs at least, whatever the labels say."""
    params = init_params([X.shape[1], *hidden_sizes, max(10, int(y.max()) + 1)], rng)
    losses = []
    for _ in range(n_epochs):
        for inputs, labels in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, inputs, labels, learning_rate, l2)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="whole_batches_are_retraced",
    hint="One of the arguments never reaches train_step.",
)
def penalty_not_passed_on(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """l2 is forgotten."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        for inputs, labels in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, inputs, labels, learning_rate)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="whole_batches_are_retraced",
    hint="What does train_step return, and what becomes of it in your loop?",
)
def result_of_the_step_thrown_away(
    X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0
):
    """The new parameters are not kept, so nothing is ever learnt."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        for inputs, labels in minibatches(X, y, batch_size, rng):
            _, loss = train_step(params, inputs, labels, learning_rate, l2)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="every_example_once_per_epoch",
    hint="How many entries should losses have: one per epoch, or one per step?",
)
def one_loss_per_epoch(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Only the last loss of each epoch is recorded."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        for inputs, labels in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, inputs, labels, learning_rate, l2)
        losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="whole_batches_are_retraced",
    hint="If all weights start equal, in what could two hidden neurons ever differ?",
)
def starts_from_zeros(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """All parameters start at zero, and the hidden neurons never wake up."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    params = [(0 * W, b) for W, b in params]
    losses = []
    for _ in range(n_epochs):
        for inputs, labels in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, inputs, labels, learning_rate, l2)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="whole_batches_are_retraced",
    hint="Does anything in the text allow fewer passes than n_epochs?",
)
def stops_when_the_loss_is_small(
    X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0
):
    """Training ends when a loss is below 0.1."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        for inputs, labels in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, inputs, labels, learning_rate, l2)
            losses.append(loss)
        if losses[-1] < 0.1:
            break
    return params, losses


@misconception(
    "train",
    caught_by="whole_batches_are_retraced",
    hint="Print the rate of each step. Who asked for it?",
)
def rate_falls_by_itself(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """After 50 epochs the learning rate is halved."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for epoch in range(n_epochs):
        rate = learning_rate if epoch < 50 else learning_rate / 2
        for inputs, labels in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, inputs, labels, rate, l2)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="whole_batches_are_retraced",
    hint="The network after the last step, or the one that looked best on some batch?",
)
def returns_the_best_so_far(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """The parameters with the smallest loss of a batch are returned, not the last ones."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    best, losses = params, []
    for _ in range(n_epochs):
        for inputs, labels in minibatches(X, y, batch_size, rng):
            before = params
            params, loss = train_step(params, inputs, labels, learning_rate, l2)
            if loss < min(losses, default=np.inf):
                best = before
            losses.append(loss)
    return best, losses


@misconception(
    "train",
    caught_by="whole_batches_are_retraced",
    hint="Whose list does `append` make longer?",
)
def hidden_sizes_grow(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """The number of classes is appended to the caller's list of hidden sizes."""
    hidden_sizes.append(int(y.max()) + 1)
    params = init_params([X.shape[1], *hidden_sizes], rng)
    losses = []
    for _ in range(n_epochs):
        for inputs, labels in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, inputs, labels, learning_rate, l2)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="whole_batches_are_retraced",
    hint="How does the text have the first weights drawn when there is no hidden layer?",
)
def other_weights_without_hidden_layers(
    X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0
):
    """Without a hidden layer, the first weights are drawn as for a linear activation."""
    sizes = [X.shape[1], *hidden_sizes, int(y.max()) + 1]
    params = init_params(sizes, rng, "relu" if hidden_sizes else "linear")
    losses = []
    for _ in range(n_epochs):
        for inputs, labels in minibatches(X, y, batch_size, rng):
            params, loss = train_step(params, inputs, labels, learning_rate, l2)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="every_example_once_per_epoch",
    hint="Lay five cards in a row and cut the deck. Is it shuffled?",
)
def rotates_the_examples(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """The examples keep their order; only where an epoch begins is drawn."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for _ in range(n_epochs):
        order = np.roll(np.arange(len(X)), rng.integers(len(X)))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            params, loss = train_step(params, X[rows], y[rows], learning_rate, l2)
            losses.append(loss)
    return params, losses


@misconception(
    "train",
    caught_by="every_example_once_per_epoch",
    hint="If you know the order of one epoch, can you tell that of the next?",
)
def there_and_back(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """One random order, which every other epoch goes through backwards."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    order, losses = rng.permutation(len(X)), []
    for _ in range(n_epochs):
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            params, loss = train_step(params, X[rows], y[rows], learning_rate, l2)
            losses.append(loss)
        order = order[::-1]
    return params, losses


@misconception(
    "train",
    caught_by="every_example_once_per_epoch",
    hint="If you know the order of one epoch, can you ever tell that of the next?",
)
def back_the_same_way(X, y, hidden_sizes, n_epochs, batch_size, learning_rate, rng, l2=0.0):
    """Only every other epoch is shuffled; the one after it goes back the same way."""
    params = init_params([X.shape[1], *hidden_sizes, int(y.max()) + 1], rng)
    losses = []
    for epoch in range(n_epochs):
        order = rng.permutation(len(X)) if epoch % 2 == 0 else order[::-1]
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            params, loss = train_step(params, X[rows], y[rows], learning_rate, l2)
            losses.append(loss)
    return params, losses


# tuned


@misconception(
    "tuned",
    caught_by="reads_better_on_the_budget",
    hint="Look at your row in the figure: which of section 8's choices is the tightest brake?",
)
def section_8_as_it_is(draw, n_features, n_classes, n_examples, max_params, rng):
    """Batches of 32 and the constant rate 0.1: nothing is tuned."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    while (batch := draw(32)) is not None:
        params, _ = train_step(params, *batch, 0.1)
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="Which of the arguments says how wide you may be?",
)
def always_128_neurons(draw, n_features, n_classes, n_examples, max_params, rng):
    """The width is fixed in the code, whatever max_params says."""
    params = init_params([n_features, 128, n_classes], rng)
    seen = 0
    while (batch := draw(8)) is not None:
        params, _ = train_step(params, *batch, 0.2 * (1 - seen / n_examples))
        seen += len(batch[1])
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="Count by hand: does each neuron bring its weights only?",
)
def forgets_the_biases(draw, n_features, n_classes, n_examples, max_params, rng):
    """The width is counted by the weights alone, so that the biases are over the budget."""
    params = init_params([n_features, max_params // (n_features + n_classes), n_classes], rng)
    seen = 0
    while (batch := draw(8)) is not None:
        params, _ = train_step(params, *batch, 0.2 * (1 - seen / n_examples))
        seen += len(batch[1])
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="Are there always ten classes? Which argument knows?",
)
def made_for_ten_digits(draw, n_features, n_classes, n_examples, max_params, rng):
    """Ten outputs, whatever n_classes says."""
    params = init_params([n_features, (max_params - 10) // (n_features + 11), 10], rng)
    seen = 0
    while (batch := draw(8)) is not None:
        params, _ = train_step(params, *batch, 0.2 * (1 - seen / n_examples))
        seen += len(batch[1])
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="How many steps does your network make in all?",
)
def everything_in_one_batch(draw, n_features, n_classes, n_examples, max_params, rng):
    """All that is dealt goes into a single step."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    params, _ = train_step(params, *draw(n_examples), 0.2)
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="How many steps fit into the budget, with batches like yours?",
)
def large_batches(draw, n_features, n_classes, n_examples, max_params, rng):
    """Batches of 500: smooth gradients, and far too few steps."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    seen = 0
    while (batch := draw(500)) is not None:
        params, _ = train_step(params, *batch, 0.2 * (1 - seen / n_examples))
        seen += len(batch[1])
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="Print your rate at every step. When is it nearly 0?",
)
def rate_falls_too_fast(draw, n_features, n_classes, n_examples, max_params, rng):
    """The rate is multiplied by 0.8 in every step, and is gone after twenty."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params, rate = init_params([n_features, width, n_classes], rng), 0.2
    while (batch := draw(8)) is not None:
        params, _ = train_step(params, *batch, rate)
        rate *= 0.8
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="Plot your loss. Does it fall, or run away?",
)
def momentum_at_the_old_rate(draw, n_features, n_classes, n_examples, max_params, rng):
    """Momentum 0.99 on top of a rate for plain descent: a hundred times too fast."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    speed = [(0 * W, 0 * b) for W, b in params]
    while (batch := draw(8)) is not None:
        logits, cache = forward(params, batch[0], classifier_activations(params))
        grads = backward(params, cache, cross_entropy_gradient(logits, batch[1]))
        speed = [
            (0.99 * u + dW, 0.99 * v + db) for (u, v), (dW, db) in zip(speed, grads, strict=True)
        ]
        params = [(W - 0.5 * u, b - 0.5 * v) for (W, b), (u, v) in zip(params, speed, strict=True)]
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="Where is the speed of the last step when the next one begins?",
)
def speed_forgotten_at_every_step(draw, n_features, n_classes, n_examples, max_params, rng):
    """The speed of momentum starts at zero in each step: only the small rate is left."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params, seen = init_params([n_features, width, n_classes], rng), 0
    while (batch := draw(10)) is not None:
        logits, cache = forward(params, batch[0], classifier_activations(params))
        grads = backward(params, cache, cross_entropy_gradient(logits, batch[1]))
        speed = [(0 * W, 0 * b) for W, b in params]
        speed = [
            (0.9 * u + dW, 0.9 * v + db) for (u, v), (dW, db) in zip(speed, grads, strict=True)
        ]
        rate = 0.003 * (1 - seen / n_examples)
        seen += len(batch[1])
        params = [
            (W - rate * u, b - rate * v) for (W, b), (u, v) in zip(params, speed, strict=True)
        ]
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="If all weights start equal, in what can neurons differ?",
)
def starts_at_zero(draw, n_features, n_classes, n_examples, max_params, rng):
    """All the weights start at 0, and the hidden neurons never wake up."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    sizes, seen = [n_features, width, n_classes], 0
    params = [(np.zeros((o, i)), np.zeros(o)) for i, o in pairwise(sizes)]
    while (batch := draw(8)) is not None:
        params, _ = train_step(params, *batch, 0.2 * (1 - seen / n_examples))
        seen += len(batch[1])
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="What becomes of the parameters that a step returns?",
)
def steps_thrown_away(draw, n_features, n_classes, n_examples, max_params, rng):
    """Every step starts from the first parameters, and these are returned."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    while (batch := draw(8)) is not None:
        train_step(params, *batch, 0.2)
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="Which price do the weights pay, and what is left of them?",
)
def crushed_by_its_price(draw, n_features, n_classes, n_examples, max_params, rng):
    """A lambda of 1 leaves nothing of the weights."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params, seen = init_params([n_features, width, n_classes], rng), 0
    while (batch := draw(8)) is not None:
        params, _ = train_step(params, *batch, 0.2 * (1 - seen / n_examples), l2=1.0)
        seen += len(batch[1])
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="What does the docstring say that tuned returns?",
)
def returns_the_losses_too(draw, n_features, n_classes, n_examples, max_params, rng):
    """The network and the losses, as train does."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params, losses, seen = init_params([n_features, width, n_classes], rng), [], 0
    while (batch := draw(8)) is not None:
        params, loss = train_step(params, *batch, 0.2 * (1 - seen / n_examples))
        losses.append(loss)
        seen += len(batch[1])
    return params, losses


@misconception(
    "tuned",
    caught_by=("fits_any_budget_it_is_given", "reads_better_on_the_budget"),
    hint="How much of the budget is left when your loop ends?",
)
def ends_with_a_small_share(draw, n_features, n_classes, n_examples, max_params, rng):
    """Only the first 15 batches are trained on; the rest of the budget is never asked for."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], rng)
    for step in range(15):
        params, _ = train_step(params, *draw(8), 0.2 * (1 - step / 15))
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="How far does Adam go in one step at this rate, at most?",
)
def adam_too_slow(draw, n_features, n_classes, n_examples, max_params, rng):
    """Adam with batches of 32 and the rate 0.0001: it gets nowhere in so few steps."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params, t = init_params([n_features, width, n_classes], rng), 0
    m = [[0 * W, 0 * b] for W, b in params]
    v = [[0 * W, 0 * b] for W, b in params]
    while (batch := draw(32)) is not None:
        logits, cache = forward(params, batch[0], classifier_activations(params))
        grads = backward(params, cache, cross_entropy_gradient(logits, batch[1]))
        t += 1
        for i, grad in enumerate(grads):
            new = []
            for j in (0, 1):
                m[i][j] = 0.9 * m[i][j] + 0.1 * grad[j]
                v[i][j] = 0.999 * v[i][j] + 0.001 * grad[j] ** 2
                ahead = m[i][j] / (1 - 0.9**t)
                new.append(
                    params[i][j] - 0.0001 * ahead / np.sqrt(v[i][j] / (1 - 0.999**t) + 1e-16)
                )
            params[i] = tuple(new)
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="Does the loss grow or fall from step to step?",
)
def climbs(draw, n_features, n_classes, n_examples, max_params, rng):
    """The gradient is added."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params, seen = init_params([n_features, width, n_classes], rng), 0
    while (batch := draw(8)) is not None:
        params, _ = train_step(params, *batch, -0.01 * (1 - seen / n_examples))
        seen += len(batch[1])
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="The argument rng is the only source of randomness. Who else draws here?",
)
def first_weights_from_elsewhere(draw, n_features, n_classes, n_examples, max_params, rng):
    """The first weights come from a generator of its own, without a seed."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    params = init_params([n_features, width, n_classes], np.random.default_rng())
    seen = 0
    while (batch := draw(8)) is not None:
        params, _ = train_step(params, *batch, 0.2 * (1 - seen / n_examples))
        seen += len(batch[1])
    return params


@misconception(
    "tuned",
    caught_by="fits_any_budget_it_is_given",
    hint="Train twice, and look at the first network again. Whose arrays are they?",
)
def trained_in_one_store(draw, n_features, n_classes, n_examples, max_params, rng):
    """The parameters are trained in arrays that the next training uses again."""
    width = (max_params - n_classes) // (n_features + 1 + n_classes)
    fresh = init_params([n_features, width, n_classes], rng)
    params = SHARED.setdefault((n_features, width, n_classes), fresh)
    for (W, b), (V, c) in zip(params, fresh, strict=True):
        W[:], b[:] = V, c
    activations, seen = classifier_activations(params), 0
    while (batch := draw(8)) is not None:
        X, y = batch
        logits, cache = forward(params, X, activations)
        grads = backward(params, cache, cross_entropy_gradient(logits, y))
        rate = 0.2 * (1 - seen / n_examples)
        for (W, b), (dW, db) in zip(params, grads, strict=True):
            W -= rate * dW
            b -= rate * db
        seen += len(y)
    return params
