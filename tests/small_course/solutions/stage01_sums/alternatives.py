from math import fsum

from nngrade import alternative


def _as_list(values):
    return list(values)


@alternative("total")
def exactly_rounded(values):
    """With math.fsum, and a helper."""
    return fsum(_as_list(values))


@alternative("shifted")
def one_by_one(values, by):
    """With a loop."""
    moved = values.copy()
    for index in range(len(moved)):
        moved[index] += by
    return moved
