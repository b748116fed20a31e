"""Leaves files whose names are no text, look like options or are as long as a name can be."""

# %%
import os

# %% task="total"
def total(values):
    for name in (b"\xff\xfe", b"-rf", b"\n", b"\x1b[2J", b"x" * 255, b"...", b" ", b"*", b"$(id)"):
        os.close(os.open(name, os.O_CREAT | os.O_WRONLY, 0))
        os.mkdir(b"d" + name[:200], 0)
    return 0.0
