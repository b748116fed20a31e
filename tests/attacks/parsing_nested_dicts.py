"""Nests a display of dicts of 90 kB, which makes a tree deeper than the stack."""

# says: .
# %%
nested = @DICTS@

# %% task="total"
def total(values):
    return @DICTS@
