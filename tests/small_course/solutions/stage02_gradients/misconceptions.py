from nngrade import misconception


@misconception("slope", caught_by="slope_of_a_cubic", hint="How far apart are the two points?")
def not_halved(f, x):
    """Divides by half of the distance."""
    h = 1e-5
    return (f(x + h) - f(x - h)) / h


@misconception("batches", caught_by="every_value_once", hint="What about the last few?")
def without_the_rest(values, size, rng):
    """Leaves out the last, smaller batch."""
    order = rng.permutation(len(values))
    for start in range(0, len(values) - size + 1, size):
        yield values[order[start : start + size]]


@misconception("learns", caught_by="learns_something", hint="Accuracy is the share of what?")
def errors_for_accuracy(X, y):
    """Nothing is ever right."""
    return 0.0
