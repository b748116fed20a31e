"""Returns a list that is nested a hundred thousand deep."""


# says: containers nested more than
# %% task="total"
def total(values):
    result = []
    for _ in range(100_000):
        result = [result]
    return result
