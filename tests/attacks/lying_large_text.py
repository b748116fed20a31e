"""Returns a text full of quotes that double in JSON."""


# says: a text of 8,000,000 characters
# %% task="total"
def total(values):
    return '"' * 8_000_000
