"""Is a fork bomb, by every call that makes a process."""

# says: all refused
# %%
import ctypes
import os
import pty
import subprocess
import multiprocessing

# %% task="total"
def total(values):
    libc = ctypes.CDLL(None, use_errno=True)

    def raw(number, *arguments):
        pid = libc.syscall(number, *arguments)
        if pid == -1:
            raise OSError(ctypes.get_errno(), "refused")
        if pid == 0:
            os._exit(0)

    arm = os.uname().machine == "aarch64"
    attempts = [
        os.fork, os.forkpty, pty.fork,
        lambda: subprocess.Popen(["/bin/true"]),
        lambda: os.posix_spawn("/bin/true", ["true"], {}),
        lambda: multiprocessing.get_context("fork").Process(target=print).start(),
        lambda: multiprocessing.get_context("spawn").Process(target=print).start(),
        lambda: raw(220 if arm else 56, 17, 0, 0, 0, 0),
        lambda: raw(435, ctypes.byref((ctypes.c_uint64 * 8)(0, 0, 0, 0, 17)), 64),
        lambda: raw(220 if arm else 56, 0x10000000 | 17, 0, 0, 0, 0),
    ]
    if not arm:
        attempts += [lambda: raw(57), lambda: raw(58)]
    for attempt in attempts:
        try:
            attempt()
        except OSError:
            continue
        raise RuntimeError("BROKEN OUT")
    if os.system("true") == 0:
        raise RuntimeError("BROKEN OUT: system")
    raise RuntimeError("all refused")
