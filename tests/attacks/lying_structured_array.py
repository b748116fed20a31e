"""Returns structured, text and date arrays in the place of numbers."""

# says: not of numbers or bools
# %%
import numpy as np


# %% task="total"
def total(values):
    return np.array("2020-01-01", dtype="datetime64[D]")


# %% task="shifted"
def shifted(values, by):
    return np.zeros(len(values), dtype=[("a", "f8"), ("b", "O")])
