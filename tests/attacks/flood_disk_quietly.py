"""Fills the disk with many files, each below the limit, with the signal for it ignored."""

# says: MiB of files|No space
# %%
import signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

# %% task="total"
def total(values):
    for number in range(10**6):
        with open(f"big{number}", "wb") as file:
            for _ in range(10):
                file.write(bytes(2**20))
