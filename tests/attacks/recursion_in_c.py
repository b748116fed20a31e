"""Overflows the C stack through repr, pickle and comparison of deeply nested things."""

# says: SIGSEGV|RecursionError|Memory|did not finish
# %%
import sys

sys.setrecursionlimit(10**9)

# %% task="total"
def total(values):
    nested = ()
    for _ in range(10**6):
        nested = (nested,)
    return len(repr(nested))
