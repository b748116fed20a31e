"""Has many cells that each stay just below the time for a cell."""

# says: the time for this submission is used up
# %%
import time
@SLOW@

# %% task="total"
def total(values):
    return float(sum(values))
