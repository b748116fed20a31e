"""Crashes in every call, to wear out the zygote and the grader."""

# says: crashed or hung too often|exit code
# %%
import os

counter = 0

# %%
os.write(1, b"started again")

# %% task="total"
def total(values):
    os._exit(len(values))

# %% task="shifted"
def shifted(values, by):
    os._exit(3)
