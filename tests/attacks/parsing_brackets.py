"""Opens 100,000 brackets in a cell and in an answer."""

# says: .
# %%
@BRACKETS@

# %% task="total"
def total(values):
    return @BRACKETS@
