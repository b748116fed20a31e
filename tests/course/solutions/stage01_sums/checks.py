import numpy as np

from nngrade import agrees, check, close


@check("total", points=2, hint="How many entries are there?")
def any_length(student, reference, rng):
    """Arrays of any length are summed."""
    for m in (1, 4, 9):
        values = rng.normal(size=m)
        close(student.total(values), reference.total(values), "the total")


@check("total", points=1, needs=("any_length",))
def nothing_sums_to_zero(student):
    """The sum of an empty array is 0."""
    close(student.total(np.zeros(0)), 0.0, "the total", reveal=True)


@check("shifted", points=3, timeout=2)
def shifts_in_a_new_array(student, reference, rng):
    """A new array is returned; the old one is as it was."""
    values, by = rng.normal(size=5), float(rng.normal())
    agrees(student.shifted, reference.shifted, [(values, by)], "the result")
