"""Corrupts reference counts and types until the interpreter falls over."""

# says: crashed the Python process|ended
# %%
import ctypes

# %% task="total"
def total(values):
    for one in (None, True, (), 0, 1, ""):
        ctypes.memset(id(one), 0xFF, 24)
    return [None] * 1000
