"""Matches a regular expression that takes exponential time."""

# says: did not finish within
# %%
import re

# %% task="total"
def total(values):
    return float(bool(re.match(r"(a|a)*b", "a" * 60)))
