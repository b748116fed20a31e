"""Returns an array of petabytes that takes eight bytes here."""

# says: arrays of more than \d+ MiB
# %%
import numpy as np


# %% task="shifted"
def shifted(values, by):
    return np.broadcast_to(1.0, (2**25, 2**25))
