"""Prints gigabytes, by print and by the descriptor."""

# says: did not finish within
# %%
import os

# %% task="total"
def total(values):
    block = b"flood " * 10_000
    while True:
        os.write(1, block)
        os.write(2, block)
