"""Starts thousands of threads that spin, to starve its neighbours of cores and of threads."""

# says: can't start new thread|did not finish within|processor time|threads|Memory
# %%
import threading

threading.stack_size(32768)


def burn():
    while True:
        pass


# %% task="total"
def total(values):
    while True:
        try:
            threading.Thread(target=burn, daemon=True).start()
        except RuntimeError:
            burn()
