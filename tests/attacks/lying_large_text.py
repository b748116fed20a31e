"""Returns a text that is just small enough to be sent, full of quotes that double in JSON."""


# says: a str of length
# %% task="total"
def total(values):
    return '"' * 8_000_000
