"""Asks for a password on the terminal, and types into it."""

# says: all refused
# %%
import fcntl
import getpass
import os

# %% task="total"
def total(values):
    for attempt in (
        lambda: open("/dev/tty"),
        lambda: open("/dev/pts/0"),
        lambda: open("/dev/console", "w"),
        lambda: os.open("/dev/ptmx", os.O_RDWR),
        lambda: fcntl.ioctl(0, 0x5412, b"x"),
        lambda: fcntl.ioctl(1, 0x541C, b"\x03"),
        lambda: getpass.getpass(),
        lambda: input("password: "),
    ):
        try:
            found = attempt()
        except (OSError, EOFError, RuntimeError):
            continue
        raise RuntimeError(f"BROKEN OUT: {found!r}")
    raise RuntimeError("all refused")
