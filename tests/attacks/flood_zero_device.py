"""Maps /dev/zero as shared memory and reads it, which takes a page of memory for each page."""

# says: Permission denied
# %%
import mmap
import os

SIZE = 2**30

# %% task="total"
def total(values):
    kept = []
    for _ in range(3):
        descriptor = os.open("/dev/zero", os.O_RDONLY)
        pages = mmap.mmap(descriptor, SIZE, mmap.MAP_SHARED, mmap.PROT_READ)
        for offset in range(0, SIZE, 4096):
            pages[offset]
        kept.append(pages)
    raise RuntimeError("BROKEN OUT: 3 GiB")
