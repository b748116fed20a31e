"""Returns an array of as many dimensions as NumPy allows."""

# says: an array of \d+ dimensions
# %%
import numpy as np


# %% task="total"
def total(values):
    return np.zeros((1,) * 32)
