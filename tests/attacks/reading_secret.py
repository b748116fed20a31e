"""Reads the course's secret."""

# says: Permission denied
# %%
from pathlib import Path

# %% task="total"
def total(values):
    raise RuntimeError(Path("@COURSE@/solutions/.course-secret").read_text())
