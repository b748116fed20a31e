"""Loops in C with the interpreter's lock held, where Python's own signal handlers never run."""

# says: did not finish within
# %%
import itertools

# %% task="total"
def total(values):
    sum(itertools.repeat(0, 10**13))
