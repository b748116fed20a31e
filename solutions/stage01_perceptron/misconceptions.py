"""Wrong solutions of stage 1, each with the check that is meant to catch it."""

import numpy as np

from nngrade import misconception

# What some of the mistakes below keep from call to call.
SHARED = {}

# predict


@misconception(
    "predict",
    caught_by="boundary_belongs_to_class_one",
    hint="What does the lesson say about an example exactly on the boundary?",
)
def strict_threshold(w, b, X):
    """Points exactly on the boundary go to class 0: the comparison is strict."""
    return (X @ w + b > 0).astype(int)


@misconception(
    "predict",
    caught_by="every_example_gets_its_class",
    hint="One of the three arguments has no effect in your function.",
)
def bias_forgotten(w, b, X):
    """The bias is left out, so every boundary passes through the origin."""
    return (X @ w >= 0).astype(int)


@misconception(
    "predict",
    caught_by="every_example_gets_its_class",
    hint="If the bias goes to the other side of the comparison, what happens to its sign?",
)
def bias_as_threshold(w, b, X):
    """The sum is compared with b itself, so the bias works in the wrong direction."""
    return (X @ w >= b).astype(int)


@misconception(
    "predict",
    caught_by="every_example_gets_its_class",
    hint="Which two labels does this course use?",
)
def answers_with_signs(w, b, X):
    """The answers are -1 and 1 instead of 0 and 1."""
    return np.where(X @ w + b >= 0, 1, -1)


@misconception(
    "predict",
    caught_by="boundary_belongs_to_class_one",
    hint="What does np.sign return for a sum of exactly zero?",
)
def sign_of_zero(w, b, X):
    """np.sign is shifted to 0 and 1, but the sign of zero is zero, which ends up as class 0."""
    return ((np.sign(X @ w + b) + 1) / 2).astype(int)


@misconception(
    "predict",
    caught_by="every_example_gets_its_class",
    hint="The docstring asks for integers. What is the dtype of a comparison?",
)
def answers_with_booleans(w, b, X):
    """The answers are True and False, not the integers 1 and 0."""
    return X @ w + b >= 0


@misconception(
    "predict",
    caught_by="every_example_gets_its_class",
    hint="Is one half the right threshold for a sum that may be any number?",
)
def threshold_at_one_half(w, b, X):
    """The sum is taken for a probability and compared with 0.5."""
    return (X @ w + b >= 0.5).astype(int)


@misconception(
    "predict",
    caught_by="every_example_gets_its_class",
    hint="In which axis of X are the features? Along which one did you sum?",
)
def sums_over_the_wrong_axis(w, b, X):
    """The weights are added up along the examples, which fits only if m equals n."""
    return (w @ X + b >= 0).astype(int)


@misconception(
    "predict",
    caught_by="predict_leaves_its_arguments_alone",
    hint="Whose array does `X *= ...` write into?",
)
def multiplies_in_place(w, b, X):
    """The products are written into the caller's X."""
    if X.dtype.kind == "f":
        X *= w
        return (X.sum(axis=1) + b >= 0).astype(int)
    return (X @ w + b >= 0).astype(int)


@misconception(
    "predict",
    caught_by="boundary_belongs_to_class_one",
    hint="How far below zero may a sum be in formula (1), and still count as class 1?",
)
def almost_zero_is_zero(w, b, X):
    """Sums that are a little below zero count as zero, and so as class 1."""
    return (X @ w + b >= -1e-6).astype(int)


@misconception(
    "predict",
    caught_by="boundary_belongs_to_class_one",
    hint="Does your function say of every sum below zero that it is below zero?",
)
def as_likely_as_not(w, b, X):
    """The sum is turned into a probability, which rounds to one half for sums of almost 0."""
    with np.errstate(over="ignore"):
        return (1 / (1 + np.exp(-(X @ w + b))) >= 0.5).astype(int)


# separating


@misconception(
    "separating",
    caught_by="finds_the_separators_and_no_others",
    hint="How many labels must be right: some of them, most of them, all of them?",
)
def most_is_enough(candidates, X, y):
    """A candidate counts when it gets more than half of the labels right."""
    return [i for i, (w, b) in enumerate(candidates) if np.mean(predict(w, b, X) == y) > 0.5]


@misconception(
    "separating",
    caught_by="finds_the_separators_and_no_others",
    hint="Look at candidate 1 of the question: the same line as candidate 0, but...",
)
def either_way_round(candidates, X, y):
    """A line counts too when every answer is wrong, since it keeps the classes apart."""
    return [
        i
        for i, (w, b) in enumerate(candidates)
        if np.all(predict(w, b, X) == y) or np.all(predict(w, b, X) != y)
    ]


@misconception(
    "separating",
    caught_by="finds_the_separators_and_no_others",
    hint="You check the examples of one class. What about those of the other?",
)
def only_class_one_is_checked(candidates, X, y):
    """It is enough that the examples of class 1 are on the right side."""
    return [i for i, (w, b) in enumerate(candidates) if np.all(predict(w, b, X[y == 1]) == 1)]


@misconception(
    "separating",
    caught_by="finds_the_separators_and_no_others",
    hint="There may be more than one. Where does your loop end?",
)
def first_one_only(candidates, X, y):
    """The search ends at the first candidate that separates."""
    for i, (w, b) in enumerate(candidates):
        if np.all(predict(w, b, X) == y):
            return [i]
    return []


@misconception(
    "separating",
    caught_by="points_on_the_boundary_decide",
    hint="Is an example of class 1 on the boundary predicted right?",
)
def no_point_on_the_boundary(candidates, X, y):
    """Every example must keep a distance from the boundary, those of class 1 too."""
    return [i for i, (w, b) in enumerate(candidates) if np.all((2 * y - 1) * (X @ w + b) > 0)]


