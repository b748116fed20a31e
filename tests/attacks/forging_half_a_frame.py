"""Announces a frame of half a gigabyte and never sends it."""

# says: did not finish within
# %%
import os
import stat
import struct
import time

# %% task="total"
def total(values):
    for descriptor in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.write(descriptor, struct.pack(">4sIQ", b"nng1", 2, 2**28) + b"{}")
        except OSError:
            continue
    time.sleep(3600)
