"""Puts something else in the place of what undoes settings before a call."""


# earns: 0
# %%
import warnings, sys
def broken(*args, **kwargs):
    raise SystemExit("BROKEN OUT")
np.errstate = warnings.catch_warnings = warnings._filters_mutated = broken
sys.setrecursionlimit = broken
# %% task="total"
def total(values):
    return 0.0
