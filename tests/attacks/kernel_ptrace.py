"""Attaches to the grader, reads and writes its memory and takes its descriptors."""

# says: all refused
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
ARM = os.uname().machine == "aarch64"

# %% task="total"
def total(values):
    def called(number, *arguments):
        if libc.syscall(number, *arguments) == -1:
            raise OSError(ctypes.get_errno(), "refused")

    memory = ctypes.create_string_buffer(64)
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(memory), 64)
    for target in (@GRADER@, os.getppid()):
        for attempt in (
            lambda: called(117 if ARM else 101, 16, target, 0, 0),
            lambda: called(117 if ARM else 101, 0x4206, target, 0, 0),
            lambda: called(117 if ARM else 101, 0, 0, 0, 0),
            lambda: called(270 if ARM else 310, target, vector, 1, vector, 1, 0),
            lambda: called(271 if ARM else 311, target, vector, 1, vector, 1, 0),
            lambda: called(434, target, 0),
            lambda: called(438, 3, 0, 0),
            lambda: called(440, 3, vector, 1, 4, 0),
            lambda: called(272 if ARM else 312, target, os.getpid(), 0, 0, 0),
        ):
            try:
                attempt()
            except OSError:
                continue
            raise RuntimeError("BROKEN OUT")
    raise RuntimeError("all refused")