@misconception(
    "separating",
    caught_by="points_on_the_boundary_decide",
    hint="To which class does a point on the boundary belong?",
)
def boundary_for_both(candidates, X, y):
    """A point on the boundary counts as right for either class."""
    return [i for i, (w, b) in enumerate(candidates) if np.all((2 * y - 1) * (X @ w + b) >= 0)]


@misconception(
    "separating",
    caught_by="finds_the_separators_and_no_others",
    hint="The docstring asks for indices. What does your list hold?",
)
def a_flag_for_each(candidates, X, y):
    """The list holds True or False for each candidate instead of the indices."""
    return [bool(np.all(predict(w, b, X) == y)) for w, b in candidates]


@misconception(
    "separating",
    caught_by="points_on_the_boundary_decide",
    hint="Two answers can be wrong without changing the number of ones.",
)
def as_many_ones(candidates, X, y):
    """A candidate counts when it predicts class 1 as often as it occurs."""
    return [i for i, (w, b) in enumerate(candidates) if predict(w, b, X).sum() == y.sum()]


@misconception(
    "separating",
    caught_by="finds_the_separators_and_no_others",
    hint="How many labels must be right: nearly all of them, or all?",
)
def nearly_all_is_enough(candidates, X, y):
    """A candidate counts when nearly all of the labels are right."""
    return [i for i, (w, b) in enumerate(candidates) if np.mean(predict(w, b, X) == y) >= 0.95]


@misconception(
    "separating",
    caught_by="finds_the_separators_and_no_others",
    hint="What is left of the caller's list of candidates when your function has run?",
)
def takes_the_candidates_away(candidates, X, y):
    """The candidates are popped from the caller's list, one by one."""
    good = []
    for i in range(len(candidates)):
        w, b = candidates.pop(0)
        if np.all(predict(w, b, X) == y):
            good.append(i)
    return good


@misconception(
    "separating",
    caught_by="finds_the_separators_and_no_others",
    hint="The docstring says which type the result has.",
)
def an_array_of_indices(candidates, X, y):
    """The indices are returned as an array, not as a list."""
    return np.flatnonzero([np.all(predict(w, b, X) == y) for w, b in candidates])


@misconception(
    "separating",
    caught_by="finds_the_separators_and_no_others",
    hint="Can every label be predicted right if all of them are the same?",
)
def nothing_to_separate(candidates, X, y):
    """Where all labels are the same, no candidate is said to separate."""
    if len(np.unique(y)) < 2:
        return []
    return [i for i, (w, b) in enumerate(candidates) if np.all(predict(w, b, X) == y)]


@misconception(
    "separating",
    caught_by="finds_the_separators_and_no_others",
    hint="How many wrong answers are allowed, among thousands?",
)
def nearly_all_are_enough(candidates, X, y):
    """The share of right answers is rounded, and one wrong among thousands is lost in it."""
    shares = [np.mean(predict(w, b, X) == y) for w, b in candidates]
    return [i for i, share in enumerate(shares) if round(share, 3) == 1]


# signed_distance


@misconception(
    "signed_distance",
    caught_by=("distance_of_every_example", "a_walk_along_w_is_as_long_as_it_is"),
    hint="Formula (3) is a quotient. What stands below the line?",
)
def the_sum_itself(w, b, X):
    """The sum is taken for the distance: the division by the length of w is missing."""
    return X @ w + b


@misconception(
    "signed_distance",
    caught_by=("distance_of_every_example", "a_walk_along_w_is_as_long_as_it_is"),
    hint="How long is the vector (3, 4)?",
)
def squared_length(w, b, X):
    """The sum is divided by the square of the length of w."""
    return (X @ w + b) / (w @ w)


@misconception(
    "signed_distance",
    caught_by=("distance_of_every_example", "a_walk_along_w_is_as_long_as_it_is"),
    hint="Check the brackets: is all of the numerator divided?",
)
def bias_not_divided(w, b, X):
    """Only w · x is divided by the length of w; the bias is added afterwards."""
    return X @ w / np.linalg.norm(w) + b


@misconception(
    "signed_distance",
    caught_by=("distance_of_every_example", "a_walk_along_w_is_as_long_as_it_is"),
    hint="The distance in question has a sign. What is it on the side of class 0?",
)
def without_sign(w, b, X):
    """The distance is always positive."""
    return np.abs(X @ w + b) / np.linalg.norm(w)


@misconception(
    "signed_distance",
    caught_by=("distance_of_every_example", "a_walk_along_w_is_as_long_as_it_is"),
    hint="Which vector stands at right angles to the boundary: w, or w with the bias appended?",
)
def bias_in_the_length(w, b, X):
    """The bias is counted as a part of the length of w."""
    return (X @ w + b) / np.sqrt(w @ w + b * b)


@misconception(
    "signed_distance",
    caught_by=("distance_of_every_example", "a_walk_along_w_is_as_long_as_it_is"),
    hint="Does the line move if b changes? Then the distances must change as well.",
)
def distance_without_bias(w, b, X):
    """The bias is left out: the distance is that from a boundary through the origin."""
    return X @ w / np.linalg.norm(w)


@misconception(
    "signed_distance",
    caught_by="distance_of_every_example",
    hint="Whose length is in formula (3): that of w, or that of x?",
)
def length_of_the_example(w, b, X):
    """Each sum is divided by the length of the example instead of that of w."""
    return (X @ w + b) / np.linalg.norm(X, axis=1)


@misconception(
    "signed_distance",
    caught_by="a_walk_along_w_is_as_long_as_it_is",
    hint="Formula (3) divides by the length of w and by nothing else.",
)
def a_little_in_the_denominator(w, b, X):
    """A small number is added to the length of w, which spoils the distances where w is small."""
    return (X @ w + b) / (np.linalg.norm(w) + 1e-8)


