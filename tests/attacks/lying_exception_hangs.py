"""Raises an exception whose text takes for ever."""


# says: did not finish within
# %%
class Slow(Exception):
    def __str__(self):
        while True:
            pass


# %% task="total"
def total(values):
    raise Slow
