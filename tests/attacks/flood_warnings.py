"""Warns, logs and displays without end."""

# says: not right
# %%
import logging
import warnings

for number in range(20_000):
    warnings.warn(f"warning {number}", stacklevel=1)
    logging.warning("line %s", number)
    display(number)

# %% task="total"
def total(values):
    return 0.25
