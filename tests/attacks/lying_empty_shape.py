"""Returns arrays without entries whose other sizes are absurd."""

# says: has shape
# %%
import numpy as np


# %% task="total"
def total(values):
    return np.empty((0, 2**47))


# %% task="shifted"
def shifted(values, by):
    return np.empty((2**62, 0, 2**50 // 2**49))
