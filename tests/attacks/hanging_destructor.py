"""Returns at once, but hangs when what it made is destroyed."""

# says: did not finish within|1 \+ 2
# %%
class Clinging:
    def __del__(self):
        while True:
            pass

# %% task="total"
def total(values):
    keep = Clinging()
    return 0.0
