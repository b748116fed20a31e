"""Connects to a UNIX socket in the file system, such as Docker's or the database's."""

# says: Operation not permitted
# %%
import socket

# %% task="total"
def total(values):
    with socket.socket(socket.AF_UNIX) as one:
        one.connect("@SOCKET@")
    raise RuntimeError("BROKEN OUT")
