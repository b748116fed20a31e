"""Returns NaN, which no comparison with "greater than the tolerance" finds wrong."""


# says: NaN
# %% task="total"
def total(values):
    return float("nan")


# %% task="shifted"
def shifted(values, by):
    return values * float("nan")
