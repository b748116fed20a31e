"""Connects to a UNIX socket that has no place in the file system."""

# says: may not do while it is graded
# %%
import socket

# %% task="total"
def total(values):
    with socket.socket(socket.AF_UNIX) as one:
        one.connect("\0@ABSTRACT@")
    raise RuntimeError("BROKEN OUT")
