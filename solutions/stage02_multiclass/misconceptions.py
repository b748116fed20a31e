"""Wrong solutions of stage 2, each with the check that is meant to catch it."""

import copy

import numpy as np

from nngrade import misconception

# What some of the mistakes below keep from call to call.
SHARED = {}

# scores


@misconception(
    "scores",
    caught_by="every_class_scores_every_example",
    hint="Row j of W belongs to class j. Which shape must the second factor have?",
)
def no_transpose(W, b, X):
    """W is not transposed, which NumPy accepts only if K equals n."""
    return X @ W + b


@misconception(
    "scores",
    caught_by="every_class_scores_every_example",
    hint="In the result, does a row belong to an example or to a class?",
)
def classes_in_rows(W, b, X):
    """The result is the other way round: a row per class, a column per example."""
    return W @ X.T + b[:, None]


@misconception(
    "scores",
    caught_by="biases_belong_to_classes",
    hint="One of the three arguments has no effect in your function.",
)
def biases_forgotten(W, b, X):
    """The biases are left out."""
    return X @ W.T


@misconception(
    "scores",
    caught_by="biases_belong_to_classes",
    hint="Each class has a bias of its own.",
)
def one_bias_for_all(W, b, X):
    """The sum of the biases is added to every score."""
    return X @ W.T + b.sum()


@misconception(
    "scores",
    caught_by="biases_belong_to_classes",
    hint="Formula (2) adds b once. How many times does your code add it?",
)
def bias_for_every_feature(W, b, X):
    """The bias is added to each weight, and so once for every unit of the features."""
    return X @ (W + b[:, None]).T


@misconception(
    "scores",
    caught_by="every_class_scores_every_example",
    hint="A score is a weighted sum before anything else is done to it.",
)
def threshold_applied(W, b, X):
    """The threshold of stage 1 is applied: the scores are 0 or 1."""
    return (X @ W.T + b >= 0).astype(float)


@misconception(
    "scores",
    caught_by="every_class_scores_every_example",
    hint="How many examples may X hold?",
)
def first_example_only(W, b, X):
    """Only the first example gets scores."""
    return W @ X[0] + b


@misconception(
    "scores",
    caught_by="biases_belong_to_classes",
    hint="When m equals K, does b go along the rows or along the columns?",
)
def bias_on_the_wrong_axis(W, b, X):
    """Where the shapes allow it, the bias is added per example instead of per class."""
    Z = X @ W.T
    return Z + b[:, None] if len(b) == len(X) else Z + b


@misconception(
    "scores",
    caught_by="scores_leaves_its_arguments_alone",
    hint="Whose array does `W *= ...` or `b += ...` write into?",
)
def bias_appended_in_place(W, b, X):
    """The caller's biases are used as the running sum."""
    Z = np.empty((len(X), len(W)))
    start = b.copy()
    for i, x in enumerate(X):
        b[:] = start
        b += W @ x
        Z[i] = b
    return Z


@misconception(
    "scores",
    caught_by="scores_leaves_its_arguments_alone",
    hint="Which numbers fit into an array of the dtype of X, if X holds integers?",
)
def scores_of_the_dtype_of_X(W, b, X):
    """The scores have the dtype of X: with integers in X, they are cut off to whole numbers."""
    Z = np.zeros((len(X), len(W)), dtype=X.dtype)
    for i, x in enumerate(X):
        Z[i] = W @ x + b
    return Z


@misconception(
    "scores",
    caught_by="every_class_scores_every_example",
    hint="How large may a score be? Does formula (2) set a limit?",
)
def scores_kept_within_bounds(W, b, X):
    """Scores beyond -100 or 100 are cut off."""
    return np.clip(X @ W.T + b, -100, 100)


@misconception(
    "scores",
    caught_by="scores_leaves_its_arguments_alone",
    hint="Which of the three arguments decides whether the scores are whole numbers?",
)
def whole_factors_make_whole_scores(W, b, X):
    """If X and W hold whole numbers, so do the scores: the fractions of the biases are cut off."""
    if X.dtype.kind == "i" and np.all(np.round(W) == W):
        return (X @ W.T + b).astype(int).astype(float)
    return X @ W.T + b


# predict


@misconception(
    "predict",
    caught_by="the_highest_score_wins",
    hint="Your answers should be as many as the examples. Along which axis did you look?",
)
def argmax_over_examples(W, b, X):
    """The maximum is sought along the examples: the result has one entry per class."""
    return np.argmax(X @ W.T + b, axis=0)


@misconception(
    "predict",
    caught_by="the_highest_score_wins",
    hint="Without an axis, what does np.argmax count?",
)
def argmax_without_axis(W, b, X):
    """One place in the flattened table is returned for all the examples."""
    return np.argmax(X @ W.T + b)


@misconception(
    "predict",
    caught_by="the_highest_score_wins",
    hint="The lesson wants the place of the maximum.",
)
def maximum_itself(W, b, X):
    """The highest score is returned instead of its place."""
    return np.max(X @ W.T + b, axis=1)


@misconception(
    "predict",
    caught_by="the_highest_score_wins",
    hint="What do you compare: the weighted sums, or what the threshold makes of them?",
)
def argmax_after_the_threshold(W, b, X):
    """The threshold comes first: the lowest class that says yes wins, or class 0 if none does."""
    return np.argmax(X @ W.T + b >= 0, axis=1)


