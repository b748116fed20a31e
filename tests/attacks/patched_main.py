"""Overwrites __main__ and the modules of the worker with ones of its own."""

# %%
import sys
import types

for name in [one for one in sys.modules if one.startswith("nngrade") or one == "__main__"]:
    module = types.ModuleType(name)
    module.total = lambda values: 3.0
    sys.modules[name] = module


# %% task="total"
def total(values):
    return 0.0
