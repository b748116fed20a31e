"""Loops for ever in a function that NumPy and sorting call back."""

# says: did not finish within|processor time
# %% task="total"
def total(values):
    def endless(value):
        while True:
            pass

    return float(np.sum(np.vectorize(endless)(sorted([1.0, 2.0], key=endless))))