@misconception(
    "predict",
    caught_by="the_highest_score_wins",
    hint="A score of -9 is lower than one of -1.",
)
def largest_in_size(W, b, X):
    """The score of the largest absolute value wins, even if it is negative."""
    return np.argmax(np.abs(X @ W.T + b), axis=1)


@misconception(
    "predict",
    caught_by="the_highest_score_wins",
    hint="The biases take part in the comparison.",
)
def compares_without_biases(W, b, X):
    """The biases are left out of the comparison."""
    return np.argmax(X @ W.T, axis=1)


@misconception(
    "predict",
    caught_by="ties_go_to_the_lowest_class",
    hint="Of several equal maxima, which one do you end up with?",
)
def last_maximum_wins(W, b, X):
    """A loop with >= keeps the last of several maxima."""
    classes = np.zeros(len(X), dtype=int)
    for i, z in enumerate(X @ W.T + b):
        for j in range(len(z)):
            if z[j] >= z[classes[i]]:
                classes[i] = j
    return classes


@misconception(
    "predict",
    caught_by="the_highest_score_wins",
    hint="How are the classes numbered?",
)
def classes_from_one(W, b, X):
    """The classes are counted from 1."""
    return np.argmax(X @ W.T + b, axis=1) + 1


@misconception(
    "predict",
    caught_by="the_highest_score_wins",
    hint="May all the scores be negative? What does your search start from?",
)
def search_starts_at_zero(W, b, X):
    """The best score so far starts at 0, so that negative scores can never win."""
    classes = np.zeros(len(X), dtype=int)
    for i, z in enumerate(X @ W.T + b):
        best = 0.0
        for j in range(len(z)):
            if z[j] > best:
                best, classes[i] = z[j], j
    return classes


@misconception(
    "predict",
    caught_by="the_highest_score_wins",
    hint="The scores 1e-9 and 2e-9: which is the higher one?",
)
def nearly_equal_is_equal(W, b, X):
    """Scores that are close to the highest count as ties, and the lowest class wins."""
    Z = X @ W.T + b
    return np.argmax(np.isclose(Z, Z.max(axis=1, keepdims=True)), axis=1)


@misconception(
    "predict",
    caught_by="the_highest_score_wins",
    hint="What is np.exp(-1000)? And np.exp(1000)?",
)
def exponentials_first(W, b, X):
    """The exponentials of the scores are compared, which are 0 or infinity for large scores."""
    return np.argmax(np.exp(X @ W.T + b), axis=1)


@misconception(
    "predict",
    caught_by="the_highest_score_wins",
    hint="Is there a lowest score? What does your search start from?",
)
def search_starts_at_minus_a_thousand(W, b, X):
    """The best score so far starts at -1000, so that lower scores can never win."""
    classes = np.zeros(len(X), dtype=int)
    for i, z in enumerate(X @ W.T + b):
        best = -1000.0
        for j in range(len(z)):
            if z[j] > best:
                best, classes[i] = z[j], j
    return classes


# update


@misconception(
    "update",
    caught_by=("both_parties_to_a_mistake_move", "updates_in_a_row_keep_the_balance"),
    hint="Two perceptrons are to blame for a mistake. What happens to the louder one?",
)
def nothing_is_subtracted(W, b, x, y):
    """Only the right class learns; the predicted class keeps its weights."""
    W_new, b_new = W.copy(), b.copy()
    if np.argmax(W @ x + b) != y:
        W_new[y] += x
        b_new[y] += 1
    return W_new, b_new


@misconception(
    "update",
    caught_by="both_parties_to_a_mistake_move",
    hint="Two perceptrons are to blame for a mistake. What happens to the quieter one?",
)
def nothing_is_added(W, b, x, y):
    """Only the predicted class learns; the right class keeps its weights."""
    W_new, b_new = W.copy(), b.copy()
    y_hat = np.argmax(W @ x + b)
    if y_hat != y:
        W_new[y_hat] -= x
        b_new[y_hat] -= 1
    return W_new, b_new


@misconception(
    "update",
    caught_by="right_answers_change_nothing",
    hint="What does your function do with an example that is predicted right?",
)
def learns_from_right_answers(W, b, x, y):
    """The example is added to its class even if it was predicted right."""
    W_new, b_new = W.copy(), b.copy()
    y_hat = np.argmax(W @ x + b)
    W_new[y] += x
    b_new[y] += 1
    if y_hat != y:
        W_new[y_hat] -= x
        b_new[y_hat] -= 1
    return W_new, b_new


@misconception(
    "update",
    caught_by="both_parties_to_a_mistake_move",
    hint="How many rows change in one update?",
)
def all_others_are_held_back(W, b, x, y):
    """The example is subtracted from every class but the right one."""
    W_new, b_new = W.copy(), b.copy()
    if np.argmax(W @ x + b) != y:
        W_new -= x
        b_new -= 1
        W_new[y] += 2 * x
        b_new[y] += 2
    return W_new, b_new


