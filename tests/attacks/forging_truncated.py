"""Announces a frame, sends half of it and leaves."""

# says: exit code 0
# %%
import os
import stat
import struct

# %% task="total"
def total(values):
    for descriptor in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.write(descriptor, struct.pack(">4sIQ", b"nng1", 1000, 0) + b'{"op": "ret')
        except OSError:
            continue
    os._exit(0)
