import numpy as np

from nngrade import check, close, require


@check("slope", points=2)
def slope_of_a_cubic(student, rng):
    """The slope of a cubic is right."""
    a, x = rng.uniform(1, 2, size=2)
    close(student.slope(lambda t: a * t**3, x), 3 * a * x**2, rtol=1e-4)


@check("batches", points=2)
def every_value_once(student, rng):
    """Every value comes once, and the generator alone decides on the order."""
    values, state = np.arange(7), rng.bit_generator.state
    first = student.batches(values, 3, rng)
    require(sorted(np.concatenate(first).tolist()) == values.tolist(), "values are missing")
    require(rng.bit_generator.state == state, "the caller's generator was used")
    require([len(one) for one in first] == [3, 3, 1], "the sizes are wrong")


@check("learns", points=1, at_least={"mnist": 0.05, "digits": 0.05}, measures="share")
def learns_something(student, data):
    """The share is better than nothing."""
    return student.learns(data.X_test[:50], data.y_test[:50])
