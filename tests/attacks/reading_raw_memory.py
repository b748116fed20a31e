"""Searches the raw memory of the process, inherited by the fork, for the markers of secrets."""

# says: not right
# %%
import ctypes
import gc

libc = ctypes.CDLL(None)
libc.memmem.restype = ctypes.c_void_p
libc.memmem.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
resident = ctypes.create_string_buffer(1)

# %% task="total"
def total(values):
    # Without its first letter, so that this is not what is found.
    needle, found = b"ARKER-planted-secret", []
    for page in {id(one) >> 12 for one in gc.get_objects()}:
        place, end = page << 12, (page + 1) << 12
        if libc.mincore(ctypes.c_void_p(place), 4096, resident):
            continue
        while place := libc.memmem(place, end - place, needle, len(needle)):
            found.append(ctypes.string_at(place - 1, 40).decode("latin-1"))
            place += 1
    if any(one.startswith("M") for one in found):
        raise RuntimeError(f"BROKEN OUT: {found}")
    return 0.25
