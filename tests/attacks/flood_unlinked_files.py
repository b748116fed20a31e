"""Fills the disk with files that have no name any more, where looking at the folder finds none."""

# needs: namespaces
# says: MiB of files
# %%
import os

# %% task="total"
def total(values):
    kept = []
    written = 0
    while written < 400 * 2**20:
        kept.append(open(f"big{len(kept)}", "wb", buffering=0))
        os.unlink(f"big{len(kept) - 1}")
        for _ in range(10):
            written += kept[-1].write(bytes(2**20))
    raise RuntimeError("BROKEN OUT: 400 MiB")
