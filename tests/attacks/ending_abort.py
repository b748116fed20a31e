"""Aborts, which would write a core file."""

# says: SIGABRT
# %%
import os

# %% task="total"
def total(values):
    os.abort()
