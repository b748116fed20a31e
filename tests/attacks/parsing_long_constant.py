"""Has constants of 5,000 digits, which Python reads, but does not write."""

# says: .
# %%
constant = 0x@DIGITS@
constant = @DIGITS@

# %% task="total"
def total(values):
    return 0x@DIGITS@

# %% task="shifted"
def shifted(values, by):
    return @DIGITS@
