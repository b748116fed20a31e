"""Reads keys and passwords from home folders."""

# says: all refused
# %%
import os

# %% task="total"
def total(values):
    for home in ("@SECRETS@/home", "/root", "/home", os.path.expanduser("~root")):
        for name in (".netrc", ".ssh/id_rsa", ".bash_history", ".config", ".", ".pypirc"):
            for attempt in (open, os.listdir):
                try:
                    found = attempt(os.path.join(home, name))
                except OSError:
                    continue
                raise RuntimeError(f"BROKEN OUT: {home}/{name}: {found}")
    raise RuntimeError("all refused")
