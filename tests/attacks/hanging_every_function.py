"""Makes every function endless, each in another way, to cost every check its time limit."""

# says: did not finish within|processor time
# %%
import time

# %% task="total"
def total(values):
    time.sleep(10**6)

# %% task="shifted"
def shifted(values, by):
    while True:
        values = values + by
