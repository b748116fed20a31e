"""Sends signals to the grader, to the zygote, to its group and to everybody."""

# says: all refused
# %%
import ctypes
import os
import signal

# %% task="total"
def total(values):
    libc = ctypes.CDLL(None, use_errno=True)
    for target in (@GRADER@, os.getppid(), 1, 0, -1, -os.getppid(), -@GRADER@):
        for attempt in (
            lambda: os.kill(target, signal.SIGTERM),
            lambda: os.killpg(abs(target) or 1, signal.SIGKILL),
            lambda: libc.tgkill(target, target, 9) and os.kill(target, 0),
            lambda: signal.pidfd_send_signal(os.pidfd_open(abs(target)), 9),
        ):
            try:
                attempt()
            except OSError:
                continue
            raise RuntimeError("BROKEN OUT")
    raise RuntimeError("all refused")
