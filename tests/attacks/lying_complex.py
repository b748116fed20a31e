"""Returns complex and half-precision numbers whose conversion drops what is wrong."""

# says: complex
# %%
import numpy as np


# %% task="total"
def total(values):
    return np.complex128(float("nan") + 3j)


# %% task="shifted"
def shifted(values, by):
    return (values + 1j).astype("c8")
