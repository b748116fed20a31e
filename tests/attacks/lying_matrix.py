"""Returns np.matrix, np.memmap, recarrays and a string array: kinds of array that behave oddly."""

# %%
import numpy as np


# %% task="total"
def total(values):
    return np.memmap("memory", dtype="f8", mode="w+", shape=(3,))


# %% task="shifted"
def shifted(values, by):
    return np.matrix(values + by)
