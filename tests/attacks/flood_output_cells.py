"""Prints a hundred megabytes at the top, and answers rightly below."""

# earns: 6
# %%
for _ in range(2000):
    print("x" * 50_000)

# %% task="total"
def total(values):
    return float(sum(values))

# %% task="shifted"
def shifted(values, by):
    return values + by
