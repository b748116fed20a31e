"""Returns an iterator that never ends."""

# says: more than 200000 entries
# %%
import itertools


# %% task="total"
def total(values):
    return itertools.repeat(3.0)
