"""Fills the disk with files that never had a name."""

# needs: namespaces
# says: MiB of files|No space|not supported|not permitted
# %%
import os

# %% task="total"
def total(values):
    kept = []
    written = 0
    while written < 400 * 2**20:
        kept.append(os.open(".", os.O_TMPFILE | os.O_RDWR))
        for _ in range(10):
            written += os.write(kept[-1], bytes(2**20))
    raise RuntimeError("BROKEN OUT: 400 MiB")
