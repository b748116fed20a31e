"""Raises an exception with a hundred thousand causes, in a group of groups."""


# says: ExceptionGroup
# %% task="total"
def total(values):
    error = ValueError("first")
    for _ in range(100_000):
        following = ValueError("next")
        following.__cause__ = error
        error = following
    group = ExceptionGroup("all", [error])
    for _ in range(500):
        group = ExceptionGroup("all", [group])
    raise group
