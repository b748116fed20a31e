"""Follows the links in /proc to where the grader works and what it has open."""

# says: all refused
# %%
import os

# %% task="total"
def total(values):
    for process in ("@GRADER@", os.getppid()):
        for name in ("cwd", "exe", "root", *(f"fd/{n}" for n in range(32))):
            try:
                target = os.readlink(f"/proc/{process}/{name}")
            except OSError:
                continue
            raise RuntimeError(f"BROKEN OUT: {target}")
    raise RuntimeError("all refused")
