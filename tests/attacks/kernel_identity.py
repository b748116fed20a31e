"""Becomes somebody else: user and group ids, capabilities, privileged bits of processes."""

# says: all refused
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)

# %% task="total"
def total(values):
    def called(function, *arguments):
        if function(*arguments) == -1:
            raise OSError(ctypes.get_errno(), "refused")

    for attempt in (
        lambda: os.setuid(0),
        lambda: os.setgid(0),
        lambda: os.setresuid(0, 0, 0),
        lambda: os.setreuid(0, 0),
        lambda: os.setgroups([0]),
        lambda: os.setsid(),
        lambda: called(libc.prctl, 4, 1, 0, 0, 0),
        lambda: called(libc.prctl, 1, 0, 0, 0, 0),
        lambda: called(libc.prctl, 36, 1, 0, 0, 0),
        lambda: called(libc.prctl, 38, 0, 0, 0, 0),
        lambda: called(libc.prctl, 22, 1, 0, 0, 0),
        lambda: called(libc.prctl, 0x59616D61, -1, 0, 0, 0),
        lambda: called(libc.prctl, 59, 1, 0, 0, 0),
        lambda: called(libc.capset, bytes(8), bytes(24)),
        lambda: called(libc.personality, 0x0040000),
    ):
        try:
            attempt()
        except OSError:
            continue
        raise RuntimeError("BROKEN OUT")
    raise RuntimeError("all refused")
