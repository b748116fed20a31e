"""Gives back the caller's own array, changed."""

# says: in place
# %% task="shifted"
def shifted(values, by):
    values += by
    return values
