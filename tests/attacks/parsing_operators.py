"""Writes 90,000 operators in a row, within every limit on brackets."""

# says: .
# %%
long = @MINUSES@1

# %% task="total"
def total(values):
    return @MINUSES@1
