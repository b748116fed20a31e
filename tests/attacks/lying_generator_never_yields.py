"""Returns a generator that never comes to its first value."""

# says: generator|did not finish within|processor time
# %% task="total"
def total(values):
    while True:
        if values is None:
            yield 0.0

# %% task="shifted"
def shifted(values, by):
    number = 0
    while True:
        number += 1
        yield number
