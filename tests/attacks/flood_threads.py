"""Starts as many threads as it can."""

# says: can't start new thread|more than 64 threads|did not finish within|Memory
# %%
import threading
import time

# %% task="total"
def total(values):
    while True:
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