@misconception(
    "signed_distance",
    caught_by="distance_of_every_example",
    hint="If all the features are whole numbers, are the distances?",
)
def whole_distances(w, b, X):
    """The distances get the type of X, so that whole features make whole distances."""
    return ((X @ w + b) / np.linalg.norm(w)).astype(X.dtype)


@misconception(
    "signed_distance",
    caught_by="a_walk_along_w_is_as_long_as_it_is",
    hint="Which examples have the distance 0 by formula (3), and which by your function?",
)
def almost_on_the_boundary(w, b, X):
    """Distances below a billionth are taken for rounding errors and become 0."""
    distances = (X @ w + b) / np.linalg.norm(w)
    return np.where(np.abs(distances) < 1e-9, 0.0, distances)


@misconception(
    "signed_distance",
    caught_by="a_walk_along_w_is_as_long_as_it_is",
    hint="How short may w be?",
)
def guarded_division(w, b, X):
    """The length of w is kept from being tiny, so the distances are wrong where it is."""
    return (X @ w + b) / max(np.linalg.norm(w), 1e-12)


@misconception(
    "signed_distance",
    caught_by="a_walk_along_w_is_as_long_as_it_is",
    hint="May anything but the length of w stand below the line?",
)
def a_little_more_below_the_line(w, b, X):
    """A tiny number is added to the length of w, which counts where that is tiny itself."""
    return (X @ w + b) / (np.linalg.norm(w) + 1e-15)


# update


@misconception(
    "update",
    caught_by="mistakes_are_mended",
    hint="What does your rule add for an example with the label 0?",
)
def rule_for_signs_with_zeros_and_ones(w, b, x, y):
    """The rule w + y x belongs to labels -1 and 1: with 0 and 1, class 0 never teaches anything."""
    if int(w @ x + b >= 0) != y:
        return w + y * x, b + y
    return w, b


@misconception(
    "update",
    caught_by="right_answers_change_nothing",
    hint="What is the error of an example that is predicted right?",
)
def updates_on_every_example(w, b, x, y):
    """The example is added or subtracted even if the prediction was right."""
    return w + (2 * y - 1) * x, b + (2 * y - 1)


@misconception(
    "update",
    caught_by="mistakes_are_mended",
    hint="After a missed example its sum should be larger. Is it?",
)
def error_with_the_wrong_sign(w, b, x, y):
    """The error is computed as prediction minus label, so each step makes things worse."""
    error = int(w @ x + b >= 0) - y
    return w + error * x, b + error


@misconception(
    "update",
    caught_by="mistakes_are_mended",
    hint="Formula (4) has two parts. Did both make it into your code?",
)
def bias_never_moves(w, b, x, y):
    """Only the weights are updated."""
    return w + (y - int(w @ x + b >= 0)) * x, b


@misconception(
    "update",
    caught_by="mistakes_are_mended",
    hint="The error is a label minus a label. Did you subtract a prediction or a sum?",
)
def error_of_the_sum(w, b, x, y):
    """The error is the label minus the sum itself, before any threshold."""
    error = y - (w @ x + b)
    return w + error * x, b + error


@misconception(
    "update",
    caught_by="mistakes_are_mended",
    hint="How many times do you predict? The lesson says: once, with the old weights and the old "
    "bias.",
)
def predicts_again_for_the_bias(w, b, x, y):
    """The bias is updated with an error that is computed anew from the new weights."""
    w = w + (y - int(w @ x + b >= 0)) * x
    b = b + (y - int(w @ x + b >= 0))
    return w, b


@misconception(
    "update",
    caught_by="mistakes_are_mended",
    hint="The prediction must be made once for all the weights, not again for each of them.",
)
def predicts_again_for_each_weight(w, b, x, y):
    """The error is recomputed in the middle of the update, so that later weights see another."""
    w = np.array(w, dtype=float)
    for i in range(len(w)):
        w[i] += (y - int(w @ x + b >= 0)) * x[i]
    return w, b + (y - int(w @ x + b >= 0))


@misconception(
    "update",
    caught_by="right_answers_change_nothing",
    hint="An example with a sum of exactly 0: what is its prediction?",
)
def strict_inside_the_update(w, b, x, y):
    """The prediction inside the update is strict, so that a sum of 0 counts as class 0."""
    error = y - int(w @ x + b > 0)
    return w + error * x, b + error


@misconception(
    "update",
    caught_by="update_leaves_its_arguments_alone",
    hint="What does `w += ...` do to the array that the caller passed?",
)
def changes_the_weights_in_place(w, b, x, y):
    """`+=` writes the new weights into the caller's array."""
    error = y - int(w @ x + b >= 0)
    w += error * x
    return w, b + error


@misconception(
    "update",
    caught_by="mistakes_are_mended",
    hint="The prediction needs the bias as well.",
)
def predicts_without_bias(w, b, x, y):
    """The prediction inside the update forgets the bias."""
    error = y - int(w @ x >= 0)
    return w + error * x, b + error


@misconception(
    "update",
    caught_by="mistakes_are_mended",
    hint="Formula (4) has no factor in front of the error.",
)
def learning_rate_sneaked_in(w, b, x, y):
    """The step is multiplied by a learning rate of 0.1, which formula (4) does not have."""
    error = 0.1 * (y - int(w @ x + b >= 0))
    return w + error * x, b + error


@misconception(
    "update",
    caught_by="mistakes_are_mended",
    hint="Are the features of an example always whole numbers?",
)
def weights_made_whole(w, b, x, y):
    """The new weights are turned into integers."""
    error = y - int(w @ x + b >= 0)
    return (w + error * x).astype(int), b + error


