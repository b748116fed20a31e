"""Ends by a real-time signal, which has no name."""

# says: crashed the Python process
# %%
import os

# %% task="total"
def total(values):
    os.kill(os.getpid(), 40)
