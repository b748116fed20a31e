"""Writes to the channel from a thread while the main thread computes."""

# says: broke the protocol
# %%
import os
import stat
import threading
import time

# %% task="total"
def total(values):
    def write():
        for descriptor in range(3, 256):
            try:
                if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                    while True:
                        os.write(descriptor, b'{"op": "return", "value": 3.0}')
            except OSError:
                continue

    threading.Thread(target=write, daemon=True).start()
    time.sleep(0.05)
    return 0.0
