"""Raises an exception whose text cannot be made."""


# says: Strange
# %%
class Strange(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


# %% task="total"
def total(values):
    raise Strange
