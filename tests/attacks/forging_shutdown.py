"""Shuts the channel down for one direction, or changes its options."""

# says: all refused
# %%
import os
import socket
import stat

# %% task="total"
def total(values):
    for descriptor in range(3, 256):
        try:
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
        except OSError:
            continue
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, os.dup(descriptor))
        for attempt in (
            lambda: channel.shutdown(socket.SHUT_WR),
            lambda: channel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**30),
            lambda: channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1),
            lambda: channel.getsockopt(socket.SOL_SOCKET, 17, 12),
        ):
            try:
                attempt()
            except OSError:
                continue
            raise RuntimeError("BROKEN OUT")
    raise RuntimeError("all refused")
