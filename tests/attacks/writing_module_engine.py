"""Writes a module of the engine's name, and imports it in its place."""


# earns: 0
# %%
%%writefile nngrade.py
class Failure(Exception):
    pass
# %%
%%writefile sitecustomize.py
raise SystemExit("BROKEN OUT")
# %% task="total"
import sys
for name in [name for name in sys.modules if name.split(".")[0] == "nngrade"]:
    del sys.modules[name]
import nngrade
def total(values):
    return 0.0
