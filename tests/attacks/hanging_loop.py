"""Loops for ever in Python."""

# says: did not finish within
# %% task="total"
def total(values):
    while True:
        pass
