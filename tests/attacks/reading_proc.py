"""Reads memory, maps, command lines and open files of the grader through /proc."""

# says: all refused
# %%
import os

# %% task="total"
def total(values):
    for process in ("@GRADER@", os.getppid(), "self", "thread-self", 1):
        for name in ("mem", "maps", "cmdline", "environ", "status", "fd", "root/", "task", "net/tcp"):
            path = f"/proc/{process}/{name}"
            for attempt in (open, os.listdir):
                try:
                    attempt(path)
                except OSError:
                    continue
                raise RuntimeError(f"BROKEN OUT: {path}")
    raise RuntimeError("all refused")
