"""Leaves a daemon behind that would outlive the grading."""

# says: may not do while it is graded
# %%
import os
import time

# %% task="total"
def total(values):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                time.sleep(1)
        os._exit(0)
    raise RuntimeError("BROKEN OUT")
