"""Returns hundreds of megabytes of bools, which take long to look through one by one."""

# says: MiB
# %%
import numpy as np


# %% task="total"
def total(values):
    return np.broadcast_to(np.True_, (120 * 2**20,))
