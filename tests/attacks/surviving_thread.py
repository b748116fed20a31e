"""Leaves a thread running that changes what later calls return."""

# says: not right
# %%
import threading
import time

last = [0.0]


def improve():
    while True:
        last[0] += 1
        time.sleep(0.001)


threading.Thread(target=improve).start()

# %% task="total"
def total(values):
    return last[0] + 0.123
