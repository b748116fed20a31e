"""Has thousands of assignments of magics, for each of which IPython reads the whole cell."""


# earns: 3
# %% task="total"
@ASSIGNED@
def total(values):
    return float(values.sum())
