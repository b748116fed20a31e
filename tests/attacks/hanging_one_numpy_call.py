"""Makes one single call of NumPy that takes years in C."""

# says: did not finish within|processor time
# %% task="total"
def total(values):
    cubic = np.lib.stride_tricks.as_strided(np.ones(1), (10**6, 10**6, 10**3), (0, 0, 0))
    return float(np.add.reduce(cubic, axis=None))
