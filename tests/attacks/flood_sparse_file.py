"""Makes a file that seems to have an exabyte."""

# says: too large|SIGXFSZ|File too large
# %%
import os

# %% task="total"
def total(values):
    descriptor = os.open("sparse", os.O_RDWR | os.O_CREAT)
    os.ftruncate(descriptor, 2**60)
    raise RuntimeError("BROKEN OUT")
