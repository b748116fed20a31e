"""Overwrites gradebook, checks, results and another student's work, with every way to open."""

# says: all refused
# %%
import os
from pathlib import Path

# %% task="total"
def total(values):
    for path in (
        "@SECRETS@/gradebook.db",
        "@SECRETS@/results.json",
        "@SECRETS@/submitted/bob/stage01_sums/stage01_sums.ipynb",
        "@COURSE@/solutions/stage01_sums/checks.py",
        "@COURSE@/solutions/.course-secret",
    ):
        for attempt in (
            lambda path: open(path, "w"),
            lambda path: open(path, "a"),
            lambda path: open(path, "r+b"),
            lambda path: os.open(path, os.O_WRONLY | os.O_APPEND),
            lambda path: os.truncate(path, 0),
            lambda path: os.unlink(path),
            lambda path: os.rename(path, path + ".old"),
            lambda path: os.rename("mine", path),
        ):
            try:
                Path("mine").write_text("full marks")
                attempt(path)
            except OSError:
                continue
            raise RuntimeError(f"BROKEN OUT: {path}")
    raise RuntimeError("all refused")
