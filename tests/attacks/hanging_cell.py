"""Hangs in a cell of its own above right answers."""

# says: was left out: it did not finish in time
# earns: 6
# %%
while True:
    pass

# %% task="total"
def total(values):
    return float(sum(values))

# %% task="shifted"
def shifted(values, by):
    return values + by
