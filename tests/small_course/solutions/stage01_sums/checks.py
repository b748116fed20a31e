import numpy as np

from nngrade import agrees, check, close, varied


@check("total", points=2, hint="How many entries are there?")
def any_length(student, reference, rng):
    """Arrays of any length are summed."""
    for m in (1, 4, 9):
        values = rng.normal(size=m)
        close(student.total(values), reference.total(values), "the total")


@check("total", points=1, needs=("any_length",))
def nothing_sums_to_zero(student):
    """The sum of an empty array is 0, and that of zeros."""
    agrees(student.total, lambda values: 0.0, [(np.zeros(m),) for m in (0, 1, 4, 9)], reveal=True)


@check("shifted", points=3, timeout=2)
def shifts_in_a_new_array(student, reference, rng):
    """A new array is returned; the old one is as it was."""
    calls = [(varied(rng, m), float(rng.normal())) for m in (5, 6, 1, 9)]
    agrees(student.shifted, reference.shifted, calls, "the result")
