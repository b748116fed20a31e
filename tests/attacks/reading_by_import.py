"""Puts the solutions on sys.path and imports checks, lesson and the engine's reference loader."""

# says: all refused
# %%
import importlib
import sys

sys.path[:0] = ["@COURSE@/solutions/stage01_sums", "@COURSE@/solutions", "@COURSE@"]

# %% task="total"
def total(values):
    for name in ("checks", "lesson", "misconceptions", "stage01_sums.checks", "solutions"):
        try:
            module = importlib.import_module(name)
        except (ImportError, OSError):
            continue
        raise RuntimeError(f"BROKEN OUT: {vars(module)}")
    raise RuntimeError("all refused")
