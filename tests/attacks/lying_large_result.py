"""Returns hundreds of millions of small numbers, which become gigabytes as a list."""

# says: MiB
# %%
import numpy as np


# %% task="shifted"
def shifted(values, by):
    return np.broadcast_to(np.int8(1), (120 * 2**20,))
