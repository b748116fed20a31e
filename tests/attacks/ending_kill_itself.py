"""Kills its own process, which the grader must not mistake for its own doing."""

# says: SIGKILL
# %%
import os

# %% task="total"
def total(values):
    os.kill(os.getpid(), 9)
