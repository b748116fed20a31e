"""Has the kernel send signals for it: owners of descriptors, leases, notifications."""

# says: all refused
# %%
import fcntl
import os

# %% task="total"
def total(values):
    reading, writing = os.pipe()
    folder = os.open(".", os.O_RDONLY)
    own = os.open("own", os.O_RDWR | os.O_CREAT)
    for descriptor in (reading, folder, own, 1):
        for command, argument in (
            (8, @GRADER@), (8, -@GRADER@), (15, bytes(8)), (10, 9), (1024, 1), (1026, 0x80000000),
            (1031, 2**20), (1033, 15),
        ):
            try:
                fcntl.fcntl(descriptor, command, argument)
            except OSError:
                continue
            raise RuntimeError(f"BROKEN OUT: {command}")
        for request in (0x8901, 0x5452, 0x8902, 0x541E, 0x5421 + 0x10000):
            try:
                fcntl.ioctl(descriptor, request, b"\1\0\0\0")
            except OSError:
                continue
            raise RuntimeError(f"BROKEN OUT: {request:x}")
    raise RuntimeError("all refused")
