"""Has hundreds of cells that each would earn a note in the result."""

# says: not right
# %%
@NOTES@

# %% task="total"
def total(values):
    return 0.25
