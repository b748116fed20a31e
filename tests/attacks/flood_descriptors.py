"""Opens descriptors until there are none left, for this process or for the machine."""

# says: Too many open files
# %%
import os

# %% task="total"
def total(values):
    while True:
        os.pipe()
