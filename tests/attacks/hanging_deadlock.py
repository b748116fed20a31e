"""Waits for a lock that nobody will ever open, and joins the thread it is in."""

# says: did not finish within
# %%
import threading

# %% task="total"
def total(values):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
