import numpy as np

from nngrade import alternative


@alternative("slope")
def five_points(f, x):
    """With five points instead of two."""
    h = 1e-3
    return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)


@alternative("batches")
def all_at_once(values, size, rng):
    """A list instead of a generator."""
    order = rng.permutation(len(values))
    return np.split(values[order], range(size, len(values), size))


@alternative("learns")
def by_counting(X, y):
    """With a dictionary."""
    counts = {}
    for one in y.tolist():
        counts[one] = counts.get(one, 0) + 1
    return max(counts.values()) / len(y)
