"""Has thousands of cell magics, one below the other."""


# earns: 0
# %% task="total"
@TIMES@
def total(values):
    return 0.0
