"""Held-out wrong solutions of stage 1: read as source, never imported; see ``__init__.py``."""

import numpy as np

from . import held_out

# predict


@held_out(
    "predict",
    name="strict_in_two_loops",
    kind="variation",
    truth=("strict_threshold", "sign_of_zero"),
)
def predict(w, b, X):
    """A loop over examples and features; a sum of exactly zero stays class 0."""
    m, n = X.shape
    classes = np.zeros(m, dtype=int)
    for i in range(m):
        z = b
        for j in range(n):
            z += w[j] * X[i, j]
        if z > 0:
            classes[i] = 1
    return classes


@held_out(
    "predict",
    name="bias_moved_across_and_not_converted",
    kind="combination",
    truth=("bias_as_threshold", "answers_with_booleans"),
    relation=("dtype",),
)
def predict(w, b, X):
    """The bias goes to the other side without changing its sign, and the comparison is returned."""
    activation = np.dot(X, w)
    return activation >= b


# separating


@held_out(
    "separating",
    name="first_strict_one",
    kind="combination",
    truth=("first_one_only", "no_point_on_the_boundary"),
)
def separating(candidates, X, y):
    """Points must keep off the boundary, and the search ends with the first that is found."""
    result = []
    for index in range(len(candidates)):
        w, b = candidates[index]
        ok = True
        for x_i, y_i in zip(X, y):
            z = np.dot(w, x_i) + b
            if y_i == 1 and z <= 0:
                ok = False
            if y_i == 0 and z >= 0:
                ok = False
        if ok:
            result.append(index)
            break
    return result


# signed_distance


@held_out(
    "signed_distance",
    name="root_forgotten_in_a_loop",
    kind="variation",
    truth=("squared_length",),
    relation=("factor",),
)
def signed_distance(w, b, X):
    """The length is summed up from squares, and the root never taken."""
    norm = 0
    for w_j in w:
        norm = norm + w_j**2
    return np.array([(np.sum(w * x) + b) / norm for x in X])


# update


@held_out(
    "update",
    name="weights_in_place_and_bias_left",
    kind="combination",
    truth=("changes_the_weights_in_place", "bias_never_moves"),
    relation=("mutated", "part"),
)
def update(w, b, x, y):
    """Only the weights move, and they are the caller's."""
    y_hat = 1 if np.dot(w, x) + b >= 0 else 0
    if y_hat != y:
        w += (y - y_hat) * x
    return w, b


# fit


@held_out(
    "fit",
    name="share_of_mistakes",
    kind="new",
    relation=("factor", "part", "dtype"),
)
def fit(X, y, n_epochs):
    """The list holds the share of wrong predictions of each epoch instead of their number."""
    m, n = X.shape
    w = np.zeros(n)
    b = 0.0
    errors = []
    for epoch in range(n_epochs):
        n_wrong = 0
        for i in range(m):
            prediction = int(np.dot(X[i], w) + b >= 0)
            if prediction != y[i]:
                w, b = update(w, b, X[i], y[i])
                n_wrong += 1
        errors.append(n_wrong / m)
        if n_wrong == 0:
            break
    return w, b, errors


# fit_random


@held_out(
    "fit_random",
    name="global_generator_seeded",
    kind="variation",
    truth=("a_fixed_seed", "a_generator_of_its_own"),
)
def fit_random(X, y, n_steps, rng):
    """NumPy's global generator is seeded and used; rng is not looked at."""
    np.random.seed(1)
    w = np.zeros(X.shape[1])
    b = 0.0
    for step in range(n_steps):
        mistakes = [i for i in range(len(y)) if predict(w, b, X[i : i + 1])[0] != y[i]]
        if not mistakes:
            return w, b
        i = np.random.choice(mistakes)
        w, b = update(w, b, X[i], y[i])
    return w, b


# fit_noisy


@held_out(
    "fit_noisy",
    name="average_of_mended_examples",
    kind="new",
    # The mean of k steps is their sum with steps 1/k as long: the boundary stays the same.
    truth=("small_steps_that_change_nothing",),
)
def fit_noisy(X, y, n_updates, rng):
    """What is averaged are the examples that were mended, which is the last w over again."""
    w, b = np.zeros(X.shape[1]), 0.0
    steps = []
    while len(steps) < n_updates:
        guesses = predict(w, b, X)
        if np.all(guesses == y):
            break
        i = rng.choice(np.flatnonzero(guesses != y))
        steps.append(np.append(X[i], 1.0) * (y[i] - guesses[i]))
        w, b = w + steps[-1][:-1], b + steps[-1][-1]
    v = np.mean(steps, axis=0)
    return v[:-1], v[-1]


# accuracy


@held_out("accuracy", name="rounded_for_printing", kind="new")
def accuracy(y_true, y_pred):
    """The share is rounded to two digits."""
    correct = 0
    for a, b in zip(y_true, y_pred):
        if a == b:
            correct += 1
    return round(correct / len(y_true), 2)
