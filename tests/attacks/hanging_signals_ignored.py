"""Ignores and blocks all signals and catches all exceptions, then sleeps."""

# says: did not finish within
# %%
import signal
import time

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))

# %% task="total"
def total(values):
    while True:
        try:
            time.sleep(100)
        except BaseException:
            pass
