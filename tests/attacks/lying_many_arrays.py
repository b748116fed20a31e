"""Returns thirty thousand empty arrays."""

# %%
import numpy as np


# %% task="total"
def total(values):
    return [np.zeros(0, "u1")] * 30_000
