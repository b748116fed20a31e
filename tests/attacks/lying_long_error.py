"""Raises an exception with a text of ten million letters, from a class with a long name."""

# says: XXXX
# %%
Long = type("X" * 1_000_000, (Exception,), {})


# %% task="total"
def total(values):
    raise Long("y" * 10_000_000)