@misconception(
    "update",
    caught_by="both_parties_to_a_mistake_move",
    hint="After the update, has the score of the right class grown?",
)
def gain_and_loss_swapped(W, b, x, y):
    """The example is subtracted from the right class and added to the predicted one."""
    y_hat = np.argmax(W @ x + b)
    W_new, b_new = W.copy(), b.copy()
    W_new[y] -= x
    b_new[y] -= 1
    W_new[y_hat] += x
    b_new[y_hat] += 1
    return W_new, b_new


@misconception(
    "update",
    caught_by="both_parties_to_a_mistake_move",
    hint="Formula (4) has a column for the biases.",
)
def biases_never_move(W, b, x, y):
    """Only the weights are updated."""
    y_hat = np.argmax(W @ x + b)
    W_new = W.copy()
    W_new[y] += x
    W_new[y_hat] -= x
    return W_new, b.copy()


@misconception(
    "update",
    caught_by="both_parties_to_a_mistake_move",
    hint="How many times do you predict? The lesson says: once, with W and b as they were given.",
)
def predicts_again_in_between(W, b, x, y):
    """After the right class has gained, the class to hold back is predicted anew."""
    W_new, b_new = W.copy(), b.copy()
    if np.argmax(W @ x + b) != y:
        W_new[y] += x
        b_new[y] += 1
        y_hat = np.argmax(W_new @ x + b_new)
        W_new[y_hat] -= x
        b_new[y_hat] -= 1
    return W_new, b_new


@misconception(
    "update",
    caught_by="both_parties_to_a_mistake_move",
    hint="Do the scores that you compare have their biases?",
)
def predicts_without_biases(W, b, x, y):
    """The prediction inside the update forgets the biases."""
    y_hat = np.argmax(W @ x)
    W_new, b_new = W.copy(), b.copy()
    W_new[y] += x
    b_new[y] += 1
    W_new[y_hat] -= x
    b_new[y_hat] -= 1
    return W_new, b_new


@misconception(
    "update",
    caught_by="update_leaves_its_arguments_alone",
    hint="What does `W[y] += x` do to the array that the caller passed?",
)
def changes_its_arguments(W, b, x, y):
    """`+=` writes into the caller's W and b."""
    y_hat = np.argmax(W @ x + b)
    W[y] += x
    b[y] += 1
    W[y_hat] -= x
    b[y_hat] -= 1
    return W, b


@misconception(
    "update",
    caught_by="update_leaves_its_arguments_alone",
    hint="You copied one of the two arrays that you write into.",
)
def copies_only_the_weights(W, b, x, y):
    """W is copied, but b is changed in place."""
    y_hat = np.argmax(W @ x + b)
    W = W.copy()
    W[y] += x
    b[y] += 1
    W[y_hat] -= x
    b[y_hat] -= 1
    return W, b


@misconception(
    "update",
    caught_by="update_leaves_its_arguments_alone",
    hint="`W_new = W` gives the array a second name. Does it make a second array?",
)
def a_second_name_is_no_copy(W, b, x, y):
    """The new arrays are the old ones under other names."""
    W_new, b_new = W, b
    y_hat = np.argmax(W @ x + b)
    if y_hat != y:
        W_new[y], b_new[y] = W[y] + x, b[y] + 1
        W_new[y_hat], b_new[y_hat] = W[y_hat] - x, b[y_hat] - 1
    return W_new, b_new


@misconception(
    "update",
    caught_by=("right_answers_change_nothing", "updates_in_a_row_keep_the_balance"),
    hint="If the right class ties with others, who is predicted?",
)
def ties_count_as_mistakes(W, b, x, y):
    """The right class must lead: a tie is a mistake, even if the right class would win it."""
    z = W @ x + b
    W_new, b_new = W.copy(), b.copy()
    rival = int(np.argmax(np.where(np.arange(len(b)) == y, -np.inf, z)))
    if z[y] <= z[rival]:
        W_new[[y, rival]] += [x, -x]
        b_new[[y, rival]] += [1, -1]
    return W_new, b_new


@misconception(
    "update",
    caught_by=(
        "both_parties_to_a_mistake_move",
        "updates_in_a_row_keep_the_balance",
        "update_leaves_its_arguments_alone",
    ),
    hint="How many updates does one call make?",
)
def repeats_until_right(W, b, x, y):
    """The rule is applied again and again, until the example is predicted right."""
    W, b = W.copy(), b.copy()
    for _ in range(10_000):
        y_hat = np.argmax(W @ x + b)
        if y_hat == y:
            break
        W[[y, y_hat]] += [x, -x]
        b[[y, y_hat]] += [1, -1]
    return W, b


@misconception(
    "update",
    caught_by="both_parties_to_a_mistake_move",
    hint="Which classes learn from a mistake? Does it matter whether their scores are above 0?",
)
def only_beyond_the_threshold(W, b, x, y):
    """As in stage 1, a class learns only if it is on the wrong side of 0."""
    z = W @ x + b
    y_hat = np.argmax(z)
    W_new, b_new = W.copy(), b.copy()
    if y_hat != y and z[y] < 0:
        W_new[y] += x
        b_new[y] += 1
    if y_hat != y and z[y_hat] >= 0:
        W_new[y_hat] -= x
        b_new[y_hat] -= 1
    return W_new, b_new


