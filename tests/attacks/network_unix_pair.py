"""Uses the pair of sockets that it may have to reach a named one."""

# says: all refused
# %%
import socket

# %% task="total"
def total(values):
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
        for attempt in (
            lambda one: one.connect("@SOCKET@"),
            lambda one: one.bind("@ESCAPE@"),
            lambda one: one.bind(""),
            lambda one: one.sendto(b"x", "\0@ABSTRACT@"),
            lambda one: one.sendto(b"x", "@SOCKET@"),
            lambda one: one.sendmsg([b"x"], [], 0, "@SOCKET@"),
            lambda one: one.listen(),
        ):
            one, other = socket.socketpair(socket.AF_UNIX, kind)
            try:
                attempt(one)
            except OSError:
                continue
            raise RuntimeError("BROKEN OUT")
    raise RuntimeError("all refused")