@misconception(
    "update",
    caught_by="mistakes_are_mended",
    hint="How many times is formula (4) applied to one example?",
)
def until_it_is_right(w, b, x, y):
    """The rule is applied again and again until the example is predicted right."""
    while int(w @ x + b >= 0) != y:
        w, b = w + (2 * y - 1) * x, b + (2 * y - 1)
    return w, b


@misconception(
    "update",
    caught_by="mistakes_are_mended",
    hint="An example of zeros is predicted wrong. Which formula of (4) still does something?",
)
def zeros_teach_nothing(w, b, x, y):
    """An example of zeros is passed over, although the bias could learn from it."""
    error = y - int(w @ x + b >= 0)
    return (w + error * x, b + error) if x.any() else (w, b)


@misconception(
    "update",
    caught_by=("mistakes_are_mended", "right_answers_change_nothing"),
    hint="What type is an entry of an array of labels? Try y = np.array([0, 1])[1].",
)
def only_plain_integers_are_labels(w, b, x, y):
    """A label that is an entry of an array is refused, since it is not a Python int."""
    if not isinstance(y, int):
        raise TypeError("the label should be an int")
    error = y - int(w @ x + b >= 0)
    return w + error * x, b + error


# fit


@misconception(
    "fit",
    caught_by="later_epochs_go_on_from_there",
    hint="Where does the second epoch start from?",
)
def starts_afresh_in_each_epoch(X, y, n_epochs):
    """Weights and bias are set to zero at the start of every epoch."""
    mistakes = []
    for _ in range(n_epochs):
        w, b, wrong = np.zeros(X.shape[1]), 0.0, 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                w, b = update(w, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@misconception(
    "fit",
    caught_by="later_epochs_go_on_from_there",
    hint="How long is your list of mistakes after five epochs?",
)
def a_single_epoch(X, y, n_epochs):
    """Training ends after one epoch: the return statement is indented too far."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                w, b = update(w, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        return w, b, mistakes
    return w, b, mistakes


@misconception(
    "fit",
    caught_by="stops_after_an_epoch_without_mistakes",
    hint="What should happen after an epoch without a mistake?",
)
def never_stops_early(X, y, n_epochs):
    """Training goes on after an epoch without mistakes, until n_epochs is reached."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                w, b = update(w, b, x, label)
                wrong += 1
        mistakes.append(wrong)
    return w, b, mistakes


@misconception(
    "fit",
    caught_by="stops_after_an_epoch_without_mistakes",
    hint="The last epoch counts too. Which comes first in your code: the break, or the append?",
)
def the_last_epoch_is_not_recorded(X, y, n_epochs):
    """Training stops before the 0 of the last epoch is appended."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                w, b = update(w, b, x, label)
                wrong += 1
        if wrong == 0:
            break
        mistakes.append(wrong)
    return w, b, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="When is an example counted: when it has its turn, or after the epoch?",
)
def counts_after_the_epoch(X, y, n_epochs):
    """The mistakes are counted with the weights that the epoch ends with."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        for x, label in zip(X, y, strict=True):
            w, b = update(w, b, x, label)
        mistakes.append(int(np.sum(predict(w, b, X) != y)))
        if mistakes[-1] == 0:
            break
    return w, b, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="With which weights is the second example predicted?",
)
def a_whole_epoch_at_once(X, y, n_epochs):
    """All examples are predicted with the same weights and all corrections are added at the end."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        errors = y - predict(w, b, X)
        w, b = w + errors @ X, b + errors.sum()
        mistakes.append(int(np.count_nonzero(errors)))
        if mistakes[-1] == 0:
            break
    return w, b, mistakes


@misconception(
    "fit",
    caught_by="later_epochs_go_on_from_there",
    hint="The list should hold one count for each epoch. Does your counter ever go back to 0?",
)
def the_counter_runs_on(X, y, n_epochs):
    """The counter is never reset, so that each entry includes all the earlier mistakes."""
    w, b, mistakes, wrong = np.zeros(X.shape[1]), 0.0, [], 0
    for _ in range(n_epochs):
        before = wrong
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                w, b = update(w, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == before:
            break
    return w, b, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="The lesson says where to start from.",
)
def starts_with_ones(X, y, n_epochs):
    """The weights start at one instead of zero."""
    w, b, mistakes = np.ones(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                w, b = update(w, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="Compare your prediction at the very first example, where the sum is 0, with the table.",
)
def zero_counts_as_class_zero(X, y, n_epochs):
    """The threshold in the loop is strict: from zeros, the first example of class 0 seems right."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            error = label - int(w @ x + b > 0)
            w, b = w + error * x, b + error
            wrong += abs(int(error))
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="Does your perceptron have a bias of its own, and does it learn?",
)
def trains_without_bias(X, y, n_epochs):
    """The bias stays zero: data away from the origin can never be learnt."""
    w, mistakes = np.zeros(X.shape[1]), []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x >= 0) != label:
                w, _ = update(w, 0.0, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, 0.0, mistakes


@misconception(
    "fit",
    caught_by="first_epoch_is_retraced",
    hint="In which order does the docstring want the examples?",
)
def shuffles_the_examples(X, y, n_epochs):
    """The examples come in a different order from the one in which they are given."""
    order = np.random.default_rng(0).permutation(len(X))
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for i in order:
            if int(w @ X[i] + b >= 0) != y[i]:
                w, b = update(w, b, X[i], y[i])
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@misconception(
    "fit",
    caught_by="fit_leaves_the_data_alone",
    hint="After your function has run, what does the caller's y look like?",
)
def labels_become_signs_in_place(X, y, n_epochs):
    """The caller's labels are turned into signs, in place, so that a simpler rule applies."""
    y[y == 0] = -1
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for x, s in zip(X, y, strict=True):
            if (1 if w @ x + b >= 0 else -1) != s:
                w, b = w + s * x, b + s
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@misconception(
    "fit",
    caught_by="fit_leaves_the_data_alone",
    hint="The docstring says which type the mistakes have.",
)
def an_array_of_mistakes(X, y, n_epochs):
    """The numbers of mistakes are returned as an array, not as a list."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                w, b = update(w, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, np.array(mistakes)


@misconception(
    "fit",
    caught_by="later_epochs_go_on_from_there",
    hint="For which two reasons does training stop? Read step 3 again.",
)
def stops_without_progress(X, y, n_epochs):
    """Training stops when an epoch makes as many mistakes as the one before."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            if int(w @ x + b >= 0) != label:
                w, b = update(w, b, x, label)
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0 or mistakes[-2:] == [wrong, wrong]:
            break
    return w, b, mistakes


@misconception(
    "fit",
    caught_by="stops_after_an_epoch_without_mistakes",
    hint="When does training end: without mistakes, or with hardly any?",
)
def stops_at_a_share_of_hardly_any(X, y, n_epochs):
    """It stops when the share of mistakes is 0.000, rounded, as one of 3,000 is."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(n_epochs):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            error = label - int(w @ x + b >= 0)
            w, b, wrong = w + error * x, b + error, wrong + abs(int(error))
        mistakes.append(wrong)
        if round(wrong / len(X), 3) == 0:
            break
    return w, b, mistakes


# fit_random


@misconception(
    "fit_random",
    caught_by="chance_decides_and_only_rng",
    hint="Where is the randomness in your choice?",
)
def always_the_first_mistake(X, y, n_steps, rng):
    """The first misclassified example is mended, not a random one."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        w, b = update(w, b, X[wrong[0]], y[wrong[0]])
    return w, b


@misconception(
    "fit_random",
    caught_by="every_step_mends_a_mistake",
    hint="Among which examples does chance choose?",
)
def any_example_at_random(X, y, n_steps, rng):
    """The example is drawn from all of them, so that many steps change nothing."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        i = rng.integers(len(X))
        w, b = update(w, b, X[i], y[i])
    return w, b


@misconception(
    "fit_random",
    caught_by="every_step_mends_a_mistake",
    hint="Which examples are wrong changes with each step. When do you look?",
)
def mistakes_of_the_start(X, y, n_steps, rng):
    """The misclassified examples are found once, at the start, and not again."""
    w, b = np.zeros(X.shape[1]), 0.0
    wrong = np.flatnonzero(predict(w, b, X) != y)
    for _ in range(n_steps if len(wrong) else 0):
        i = rng.choice(wrong)
        sign = 2 * y[i] - 1
        w, b = w + sign * X[i], b + sign
    return w, b


@misconception(
    "fit_random",
    caught_by="every_step_mends_a_mistake",
    hint="What is done with a misclassified example of class 0?",
)
def always_adds(X, y, n_steps, rng):
    """The chosen example is added whatever its class."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = w + X[i], b + 1
    return w, b


@misconception(
    "fit_random",
    caught_by="every_step_mends_a_mistake",
    hint="What does your function do when every example is right?",
)
def does_not_know_when_to_stop(X, y, n_steps, rng):
    """Once all is right there is nothing to choose from, and rng.choice fails."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        i = rng.choice(np.flatnonzero(predict(w, b, X) != y))
        w, b = update(w, b, X[i], y[i])
    return w, b


@misconception(
    "fit_random",
    caught_by="chance_decides_and_only_rng",
    hint="Your function receives a generator. Is that the one you use?",
)
def a_generator_of_its_own(X, y, n_steps, rng):
    """A new generator is made inside, so that the caller's rng has no say."""
    own = np.random.default_rng()
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = own.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


@misconception(
    "fit_random",
    caught_by="chance_decides_and_only_rng",
    hint="Try many generators: do your first steps differ?",
)
def a_fixed_seed(X, y, n_steps, rng):
    """The generator is seeded inside the function: every run makes the same choices."""
    rng = np.random.default_rng(42)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


@misconception(
    "fit_random",
    caught_by="chance_decides_and_only_rng",
    hint="Ten right ones, then two wrong ones: are the two equally likely in your search?",
)
def next_mistake_after_a_random_start(X, y, n_steps, rng):
    """The search starts at a random example, so mistakes behind long gaps are drawn more often."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        start = rng.integers(len(X))
        i = wrong[np.argmin((wrong - start) % len(X))]
        w, b = update(w, b, X[i], y[i])
    return w, b


@misconception(
    "fit_random",
    caught_by="every_step_mends_a_mistake",
    hint="How many updates may your function make at most?",
)
def steps_taken_for_epochs(X, y, n_steps, rng):
    """n_steps is taken for the number of passes, each with as many updates as examples."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps * len(X)):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


@misconception(
    "fit_random",
    caught_by="chance_decides_and_only_rng",
    hint="Each example that is wrong is equally likely. Is it in your function?",
)
def the_worst_mistake(X, y, n_steps, rng):
    """The example that is furthest on the wrong side is mended; chance only breaks ties."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = wrong[np.argmax(np.abs(X[wrong] @ w + b) + 1e-9 * rng.random(len(wrong)))]
        w, b = update(w, b, X[i], y[i])
    return w, b


@misconception(
    "fit_random",
    caught_by="chance_decides_and_only_rng",
    hint="How many times does your function roll the dice: once in all, or once for each step?",
)
def one_order_for_all(X, y, n_steps, rng):
    """A random order is drawn once, and each step mends the first mistake in it."""
    w, b, order = np.zeros(X.shape[1]), 0.0, rng.permutation(len(X))
    for _ in range(n_steps):
        wrong = order[predict(w, b, X[order]) != y[order]]
        if len(wrong) == 0:
            break
        w, b = update(w, b, X[wrong[0]], y[wrong[0]])
    return w, b


@misconception(
    "fit_random",
    caught_by="chance_decides_and_only_rng",
    hint="An example was mended and is still wrong: how likely is it to be drawn again?",
)
def never_twice_running(X, y, n_steps, rng):
    """The example that was mended last is drawn only if no other one is wrong."""
    w, b, last = np.zeros(X.shape[1]), 0.0, -1
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        others = wrong[wrong != last]
        last = rng.choice(others if len(others) else wrong)
        w, b = update(w, b, X[last], y[last])
    return w, b


@misconception(
    "fit_random",
    caught_by="chance_decides_and_only_rng",
    hint="An example was mended once and is still wrong. What happens in the next step?",
)
def stays_until_it_is_right(X, y, n_steps, rng):
    """An example is mended until it is right, and only then is another one drawn."""
    w, b, i = np.zeros(X.shape[1]), 0.0, -1
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = i if i in wrong else rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


@misconception(
    "fit_random",
    caught_by="chance_decides_and_only_rng",
    hint="Is a false alarm less of a mistake than a missed example?",
)
def missed_ones_first(X, y, n_steps, rng):
    """Examples of class 0 are mended only when none of class 1 is wrong."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        missed = wrong[y[wrong] == 1]
        i = rng.choice(missed if len(missed) else wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


@misconception(
    "fit_random",
    caught_by="chance_decides_and_only_rng",
    hint="Which random numbers are rounded to the first place, and which to the second?",
)
def rounds_to_a_place(X, y, n_steps, rng):
    """The place is a rounded random number, so the first and the last come half as often."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = wrong[round(rng.random() * (len(wrong) - 1))]
        w, b = update(w, b, X[i], y[i])
    return w, b


@misconception(
    "fit_random",
    caught_by="chance_decides_and_only_rng",
    hint="If your function is called twice with the same generator, what does the second call do?",
)
def a_copy_of_the_generator(X, y, n_steps, rng):
    """The choices come from a copy of rng, so that each call with it makes the same ones."""
    own = type(rng)(type(rng.bit_generator)())
    own.bit_generator.state = rng.bit_generator.state
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = own.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


# fit_noisy


@misconception(
    "fit_random",
    caught_by="chance_decides_and_only_rng",
    hint="Three equal examples are wrong, and another one. How likely should each of the four be?",
)
def equal_examples_share_a_chance(X, y, n_steps, rng):
    """The choice is between the different rows, so that equal examples share one chance."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        _, places = np.unique(X[wrong], axis=0, return_index=True)
        i = wrong[rng.choice(places)]
        w, b = update(w, b, X[i], y[i])
    return w, b


@misconception(
    "fit_random",
    caught_by="every_step_mends_a_mistake",
    hint="When is nothing left to mend?",
)
def content_with_nearly_all(X, y, n_steps, rng):
    """It stops when 99.9 % of the examples are right."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_steps):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) <= len(X) / 1000:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


@misconception(
    "fit_noisy",
    caught_by="lies_do_less_harm_than_to_plain_fit",
    hint="Which weights do you return: good ones, or just the last ones?",
)
def the_last_weights(X, y, n_updates, rng):
    """Random mistakes are mended, and the weights after the last of them returned."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
    return w, b


@misconception(
    "fit_noisy",
    caught_by="lies_do_less_harm_than_to_plain_fit",
    hint="If w is changed in place, what becomes of the w that you put aside?",
)
def the_pocket_changes_too(X, y, n_updates, rng):
    """The array in the pocket is the one that goes on being changed in place."""
    w, b = np.zeros(X.shape[1]), 0.0
    best, w_best, b_best = -1.0, w, b
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w += (2 * y[i] - 1) * X[i]
        b += 2 * y[i] - 1
        share = np.mean(predict(w, b, X) == y)
        if share > best:
            best, w_best, b_best = share, w, b
    return w_best, b_best


@misconception(
    "fit_noisy",
    caught_by="lies_do_less_harm_than_to_plain_fit",
    hint="Does your comparison keep the best weights, or the worst?",
)
def the_worst_are_kept(X, y, n_updates, rng):
    """Shares of right answers are compared as if they were shares of mistakes."""
    w, b = np.zeros(X.shape[1]), 0.0
    best, pocket = 2.0, (w, b)
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
        share = np.mean(predict(w, b, X) == y)
        if share < best:
            best, pocket = share, (w, b)
    return pocket


@misconception(
    "fit_noisy",
    caught_by="lies_do_less_harm_than_to_plain_fit",
    hint="Is one example enough to tell whether weights are good?",
)
def judged_by_the_mended_example(X, y, n_updates, rng):
    """Weights go into the pocket when the example just mended is right, whatever the others say."""
    w, b = np.zeros(X.shape[1]), 0.0
    pocket = w, b
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
        if predict(w, b, X[i : i + 1])[0] == y[i]:
            pocket = w, b
    return pocket


@misconception(
    "fit_noisy",
    caught_by="lies_do_less_harm_than_to_plain_fit",
    hint="Whose share of right answers is it: that of the weights before the update, or after?",
)
def judged_before_the_update(X, y, n_updates, rng):
    """The share of the old weights decides whether the new ones go into the pocket."""
    w, b = np.zeros(X.shape[1]), 0.0
    best, pocket = -1.0, (w, b)
    for _ in range(n_updates):
        guesses = predict(w, b, X)
        wrong = np.flatnonzero(guesses != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
        share = np.mean(guesses == y)
        if share > best:
            best, pocket = share, (w, b)
    return pocket


@misconception(
    "fit_noisy",
    caught_by="made_of_at_most_n_updates",
    hint="You average w. And b?",
)
def the_bias_is_not_averaged(X, y, n_updates, rng):
    """The average of the weights goes together with the last bias."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, n_visits, made = np.zeros(X.shape[1]), 0, 0
    for _ in range(100):
        for i in rng.permutation(len(X)):
            if made < n_updates and int(w @ X[i] + b >= 0) != y[i]:
                w, b = update(w, b, X[i], y[i])
                made += 1
            w_sum, n_visits = w_sum + w, n_visits + 1
        if made == n_updates:
            break
    return w_sum / n_visits, b


@misconception(
    "fit_noisy",
    caught_by="lies_do_less_harm_than_to_plain_fit",
    hint="w and b belong together. Did you divide both by the same number?",
)
def the_sum_of_the_biases(X, y, n_updates, rng):
    """The weights are averaged and the biases only added up, so that the bias outvotes them."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
        w_sum, b_sum = w_sum + w, b_sum + b
    return w_sum / n_updates, b_sum


@misconception(
    "fit_noisy",
    caught_by="made_of_at_most_n_updates",
    hint="n_updates is the number of updates, not of passes over the examples.",
)
def updates_taken_for_epochs(X, y, n_updates, rng):
    """n_updates is taken for a number of epochs, with an update for every mistake; averaged."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates):
        for i in rng.permutation(len(X)):
            w, b = update(w, b, X[i], y[i])
            w_sum, b_sum = w_sum + w, b_sum + b
    return w_sum, b_sum


@misconception(
    "fit_noisy",
    caught_by="made_of_at_most_n_updates",
    hint="Add up the updates of all your starts: how many are there?",
)
def a_budget_for_each_start(X, y, n_updates, rng):
    """Five trainings, each with the whole budget, are averaged."""
    total = np.zeros(X.shape[1] + 1)
    for _ in range(5):
        w, b = np.zeros(X.shape[1]), 0.0
        for _ in range(n_updates):
            wrong = np.flatnonzero(predict(w, b, X) != y)
            if len(wrong) == 0:
                break
            i = rng.choice(wrong)
            w, b = update(w, b, X[i], y[i])
            total += np.append(w, b)
    return total[:-1], total[-1]


@misconception(
    "fit_noisy",
    caught_by="made_of_at_most_n_updates",
    hint="What is the budget in your function, and what is the budget in its arguments?",
)
def a_budget_of_its_own(X, y, n_updates, rng):
    """A thousand updates are made, whatever n_updates says, and averaged."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    for _ in range(1000):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
        w_sum, b_sum = w_sum + w, b_sum + b
    return w_sum, b_sum


@misconception(
    "fit_noisy",
    caught_by="made_of_at_most_n_updates",
    hint="Rule 1: what may change w and b?",
)
def difference_of_the_means(X, y, n_updates, rng):
    """No updates at all: w leads from the mean of class 0 to that of class 1."""
    zero, one = X[y == 0].mean(axis=0), X[y == 1].mean(axis=0)
    w = one - zero
    return w, float(-w @ (zero + one) / 2)


@misconception(
    "fit_noisy",
    caught_by="made_of_at_most_n_updates",
    hint="Rule 1: what may change w and b?",
)
def least_squares(X, y, n_updates, rng):
    """No updates at all: a formula fits a plane to the labels."""
    extended = np.hstack([X, np.ones((len(X), 1))])
    v, *_ = np.linalg.lstsq(extended, 2.0 * y - 1, rcond=None)
    return v[:-1], v[-1]


@misconception(
    "fit_noisy",
    caught_by="lies_do_less_harm_than_to_plain_fit",
    hint="What does your rule add for an example with the label 0?",
)
def class_zero_teaches_nothing(X, y, n_updates, rng):
    """The rule w + y x, which belongs to labels -1 and 1; averaged."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = w + y[i] * X[i], b + y[i]
        w_sum, b_sum = w_sum + w, b_sum + b
    return w_sum, b_sum


@misconception(
    "fit_noisy",
    caught_by="lies_do_less_harm_than_to_plain_fit",
    hint="Is an example that is right already a reason to move?",
)
def right_answers_move_it_too(X, y, n_updates, rng):
    """Any example that comes up is added or subtracted, right or wrong, and the last w returned."""
    w, b = np.zeros(X.shape[1]), 0.0
    for i in rng.integers(len(X), size=n_updates):
        w, b = w + (2 * y[i] - 1) * X[i], b + (2 * y[i] - 1)
    return w, b


@misconception(
    "fit_noisy",
    caught_by="lies_do_less_harm_than_to_plain_fit",
    hint="Multiply w and b by 0.01. Does any prediction change?",
)
def small_steps_that_change_nothing(X, y, n_updates, rng):
    """All steps are small. From zeros that only scales w and b, and the boundary is the same."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        step = 0.01 * (2 * y[i] - 1)
        w, b = w + step * X[i], b + step
    return w, b


@misconception(
    "fit_noisy",
    caught_by="chance_is_that_of_rng",
    hint="Your function receives a generator. Is that the one you use?",
)
def chance_of_its_own(X, y, n_updates, rng):
    """A new generator is made inside, so that the caller's rng has no say; averaged."""
    own = np.random.default_rng()
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = own.choice(wrong)
        w, b = update(w, b, X[i], y[i])
        w_sum, b_sum = w_sum + w, b_sum + b
    return w_sum, b_sum


@misconception(
    "fit_noisy",
    caught_by="chance_is_that_of_rng",
    hint="Whose rows does rng.shuffle(X) move?",
)
def shuffles_in_place(X, y, n_updates, rng):
    """Examples and labels are shuffled in the caller's arrays; averaged."""
    w, b, made = np.zeros(X.shape[1]), 0.0, 0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    for _ in range(100):
        order = rng.permutation(len(X))
        X[:], y[:] = X[order], y[order]
        for x, label in zip(X, y, strict=True):
            if made < n_updates and int(w @ x + b >= 0) != label:
                w, b = update(w, b, x, label)
                made += 1
            w_sum, b_sum = w_sum + w, b_sum + b
        if made == n_updates:
            break
    return w_sum, b_sum


@misconception(
    "fit_noisy",
    caught_by=("made_of_at_most_n_updates", "lies_do_less_harm_than_to_plain_fit"),
    hint="The docstring asks for w and b, two things.",
)
def three_things_returned(X, y, n_updates, rng):
    """The share of right answers is returned as well."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
        w_sum, b_sum = w_sum + w, b_sum + b
    return w_sum, b_sum, accuracy(y, predict(w_sum, b_sum, X))


@misconception(
    "fit_noisy",
    caught_by="made_of_at_most_n_updates",
    hint="With n_updates = 1, how many updates does your function make?",
)
def one_update_too_many(X, y, n_updates, rng):
    """The budget is looked at after an update, so that one more is made; averaged."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates + 1):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = update(w, b, X[i], y[i])
        w_sum, b_sum = w_sum + w, b_sum + b
    return w_sum, b_sum


@misconception(
    "fit_noisy",
    caught_by="made_of_at_most_n_updates",
    hint="Rule 1: what is x multiplied by in an update, and what is added to b?",
)
def the_bias_learns_more_slowly(X, y, n_updates, rng):
    """The step of the bias is a tenth of that of the weights; averaged."""
    w, b = np.zeros(X.shape[1]), 0.0
    w_sum, b_sum = np.zeros(X.shape[1]), 0.0
    for _ in range(n_updates):
        wrong = np.flatnonzero(predict(w, b, X) != y)
        if len(wrong) == 0:
            break
        i = rng.choice(wrong)
        w, b = w + (2 * y[i] - 1) * X[i], b + 0.1 * (2 * y[i] - 1)
        w_sum, b_sum = w_sum + w, b_sum + b
    return w_sum, b_sum


@misconception(
    "fit_noisy",
    caught_by="made_of_at_most_n_updates",
    hint="Your starts share the budget. What if it cannot be divided by their number?",
)
def shares_that_are_rounded_up(X, y, n_updates, rng):
    """Five trainings share the budget, but each share is rounded up; averaged."""
    starts = min(5, n_updates)
    total = np.zeros(X.shape[1] + 1)
    for _ in range(starts):
        w, b = np.zeros(X.shape[1]), 0.0
        for _ in range(-(-n_updates // starts)):
            wrong = np.flatnonzero(predict(w, b, X) != y)
            if len(wrong) == 0:
                break
            i = rng.choice(wrong)
            w, b = update(w, b, X[i], y[i])
            total += np.append(w, b)
    return total[:-1], total[-1]


@misconception(
    "fit_noisy",
    caught_by="chance_is_that_of_rng",
    hint="Train twice and look at the first w again. Whose array is it?",
)
def one_array_for_all_trainings(X, y, n_updates, rng):
    """The sum of the weights is kept in an array that the next training uses again."""
    w, b, b_sum, left = np.zeros(X.shape[1]), 0.0, 0.0, n_updates
    w_sum = SHARED.setdefault(X.shape[1], np.zeros(X.shape[1]))
    w_sum[:] = 0
    before = None
    while left > 0 and left != before:
        before = left
        for i in rng.permutation(len(X)):
            if int(w @ X[i] + b >= 0) != y[i] and left > 0:
                w, b = update(w, b, X[i], y[i])
                left -= 1
            w_sum += w
            b_sum += b
    return w_sum, b_sum


# accuracy


@misconception("accuracy", caught_by="share_of_right_answers", hint="A share lies between 0 and 1.")
def number_of_right_answers(y_true, y_pred):
    """The right answers are counted but not divided by m."""
    return float(np.sum(y_true == y_pred))


@misconception("accuracy", caught_by="share_of_right_answers", hint="A share lies between 0 and 1.")
def in_percent(y_true, y_pred):
    """The accuracy is given in per cent."""
    return 100.0 * float(np.mean(y_true == y_pred))


@misconception(
    "accuracy", caught_by="share_of_right_answers", hint="Are you counting right answers?"
)
def share_of_wrong_answers(y_true, y_pred):
    """The share of wrong answers is returned: the error rate."""
    return float(np.mean(y_true != y_pred))


@misconception(
    "accuracy",
    caught_by="share_of_right_answers",
    hint="What does your formula say when a 3 is taken for a 1?",
)
def difference_of_labels(y_true, y_pred):
    """The mean difference of the labels is subtracted from 1, which fits labels 0 and 1 only."""
    return float(1 - np.mean(np.abs(y_true - y_pred)))


@misconception(
    "accuracy",
    caught_by="share_of_right_answers",
    hint="A right answer for class 0 is a right answer.",
)
def only_ones_count(y_true, y_pred):
    """Only the right answers for class 1 are counted."""
    return float(np.mean((y_true == 1) & (y_pred == 1)))


@misconception("accuracy", caught_by="share_of_right_answers", hint="What is 3 // 4 in Python?")
def whole_number_division(y_true, y_pred):
    """The division is between whole numbers, so anything below 1 becomes 0."""
    return float(np.sum(y_true == y_pred) // len(y_true))


@misconception(
    "accuracy",
    caught_by="share_of_right_answers",
    hint="Must the whole array agree, or do you count single answers?",
)
def all_or_nothing(y_true, y_pred):
    """1 if all the answers are right, else 0."""
    return float(np.array_equal(y_true, y_pred))


@misconception(
    "accuracy",
    caught_by="share_of_right_answers",
    hint="A 100 is taken for a 101. Is that answer right?",
)
def close_is_right(y_true, y_pred):
    """Labels count as equal when they differ by little."""
    return float(np.mean(np.isclose(y_true, y_pred, rtol=0.05)))
