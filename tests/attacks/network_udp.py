"""Sends the inputs away in datagrams."""

# says: Operation not permitted
# %%
import socket

# %% task="total"
def total(values):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"MARKER", ("127.0.0.1", @PORT@))
    raise RuntimeError("BROKEN OUT")
