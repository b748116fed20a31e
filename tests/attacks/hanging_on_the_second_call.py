"""Is right on the first call and endless from the second on, so that a first look shows nothing."""

# says: did not finish within|processor time
# %%
calls = []

# %% task="total"
def total(values):
    calls.append(1)
    while len(calls) > 1:
        pass
    return float(np.sum(values))
