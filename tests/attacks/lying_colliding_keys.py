"""Returns a dict whose integer keys all collide, which would take for ever to build again."""


# says: a dict with a key of type int
# %% task="total"
def total(values):
    return {k * (2**61 - 1): 0 for k in range(1000)}
