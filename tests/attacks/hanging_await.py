"""Awaits for ever at the top level of a cell and runs a loop of its own in a call."""

# says: did not finish within
# %%
import asyncio
await asyncio.sleep(0)

# %% task="total"
def total(values):
    asyncio.run(asyncio.sleep(3600))
