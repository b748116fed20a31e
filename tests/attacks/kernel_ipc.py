"""Talks to other processes by shared memory, semaphores and queues of the kernel."""

# says: all refused
# %%
import ctypes
import os
from multiprocessing import shared_memory

libc = ctypes.CDLL(None, use_errno=True)
ARM = os.uname().machine == "aarch64"

# %% task="total"
def total(values):
    def called(number, *arguments):
        if libc.syscall(number, *arguments) == -1:
            raise OSError(ctypes.get_errno(), "refused")

    for attempt in (
        lambda: called(194 if ARM else 29, 0x6E6E, 4096, 0o1666),
        lambda: called(190 if ARM else 64, 0x6E6E, 1, 0o1666),
        lambda: called(186 if ARM else 68, 0x6E6E, 0o1666),
        lambda: called(180 if ARM else 240, b"escape", 0o102, 0o666, None),
        lambda: shared_memory.SharedMemory("@ESCAPE@", create=True, size=4096),
        lambda: os.memfd_create("escape"),
        lambda: os.eventfd(0) and os.open("/dev/shm/@ESCAPE@", os.O_CREAT | os.O_RDWR),
    ):
        try:
            attempt()
        except OSError:
            continue
        raise RuntimeError("BROKEN OUT")
    raise RuntimeError("all refused")