@misconception(
    "update",
    caught_by="update_leaves_its_arguments_alone",
    hint="Call your function with an entry of an array of labels as y. What does the error say?",
)
def truth_minus_truth(W, b, x, y):
    """Two comparisons are subtracted, which NumPy refuses where y is one of its integers."""
    y_hat = int(np.argmax(W @ x + b))
    signs = np.array([(j == y) - (j == y_hat) for j in range(len(b))])
    return W + signs[:, None] * x, b + signs


# fit


@misconception(
    "fit",
    caught_by="classes_without_examples_count_too",
    hint="Where does your function take the number of classes from?",
)
def counts_the_classes_itself(X, y, n_classes, n_epochs):
    """The number of classes is taken from the labels, not from the argument."""
    n_classes = y.max() + 1
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="K is whatever n_classes says. What did you write into np.zeros?",
)
def always_ten_classes(X, y, n_classes, n_epochs):
    """The number of classes is written into the code as 10."""
    W, b, mistakes = np.zeros((10, X.shape[1])), np.zeros(10), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="later_epochs_go_on_from_there",
    hint="Where does the second epoch start from?",
)
def starts_afresh_in_each_epoch(X, y, n_classes, n_epochs):
    """Weights and biases are set to zero at the start of every epoch."""
    mistakes = []
    for _ in range(n_epochs):
        W, b, wrong = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="stops_after_an_epoch_without_mistakes",
    hint="What should happen after an epoch without a mistake?",
)
def never_stops_early(X, y, n_classes, n_epochs):
    """Training goes on after an epoch without mistakes, until n_epochs is reached."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                wrong += 1
        mistakes.append(wrong)
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="stops_after_an_epoch_without_mistakes",
    hint="The last epoch counts too. Which comes first in your code: the break, or the append?",
)
def the_last_epoch_is_not_recorded(X, y, n_classes, n_epochs):
    """Training stops before the 0 of the last epoch is appended."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                wrong += 1
        if wrong == 0:
            break
        mistakes.append(wrong)
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="When is an example counted: when it has its turn, or after the epoch?",
)
def counts_after_the_epoch(X, y, n_classes, n_epochs):
    """The mistakes are counted with the weights that the epoch ends with."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        for x, label in zip(X, y, strict=True):
            W, b = update(W, b, x, label)
        mistakes.append(int(np.sum(predict(W, b, X) != y)))
        if mistakes[-1] == 0:
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="With which weights is the second example predicted?",
)
def a_whole_epoch_at_once(X, y, n_classes, n_epochs):
    """All examples are predicted with the same weights and all corrections are added at the end."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        y_hat = predict(W, b, X)
        errors = np.eye(n_classes)[y] - np.eye(n_classes)[y_hat]
        W, b = W + errors.T @ X, b + errors.sum(axis=0)
        mistakes.append(int(np.sum(y_hat != y)))
        if mistakes[-1] == 0:
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="The prediction in the loop needs the biases too.",
)
def predicts_without_biases_in_the_loop(X, y, n_classes, n_epochs):
    """The loop predicts without the biases, so some mistakes go unnoticed."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x) != label:
                W, b = update(W, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="Compare your training, class by class, with that of the detectors at the start.",
)
def each_class_alone(X, y, n_classes, n_epochs):
    """Each class is trained as a yes-or-no perceptron, on its own."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            errors = (np.arange(n_classes) == label).astype(float) - (W @ x + b >= 0)
            W, b = W + errors[:, None] * x, b + errors
            wrong += int(errors.any())
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="The lesson says where to start from.",
)
def starts_at_random(X, y, n_classes, n_epochs):
    """The weights start at small random numbers instead of zeros."""
    W = np.random.default_rng(0).normal(scale=0.01, size=(n_classes, X.shape[1]))
    b, mistakes = np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="fit_leaves_the_data_alone",
    hint="After your function has run, what does the caller's X look like?",
)
def centres_the_data_in_place(X, y, n_classes, n_epochs):
    """The mean of each feature is subtracted, in the caller's array."""
    X -= X.mean(axis=0)
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="Which numbers fit into an array whose dtype is int?",
)
def weights_of_whole_numbers(X, y, n_classes, n_epochs):
    """The weights are kept as whole numbers, and fractions of the features are cut off."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1]), dtype=int), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            y_hat = np.argmax(W @ x + b)
            if y_hat != label:
                W[label], b[label] = W[label] + x, b[label] + 1
                W[y_hat], b[y_hat] = W[y_hat] - x, b[y_hat] - 1
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="stops_after_an_epoch_without_mistakes",
    hint="Who says how many epochs there may be?",
)
def a_hundred_epochs_at_most(X, y, n_classes, n_epochs):
    """However many epochs are allowed, at most a hundred are made."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(min(n_epochs, 100)):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="stops_after_an_epoch_without_mistakes",
    hint="How many mistakes may the last epoch have, if n_epochs is large?",
)
def few_mistakes_are_none(X, y, n_classes, n_epochs):
    """Training stops as soon as one example in a hundred, or fewer, is wrong."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong <= 0.01 * len(y):
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="stops_after_an_epoch_without_mistakes",
    hint="When should training stop? Only then?",
)
def gives_up_without_progress(X, y, n_classes, n_epochs):
    """Training stops too if ten epochs in a row were no better than those before."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0 or min(mistakes[-10:]) >= min(mistakes[:-10], default=len(y) + 1):
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="By how much must a score be higher than another one?",
)
def nearly_equal_scores_tie_in_the_loop(X, y, n_classes, n_epochs):
    """In the loop, scores close to the highest count as ties, and the lowest class is predicted."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            z = W @ x + b
            if np.argmax(np.isclose(z, z.max())) != label:
                W[[label, z.argmax()]] += [x, -x]
                b[[label, z.argmax()]] += [1, -1]
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by=("first_epoch_is_retraced", "stops_after_an_epoch_without_mistakes"),
    hint="What if the epoch without mistakes is the last one that n_epochs allows?",
)
def the_zero_of_the_last_epoch_allowed(X, y, n_classes, n_epochs):
    """If the last epoch that is allowed has no mistakes, its 0 is left out."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for epoch in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                wrong += 1
        if wrong == 0 and epoch == n_epochs - 1 > 0:
            break
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


