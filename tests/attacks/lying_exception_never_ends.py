"""Raises an exception whose every text and attribute never ends."""

# says: did not finish within|processor time
# %%
class Endless(Exception):
    def __str__(self):
        return "".join(iter(lambda: "x", None))

    def __repr__(self):
        while True:
            pass

    @property
    def args(self):
        while True:
            pass

    @property
    def __notes__(self):
        return self.args

# %% task="total"
def total(values):
    raise Endless
