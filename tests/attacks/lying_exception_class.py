"""Raises an exception that claims to be a SyntaxError without having its parts."""


# says: .
# %%
class Strange(Exception):
    @property
    def __class__(self):
        return SyntaxError

    @property
    def __traceback__(self):
        raise MemoryError


# %% task="total"
def total(values):
    raise Strange
