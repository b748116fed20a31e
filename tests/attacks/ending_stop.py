"""Stops itself: a process that is neither running nor ended."""

# says: did not finish within
# %%
import os
import signal

# %% task="total"
def total(values):
    os.kill(os.getpid(), signal.SIGSTOP)
    return 0.0
