"""Returns a small structure that unfolds to two to the thirtieth entries."""


# says: more than 200000 entries
# %% task="total"
def total(values):
    result = [3.0]
    for _ in range(30):
        result = [result, result]
    return result