@misconception(
    "fit",
    caught_by="stops_after_an_epoch_without_mistakes",
    hint="When does training end: without mistakes, or with hardly any?",
)
def stops_at_a_share_of_hardly_any(X, y, n_classes, n_epochs):
    """It stops when the share of mistakes is 0.000, rounded, as one of 3,000 is."""
    W, b, mistakes = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            wrong += int(np.argmax(W @ x + b) != label)
            W, b = update(W, b, x, label)
        mistakes.append(wrong)
        if round(wrong / len(X), 3) == 0:
            break
    return W, b, mistakes


# confusion_matrix


@misconception(
    "confusion_matrix",
    caught_by="rows_are_the_truth",
    hint="Rows are the truth, columns the prediction: what is your first index?",
)
def truth_in_columns(y_true, y_pred, n_classes):
    """Rows and columns are exchanged."""
    C = np.zeros((n_classes, n_classes), dtype=int)
    for i, j in zip(y_true, y_pred, strict=True):
        C[j, i] += 1
    return C


@misconception(
    "confusion_matrix",
    caught_by="every_pair_is_counted",
    hint="With a pair that occurs twice, how many times does `C[y_true, y_pred] += 1` add 1?",
)
def repeated_pairs_count_once(y_true, y_pred, n_classes):
    """Fancy indexing with += counts a pair only once, however often it occurs."""
    C = np.zeros((n_classes, n_classes), dtype=int)
    C[y_true, y_pred] += 1
    return C


@misconception(
    "confusion_matrix",
    caught_by="every_pair_is_counted",
    hint="The lesson asks for counts.",
)
def shares_of_the_rows(y_true, y_pred, n_classes):
    """Each row is divided by its sum: shares instead of counts."""
    C = np.zeros((n_classes, n_classes))
    for i, j in zip(y_true, y_pred, strict=True):
        C[i, j] += 1
    return C / np.maximum(C.sum(axis=1, keepdims=True), 1)


@misconception(
    "confusion_matrix",
    caught_by="every_pair_is_counted",
    hint="The docstring asks for integers. What is the dtype of np.zeros((3, 3))?",
)
def counts_as_floats(y_true, y_pred, n_classes):
    """The counts are floats, since np.zeros makes floats unless told otherwise."""
    C = np.zeros((n_classes, n_classes))
    for i, j in zip(y_true, y_pred, strict=True):
        C[i, j] += 1
    return C


@misconception(
    "confusion_matrix",
    caught_by="absent_classes_have_rows_too",
    hint="What if a class never occurs? The matrix still needs a row for it.",
)
def only_classes_that_occur(y_true, y_pred, n_classes):
    """The matrix has rows for the classes that occur, and no others."""
    names = np.unique(np.concatenate([y_true, y_pred]))
    return np.array([[np.sum((y_true == i) & (y_pred == j)) for j in names] for i in names])


@misconception(
    "confusion_matrix",
    caught_by=("every_pair_is_counted", "rows_are_the_truth"),
    hint="Where do right answers belong in the matrix?",
)
def only_mistakes_are_counted(y_true, y_pred, n_classes):
    """The diagonal stays empty, because right answers are not counted."""
    C = np.zeros((n_classes, n_classes), dtype=int)
    for i, j in zip(y_true, y_pred, strict=True):
        if i != j:
            C[i, j] += 1
    return C


@misconception(
    "confusion_matrix",
    caught_by="every_pair_is_counted",
    hint="An entry may exceed 255. Which numbers fit into your dtype?",
)
def counts_in_a_byte(y_true, y_pred, n_classes):
    """The counts are kept in 8 bits, and start again at 0 after 255."""
    C = np.zeros((n_classes, n_classes), dtype=np.uint8)
    np.add.at(C, (y_true, y_pred), np.uint8(1))
    return C


@misconception(
    "confusion_matrix",
    caught_by="every_pair_is_counted",
    hint="An entry may exceed 32,767. Which numbers fit into your dtype?",
)
def counts_in_two_bytes(y_true, y_pred, n_classes):
    """The counts are kept in 16 bits, and become negative after 32,767."""
    C = np.zeros((n_classes, n_classes), dtype=np.int16)
    np.add.at(C, (y_true, y_pred), np.int16(1))
    return C


