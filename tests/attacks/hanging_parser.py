"""Is written so that the grader takes long, or recurses, to understand what is in the notebook."""

# says: not right
# %%
this is no Python @BLANKS@= !x

# %% given
deep = lambda: 1 @DEEP@

# %% task="total"
def total(values):
    return 0.25
