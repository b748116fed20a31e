# %% [markdown]
# # Stage 1: Sums
#
# Adding things up.

# %%
import numpy as np

SCALE = 2.0


def scaled(values):
    """Multiply by the course's scale."""
    return SCALE * np.asarray(values)


# %% [markdown]
# ### Task: `total`


# %% task="total"
def total(values):
    """Sum of the entries of an array, as a float."""
    ### BEGIN SOLUTION
    return float(np.sum(values))
    ### END SOLUTION


# %% tests="total"
assert total(np.array([1.0, 2.0])) == 3, "1 + 2 is 3"
assert total(scaled([1.0])) == 2

# %% demo
total_of_demo = total(np.arange(3.0))


# %% task="shifted"
def shifted(values, by):
    """Every entry plus `by`, in a new array."""
    ### BEGIN SOLUTION
    return values + by
    ### END SOLUTION


# %% tests="shifted"
assert shifted(np.array([1.0, 2.0]), 1.0).tolist() == [2.0, 3.0]
old = np.array([1.0])
shifted(old, 1.0)
assert old == 1, "the old array stays as it was"
