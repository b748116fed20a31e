"""Sends a frame with millions of objects in it, which takes long and much memory to read."""

# says: more than 200000 entries|broke the protocol|must be|should be
# %%
import os
import stat
import struct

# %% task="total"
def total(values):
    text = b'{"op":"return","calls":[[null,[' + b"{}," * 5_000_000 + b"0]]]}"
    for descriptor in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                data = memoryview(struct.pack(">4sIQ", b"nng1", len(text), 0) + text)
                while data:
                    data = data[os.write(descriptor, data) :]
        except OSError:
            continue
    return 0.0
