"""Returns a whole number of a million bits."""


# says: a whole number of more than 64 bits
# %% task="total"
def total(values):
    return 1 << 1_000_000
