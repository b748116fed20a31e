"""Writes programs and libraries into scratch and runs or loads them."""

# says: all refused
# %%
import ctypes
import os

# %% task="total"
def total(values):
    def library():
        with open("/usr/lib/os-release" if os.path.exists("/nope") else ctypes.__file__, "rb"):
            pass
        with open("mine.so", "wb") as file:
            file.write(b"\x7fELF" + bytes(60))
        return ctypes.CDLL("./mine.so")

    with open("program", "w") as file:
        file.write("#!/bin/sh\ntouch /tmp/@ESCAPE@\n")
    for attempt in (
        lambda: os.chmod("program", 0o755),
        lambda: os.execv("program", ["program"]),
        lambda: os.execv("/bin/sh", ["sh", "program"]),
        lambda: os.posix_spawn("/bin/sh", ["sh", "program"], {}),
        library,
    ):
        try:
            attempt()
        except OSError:
            continue
        raise RuntimeError("BROKEN OUT")
    raise RuntimeError("all refused")
