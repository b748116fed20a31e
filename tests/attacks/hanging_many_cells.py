"""Has one hanging cell after the other, each of which costs a time limit and a process."""

# says: crashed or hung too often|time for this submission
# %%
while True: pass

# %%
while True: "2"

# %%
while True: "3"

# %%
while True: "4"

# %%
while True: "5"

# %%
while True: "6"

# %%
while True: "7"

# %%
while True: "8"

# %% task="total"
def total(values):
    return float(sum(values))
