"""Has lone surrogates after a cell magic, in a text and in a name: no encoding can hold them."""

# says: .
# %%
%%writefile @SURROGATE@
@SURROGATE@

# %%
text = "@SURROGATE@"

# %% task="total"
def total(values):
    return "@SURROGATE@"

# %% task="shifted"
%%time @SURROGATE@
def shifted(values, by):
    raise ValueError("@SURROGATE@")
