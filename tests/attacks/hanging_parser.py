"""Is written so that parsing, un-parsing and searching the cell takes long: on the grader's side."""

# %%
deep = lambda: 1 @DEEP@

# %%
this is no Python @BLANKS@= !x

# %% task="total"
def total(values):
    return 0.0