@misconception(
    "confusion_matrix",
    caught_by="every_pair_is_counted",
    hint="Your code makes one number of two classes. Can two pairs get the same one?",
)
def pairs_with_two_digits_each(y_true, y_pred, n_classes):
    """A pair is written as 100 times the one class plus the other, as if there were 100 at most."""
    C = np.zeros((n_classes, n_classes), dtype=int)
    for pair in 100 * y_true + y_pred:
        C[pair // 100, pair % 100] += 1
    return C


# fit_on_budget


@misconception(
    "fit_on_budget",
    caught_by=("noisy_labels_do_not_lead_it_astray", "reads_digits_on_a_budget"),
    hint="The last update decides a good deal. How could the earlier weights have a say?",
)
def the_plain_rule_once_more(X, y, n_classes, n_updates, rng):
    """The plain rule, which returns whatever the last mistake left behind."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    while spent < n_updates:
        before = spent
        for x, label in zip(X, y, strict=True):
            if spent < n_updates and np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                spent += 1
        if spent == before:
            break
    return W, b


@misconception(
    "fit_on_budget",
    caught_by=("noisy_labels_do_not_lead_it_astray", "reads_digits_on_a_budget"),
    hint="Another order leads to other last weights. Are they better ones?",
)
def only_shuffled(X, y, n_classes, n_updates, rng):
    """The plain rule in a random order: the last weights are as restless as before."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    for _ in range(30):
        for i in rng.permutation(len(X)) if spent < n_updates else ():
            if spent < n_updates and np.argmax(W @ X[i] + b) != y[i]:
                W, b = update(W, b, X[i], y[i])
                spent += 1
    return W, b


@misconception(
    "fit_on_budget",
    caught_by="the_budget_is_kept",
    hint="Where does your function look at n_updates?",
)
def ten_epochs_whatever_they_cost(X, y, n_classes, n_updates, rng):
    """The weights are averaged over ten epochs, and nobody counts the updates."""
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    W_sum, b_sum = W, b
    for _ in range(10):
        for i in rng.permutation(len(X)):
            if np.argmax(W @ X[i] + b) != y[i]:
                W, b = update(W, b, X[i], y[i])
            W_sum, b_sum = W_sum + W, b_sum + b
    return W_sum, b_sum


@misconception(
    "fit_on_budget",
    caught_by="the_budget_is_kept",
    hint="The budget may run out in the middle of an epoch. Does your code notice?",
)
def counts_only_between_epochs(X, y, n_classes, n_updates, rng):
    """Whether the budget is spent is checked only between two epochs."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W, b
    while spent < n_updates:
        before = spent
        for i in rng.permutation(len(X)):
            if np.argmax(W @ X[i] + b) != y[i]:
                W, b = update(W, b, X[i], y[i])
                spent += 1
            W_sum, b_sum = W_sum + W, b_sum + b
        if spent == before:
            break
    return W_sum, b_sum


@misconception(
    "fit_on_budget",
    caught_by="the_budget_is_kept",
    hint="With n_updates = 1, how many updates does your function make?",
)
def one_update_too_many(X, y, n_classes, n_updates, rng):
    """The comparison lets one more update through than the budget allows."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W, b
    for _ in range(20):
        for i in rng.permutation(len(X)):
            if spent <= n_updates and np.argmax(W @ X[i] + b) != y[i]:
                W, b = update(W, b, X[i], y[i])
                spent += 1
            W_sum, b_sum = W_sum + W, b_sum + b
        if spent > n_updates:
            break
    return W_sum, b_sum


@misconception(
    "fit_on_budget",
    caught_by="the_budget_is_kept",
    hint="How many examples have a say in the solution of the normal equations?",
)
def least_squares_instead(X, y, n_classes, n_updates, rng):
    """All the examples at once, by least squares: a fine classifier, and no budget at all."""
    extended = np.c_[X, np.ones(len(X))]
    V = np.linalg.lstsq(extended, np.eye(n_classes)[y], rcond=None)[0].T
    return V[:, :-1], V[:, -1]


@misconception(
    "fit_on_budget",
    caught_by=("noisy_labels_do_not_lead_it_astray", "reads_digits_on_a_budget"),
    hint="Which examples look worst if some labels are wrong?",
)
def always_the_worst_mistake(X, y, n_classes, n_updates, rng):
    """Each update goes to the worst mistake: of all examples, to those with a wrong label."""
    W, b, rows = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), np.arange(len(X))
    for _ in range(n_updates):
        Z = scores(W, b, X)
        lead = Z.max(axis=1) - Z[rows, y] + 1e-9 * (Z.argmax(axis=1) != y)
        if lead.max() <= 0:
            break
        W, b = update(W, b, X[lead.argmax()], y[lead.argmax()])
    return W, b


