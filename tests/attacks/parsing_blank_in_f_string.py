"""Has f-strings with a no-break space in their braces, which ast cannot write again."""

# says: .
# %%
def helper(value):
    return f"{value!r:\N{NO-BREAK SPACE}>9}{value@NBSP@}{ {1:'@NBSP@'}[1] }"

# %% task="total"
def total(values):
    return f"{ {1:'@NBSP@'}[1] }{values!r:@NBSP@>9}"

# %% task="shifted"
def shifted(values, by):
    return f"{values@NBSP@}"
