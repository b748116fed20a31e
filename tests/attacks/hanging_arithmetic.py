"""Computes a power that takes longer than the universe has."""

# says: did not finish within|Memory
# %% task="total"
def total(values):
    return (10**10**8) ** (10**5) % 7