@misconception(
    "fit_on_budget",
    caught_by=("noisy_labels_do_not_lead_it_astray", "reads_digits_on_a_budget"),
    hint="`W_sum = W` gives the array a second name. Does it make a second array?",
)
def the_sum_is_the_array_itself(X, y, n_classes, n_updates, rng):
    """The sum and the weights are one array under two names."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W, b
    for _ in range(5):
        for i in rng.permutation(len(X)):
            guess = np.argmax(W @ X[i] + b)
            if guess != y[i] and spent < n_updates:
                W[y[i]] += X[i]
                W[guess] -= X[i]
                b[y[i]] += 1
                b[guess] -= 1
                spent += 1
                W_sum += W
                b_sum += b
    return W_sum, b_sum


@misconception(
    "fit_on_budget",
    caught_by=("noisy_labels_do_not_lead_it_astray", "reads_digits_on_a_budget"),
    hint="What is in your pocket when W changes in place?",
)
def the_pocket_has_a_hole(X, y, n_classes, n_updates, rng):
    """The best weights are not copied, so that later updates change them too."""
    W, b = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    best, most, spent = (W, b), 0, 0
    for _ in range(20):
        for i in rng.permutation(len(X)):
            guess = np.argmax(W @ X[i] + b)
            if guess != y[i] and spent < n_updates:
                W[y[i]] += X[i]
                W[guess] -= X[i]
                b[y[i]] += 1
                b[guess] -= 1
                spent += 1
                right = np.sum(predict(W, b, X) == y)
                if right > most:
                    best, most = (W, b), right
        if spent == n_updates:
            break
    return best


@misconception(
    "fit_on_budget",
    caught_by=("noisy_labels_do_not_lead_it_astray", "reads_digits_on_a_budget"),
    hint="For which features are the weights that you return?",
)
def weights_for_other_features(X, y, n_classes, n_updates, rng):
    """The features are standardised, and the weights returned are for the standardised ones."""
    S = (X - X.mean(axis=0)) / (X.std(axis=0) + 0.01)
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W, b
    for _ in range(5):
        for i in rng.permutation(len(S)):
            if spent < n_updates and np.argmax(W @ S[i] + b) != y[i]:
                W, b = update(W, b, S[i], y[i])
                spent += 1
            W_sum, b_sum = W_sum + W, b_sum + b
    return W_sum, b_sum


@misconception(
    "fit_on_budget",
    caught_by=("noisy_labels_do_not_lead_it_astray", "reads_digits_on_a_budget"),
    hint="You divided one of two sums.",
)
def a_mean_and_a_sum(X, y, n_classes, n_updates, rng):
    """The weights are averaged, the biases only summed."""
    W, b, spent, looks = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0, 0
    W_sum, b_sum = W, b
    for _ in range(5):
        for i in rng.permutation(len(X)):
            if spent < n_updates and np.argmax(W @ X[i] + b) != y[i]:
                W, b = update(W, b, X[i], y[i])
                spent += 1
            W_sum, b_sum, looks = W_sum + W, b_sum + b, looks + 1
    return W_sum / looks, b_sum


@misconception(
    "fit_on_budget",
    caught_by=("noisy_labels_do_not_lead_it_astray", "reads_digits_on_a_budget"),
    hint="Should the first or the last updates be the larger ones?",
)
def larger_and_larger_steps(X, y, n_classes, n_updates, rng):
    """The steps grow, so that the last few mistakes outweigh all that was learnt before."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    for _ in range(20):
        for i in rng.permutation(len(X)):
            guess = np.argmax(W @ X[i] + b)
            if spent < n_updates and guess != y[i]:
                spent += 1
                W[[y[i], guess]] += np.outer([spent, -spent], X[i])
                b[[y[i], guess]] += spent, -spent
        if spent == n_updates:
            break
    return W, b


@misconception(
    "fit_on_budget",
    caught_by="the_budget_is_kept",
    hint="After your function has run, what do the caller's X and y look like?",
)
def shuffles_the_callers_data(X, y, n_classes, n_updates, rng):
    """The caller's examples and labels are put into another order."""
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W, b
    for _ in range(20):
        for x, label in zip(X, y, strict=True):
            if spent < n_updates and np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                spent += 1
            W_sum, b_sum = W_sum + W, b_sum + b
        if spent == n_updates:
            break
    return W_sum, b_sum


