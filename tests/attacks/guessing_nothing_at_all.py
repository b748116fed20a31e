"""Does nothing, returns nothing, and prints that it is right."""

# says: did you forget to return it
# %% task="total"
def total(values):
    print("6/6 points, all checks passed")

# %% task="shifted"
def shifted(values, by):
    pass
