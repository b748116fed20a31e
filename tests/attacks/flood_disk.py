"""Fills the disk with one file."""

# says: SIGXFSZ|too large|MiB of files|No space
# %% task="total"
def total(values):
    with open("big", "wb") as file:
        while True:
            file.write(bytes(2**20))
