"""Writes a module of itself again and again, in one cell that appends."""


# earns: 0
# %%
%%writefile -a more.py
import os
for n in range(10_000):
    open("more.py", "a").write("x = 1\n" * 10_000)
# %% task="total"
import more
def total(values):
    return 0.0
