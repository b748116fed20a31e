"""Burns processor time in child threads, while the main thread sleeps."""

# says: did not finish within|processor time
# %%
import threading
import time


def burn():
    while True:
        pass


# %% task="total"
def total(values):
    for _ in range(16):
        threading.Thread(target=burn, daemon=True).start()
    while True:
        time.sleep(3600)
