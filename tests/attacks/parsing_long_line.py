"""Has an answer on one line of 90,000 characters."""

# says: .
# %% task="total"
def total(values): return 0 @LINE@
