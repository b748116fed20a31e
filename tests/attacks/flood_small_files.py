"""Makes as many empty files and folders as it can."""

# says: MiB of files|No space|did not finish
# %%
import os

# %% task="total"
def total(values):
    for number in range(10**9):
        os.mkdir(f"folder{number}")
        os.close(os.open(f"file{number}", os.O_CREAT | os.O_WRONLY))
