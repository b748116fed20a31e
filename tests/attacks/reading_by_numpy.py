"""Reads a secret with NumPy's and the standard library's many ways to open a file."""

# says: all refused
# %%
import fileinput
import io
import linecache
import mmap
import os
import shutil
import zipfile

import numpy as np

SECRET = "@COURSE@/solutions/.course-secret"

# %% task="total"
def total(values):
    def mapped():
        with open(SECRET, "rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)[:]

    for attempt in (
        lambda: np.fromfile(SECRET, "u1"),
        lambda: np.memmap(SECRET, "u1", "r"),
        lambda: np.genfromtxt(SECRET, dtype=str),
        lambda: np.load(SECRET, allow_pickle=True),
        lambda: "".join(linecache.getlines(SECRET)) or 1 / 0,
        lambda: list(fileinput.input(SECRET)),
        lambda: io.open_code(SECRET).read(),
        lambda: shutil.copyfile(SECRET, "copy"),
        lambda: zipfile.ZipFile("copy.zip", "w").write(SECRET),
        lambda: os.read(os.open(SECRET, os.O_RDONLY | os.O_NONBLOCK), 99),
        mapped,
    ):
        try:
            found = attempt()
        except (OSError, ZeroDivisionError):
            continue
        raise RuntimeError(f"BROKEN OUT: {found!r}")
    raise RuntimeError("all refused")
