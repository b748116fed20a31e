"""Has 5,000 magics, which would each be transformed, around the answer."""

# says: .
# %%
@MAGICS@

# %% task="total"
def total(values):
    return 0.0
@MAGICS@
