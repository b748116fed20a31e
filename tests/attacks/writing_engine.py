"""Plants code in the engine, in NumPy, in the interpreter's start-up files and caches."""

# says: all refused
# %%
import os
import site
import sys

import numpy
import nngrade

# %% task="total"
def total(values):
    folders = [
        os.path.dirname(numpy.__file__), os.path.dirname(nngrade.__file__), sys.prefix,
        *site.getsitepackages(), os.path.dirname(os.__file__), *filter(None, sys.path),
    ]
    for folder in folders:
        for name in ("@ESCAPE@.pth", "sitecustomize.py", "__init__.py", "__pycache__/x.pyc"):
            path = os.path.join(folder, name)
            for flags in (os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_APPEND, os.O_RDWR):
                try:
                    os.open(path, flags)
                except OSError:
                    continue
                raise RuntimeError(f"BROKEN OUT: {path}")
    raise RuntimeError("all refused")