@misconception(
    "fit_on_budget",
    caught_by="the_budget_is_kept",
    hint="Where does your code take its random numbers from?",
)
def dice_of_its_own(X, y, n_classes, n_updates, rng):
    """The order comes from NumPy's global generator, and rng is never asked."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W, b
    for _ in range(20):
        for i in np.random.permutation(len(X)):
            if spent < n_updates and np.argmax(W @ X[i] + b) != y[i]:
                W, b = update(W, b, X[i], y[i])
                spent += 1
            W_sum, b_sum = W_sum + W, b_sum + b
        if spent == n_updates:
            break
    return W_sum, b_sum


@misconception(
    "fit_on_budget",
    caught_by=("noisy_labels_do_not_lead_it_astray", "reads_digits_on_a_budget"),
    hint="Do examples and labels still belong together after your shuffling?",
)
def examples_and_labels_shuffled_apart(X, y, n_classes, n_updates, rng):
    """The examples are put into one random order and the labels into another."""
    X, y = rng.permutation(X), rng.permutation(y)
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W, b
    for _ in range(5):
        for x, label in zip(X, y, strict=True):
            if spent < n_updates and np.argmax(W @ x + b) != label:
                W, b = update(W, b, x, label)
                spent += 1
            W_sum, b_sum = W_sum + W, b_sum + b
    return W_sum, b_sum


@misconception(
    "fit_on_budget",
    caught_by="the_budget_is_kept",
    hint="How many classes are there when the last one has no example?",
)
def counts_the_labels_that_occur(X, y, n_classes, n_updates, rng):
    """The number of classes is taken from the labels, not from the argument."""
    K = int(y.max()) + 1
    W, b, spent = np.zeros((K, X.shape[1])), np.zeros(K), 0
    W_sum, b_sum = W, b
    for _ in range(20):
        for i in rng.permutation(len(X)):
            if spent < n_updates and np.argmax(W @ X[i] + b) != y[i]:
                W, b = update(W, b, X[i], y[i])
                spent += 1
            W_sum, b_sum = W_sum + W, b_sum + b
        if spent == n_updates:
            break
    return W_sum, b_sum


@misconception(
    "fit_on_budget",
    caught_by="the_budget_is_kept",
    hint="How many updates do all your trainings make together?",
)
def a_budget_for_each_of_two(X, y, n_classes, n_updates, rng):
    """Two trainings are added up, and each of them spends the whole budget."""
    W_all, b_all = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes)
    for _ in range(2):
        W, b, spent = np.zeros_like(W_all), np.zeros_like(b_all), 0
        for i in rng.permutation(len(X)):
            if spent < n_updates and np.argmax(W @ X[i] + b) != y[i]:
                W, b = update(W, b, X[i], y[i])
                spent += 1
            W_all, b_all = W_all + W, b_all + b
    return W_all, b_all


@misconception(
    "fit_on_budget",
    caught_by="the_budget_is_kept",
    hint="What do you divide by if there is no mistake at all?",
)
def divides_by_the_updates(X, y, n_classes, n_updates, rng):
    """The mean over the updates is taken, which is 0 / 0 where there were none."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W, b
    for _ in range(20):
        before = spent
        for i in rng.permutation(len(X)):
            if spent < n_updates and np.argmax(W @ X[i] + b) != y[i]:
                W, b = update(W, b, X[i], y[i])
                spent += 1
                W_sum, b_sum = W_sum + W, b_sum + b
        if spent == before:
            break
    return W_sum / spent, b_sum / spent


@misconception(
    "fit_on_budget",
    caught_by="noisy_labels_do_not_lead_it_astray",
    hint="Write a score of the standardised features as one of the features as they were. "
    "What is its bias?",
)
def bias_of_other_features(X, y, n_classes, n_updates, rng):
    """The weights are made to fit the features as they were, but their bias is not."""
    mean, scale = X.mean(axis=0), X.std(axis=0) + 0.05
    S = (X - mean) / scale
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum = W, b
    for _ in range(5):
        for i in rng.permutation(len(S)):
            if spent < n_updates and np.argmax(W @ S[i] + b) != y[i]:
                W, b = update(W, b, S[i], y[i])
                spent += 1
            W_sum, b_sum = W_sum + W, b_sum + b
    return W_sum / scale, b_sum - W_sum @ mean


@misconception(
    "fit_on_budget",
    caught_by="the_budget_is_kept",
    hint="What do two calls with the same data and equal generators return?",
)
def a_fresh_generator_in_each_call(X, y, n_classes, n_updates, rng):
    """The order comes from a new generator without a seed, and rng is never asked."""
    W, b, spent = np.zeros((n_classes, X.shape[1])), np.zeros(n_classes), 0
    W_sum, b_sum, own = W, b, np.random.default_rng()
    for _ in range(20):
        for i in own.permutation(len(X)):
            if spent < n_updates and np.argmax(W @ X[i] + b) != y[i]:
                W, b = update(W, b, X[i], y[i])
                spent += 1
            W_sum, b_sum = W_sum + W, b_sum + b
        if spent == n_updates:
            break
    return W_sum, b_sum


@misconception(
    "fit_on_budget",
    caught_by="the_budget_is_kept",
    hint="Call your function twice with the same generator. Does it draw anew?",
)
def a_copy_of_the_generator(X, y, n_classes, n_updates, rng):
    """Chance comes from a copy of the generator, which never moves on."""
    own = copy.deepcopy(rng)
    (m, n), spent, before = X.shape, 0, -1
    W, b = np.zeros((n_classes, n)), np.zeros(n_classes)
    W_sum, b_sum = np.zeros_like(W), np.zeros_like(b)
    while before < spent < n_updates:
        before = spent
        for i in own.permutation(m):
            guess = np.argmax(W @ X[i] + b)
            if guess != y[i]:
                if spent == n_updates:
                    break
                W, b = update(W, b, X[i], y[i])
                spent += 1
            W_sum += W
            b_sum += b
    return W_sum, b_sum


@misconception(
    "fit_on_budget",
    caught_by="the_budget_is_kept",
    hint="Train twice and look at the first W again. Whose array is it?",
)
def one_sum_for_all_trainings(X, y, n_classes, n_updates, rng):
    """The weights are added up in an array that the next training uses again."""
    (m, n), spent, before = X.shape, 0, -1
    W, b = np.zeros((n_classes, n)), np.zeros(n_classes)
    W_sum, b_sum = SHARED.setdefault(W.shape, np.zeros_like(W)), np.zeros_like(b)
    W_sum[:] = 0
    while before < spent < n_updates:
        before = spent
        for i in rng.permutation(m):
            guess = np.argmax(W @ X[i] + b)
            if guess != y[i]:
                if spent == n_updates:
                    break
                W, b = update(W, b, X[i], y[i])
                spent += 1
            W_sum += W
            b_sum += b
    return W_sum, b_sum
