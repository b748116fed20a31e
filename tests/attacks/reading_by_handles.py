"""Opens files by handle, by path descriptor, by openat2 and through /proc/self/fd."""

# says: all refused
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
ARM = os.uname().machine == "aarch64"
SECRET = b"@COURSE@/solutions/.course-secret"

# %% task="total"
def total(values):
    def called(number, *arguments):
        if libc.syscall(number, *arguments) == -1:
            raise OSError(ctypes.get_errno(), "refused")

    def through_path():
        descriptor = os.open(SECRET, os.O_PATH)
        return os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY)

    handle = ctypes.create_string_buffer(b"\x80\0\0\0" + bytes(140))
    for attempt in (
        lambda: called(264 if ARM else 303, -100, SECRET, handle, ctypes.byref(ctypes.c_int()), 0),
        lambda: called(265 if ARM else 304, -100, handle, 0),
        lambda: called(437, -100, SECRET, ctypes.byref((ctypes.c_uint64 * 3)()), 24),
        lambda: os.read(os.open(SECRET, os.O_PATH), 99),
        lambda: os.chdir("@COURSE@/solutions") or open(".course-secret").read(),
        through_path,
    ):
        try:
            found = attempt()
        except OSError:
            continue
        raise RuntimeError(f"BROKEN OUT: {found!r}")
    raise RuntimeError("all refused")
