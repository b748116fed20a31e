"""Is busy and asleep by turns, so that neither processor time nor idleness stands out."""

# says: did not finish within|processor time
# %%
import time

# %% task="total"
def total(values):
    while True:
        until = time.monotonic() + 0.02
        while time.monotonic() < until:
            pass
        time.sleep(0.02)
