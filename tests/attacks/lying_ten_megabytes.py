"""Returns texts of 10 MB, and raises one, to fill results, logs and the gradebook."""

# says: text|a whole|not
# %% task="total"
def total(values):
    return "9" * 10_000_000

# %% task="shifted"
def shifted(values, by):
    raise ValueError("€" * 10_000_000)
