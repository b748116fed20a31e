"""Sends file descriptors and credentials through the channel."""

# says: all refused
# %%
import array
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
        for kind, data in (
            (socket.SCM_RIGHTS, array.array("i", [0, 1, 2])),
            (socket.SCM_CREDENTIALS, array.array("i", [1, 0, 0])),
        ):
            try:
                channel.sendmsg([b"x"], [(socket.SOL_SOCKET, kind, data)])
            except OSError:
                continue
            raise RuntimeError("BROKEN OUT")
    raise RuntimeError("all refused")
