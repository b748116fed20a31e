"""Starts thousands of threads with the smallest stacks, to use up the machine's processes."""

# says: can't start new thread|more than 64 threads|Resource temporarily
# %%
import threading
import time

threading.stack_size(32768)

# %% task="total"
def total(values):
    for _ in range(3000):
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
    raise RuntimeError("BROKEN OUT: 3000 threads")
