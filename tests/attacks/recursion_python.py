"""Recurses without end, with the limit lifted."""

# says: RecursionError|SIGSEGV|Memory|did not finish
# %%
import sys

sys.setrecursionlimit(10**9)

# %% task="total"
def total(values):
    return total(values)
