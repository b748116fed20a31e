"""Connects to a server on this machine and to one outside, by IPv4 and IPv6."""

# says: all refused
# %%
import socket

# %% task="total"
def total(values):
    for family, address in (
        (socket.AF_INET, ("127.0.0.1", @PORT@)),
        (socket.AF_INET, ("1.1.1.1", 80)),
        (socket.AF_INET6, ("::1", @PORT@)),
    ):
        try:
            with socket.socket(family) as one:
                one.settimeout(0.2)
                one.connect(address)
                one.sendall(b"values")
        except OSError:
            continue
        raise RuntimeError("BROKEN OUT")
    raise RuntimeError("all refused")
