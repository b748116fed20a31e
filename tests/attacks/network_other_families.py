"""Opens sockets of the families that few remember: netlink, packet, vsock, Bluetooth, crypto."""

# says: all refused
# %%
import socket

# %% task="total"
def total(values):
    for family in range(1, 46):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            try:
                socket.socket(family, kind)
            except OSError:
                continue
            raise RuntimeError(f"BROKEN OUT: family {family}")
    raise RuntimeError("all refused")
