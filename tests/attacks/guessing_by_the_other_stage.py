"""Answers with the other stage's work: its given cell, its functions, its tasks' names."""

# says: .
# %% task="total"
import numpy as np

def slope(f, x):
    h = 1e-5
    return (f(x + h) - f(x - h)) / (2 * h)

# %% task="shifted"
def batches(values, size, rng):
    order = rng.permutation(len(values))
    for start in range(0, len(values), size):
        yield values[order[start : start + size]]
