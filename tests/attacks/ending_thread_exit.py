"""Ends the main thread alone; the process lives on in another one."""

# says: did not finish within|ended
# %%
import ctypes
import threading
import time

# %% task="total"
def total(values):
    threading.Thread(target=time.sleep, args=(3600,)).start()
    ctypes.CDLL(None).syscall(93 if __import__("os").uname().machine == "aarch64" else 60, 0)
