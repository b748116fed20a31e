"""Enters namespaces of its own, mounts, changes its root and its host's name."""

# says: all refused
# %%
import ctypes
import os
import socket

libc = ctypes.CDLL(None, use_errno=True)

# %% task="total"
def total(values):
    def called(function, *arguments):
        if function(*arguments) == -1:
            raise OSError(ctypes.get_errno(), "refused")

    for attempt in (
        *(lambda flag=flag: called(libc.unshare, flag) for flag in (
            0x10000000, 0x00020000, 0x20000000, 0x40000000, 0x08000000, 0x04000000, 0x400, 0x200,
        )),
        lambda: called(libc.setns, 0, 0),
        lambda: called(libc.mount, b"none", b".", b"tmpfs", 0, None),
        lambda: called(libc.mount, b"/", b".", None, 4096, None),
        lambda: called(libc.umount2, b"/tmp", 2),
        lambda: called(libc.syscall, 428, -100, b"/", 1),
        lambda: called(libc.syscall, 430, b"tmpfs", 0),
        lambda: os.chroot("."),
        lambda: socket.sethostname("mine"),
    ):
        try:
            attempt()
        except OSError:
            continue
        raise RuntimeError("BROKEN OUT")
    raise RuntimeError("all refused")
