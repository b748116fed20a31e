"""Returns an iterator that hangs while it is drained."""

# says: did not finish within
# %%
import time


# %% task="total"
def total(values):
    yield 3.0
    while True:
        time.sleep(60)
