"""Reports errors of its own making, with places, types and lines that do not exist."""

# says: 18446744073709551615|line
# %%
from nngrade.worker.guest import Guest

Guest._describe = lambda self, error, called="": {
    "type": "Passed\x1b[2J", "message": "\u202e" * 50, "cell": "[b]checks.py", "line": 2**64 - 1,
}

# %% task="total"
def total(values):
    raise ValueError
