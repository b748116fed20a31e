"""Returns a dict whose keys are strings that differ only here."""


# says: a dict of length
# %%
class Key(str):
    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        return self is other


# %% task="total"
def total(values):
    return {Key("value"): n for n in range(1000)}
