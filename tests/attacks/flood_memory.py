"""Allocates until memory is gone: lists, bytes, arrays, NumPy's lazily touched pages."""

# says: MemoryError|Memory
# %%
import numpy as np

# %% task="total"
def total(values):
    kept = []
    while True:
        kept.append(np.ones(2**22))

# %% task="shifted"
def shifted(values, by):
    kept = bytearray()
    while True:
        kept += bytes(2**24)
