import numpy as np

from nngrade import misconception


@misconception("total", caught_by="any_length", hint="Is an average what is asked for?")
def mean_for_sum(values):
    """Averages."""
    return float(np.mean(values))


@misconception("shifted", caught_by="shifts_in_a_new_array", hint="Whose array is it?")
def in_place(values, by):
    """Changes the caller's array."""
    values += by
    return values
