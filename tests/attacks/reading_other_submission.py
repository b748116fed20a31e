"""Copies another student's answer."""

# says: Permission denied
# %% task="total"
def total(values):
    raise RuntimeError(open("@SECRETS@/submitted/bob/stage01_sums/stage01_sums.ipynb").read())
