"""Reads address 0."""

# says: SIGSEGV
# %%
import ctypes

# %% task="total"
def total(values):
    ctypes.string_at(0)
