"""Maps memory that grows downwards, or makes the stack grow: neither counts as data."""

# says: all refused
# %%
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = libc.mremap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
libc.mremap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int]
# A variable of C's that lies on the stack, or close: environ is put above it.
ON_THE_STACK = ctypes.c_void_p.in_dll(libc, "__environ").value

# %% task="total"
def total(values):
    failed = ctypes.c_void_p(-1).value
    # PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN
    if libc.mmap(None, 2**30, 3, 0x122, -1, 0) != failed:
        raise RuntimeError("BROKEN OUT: memory that grows")
    for page in range(64):
        place = (ON_THE_STACK & ~0xFFF) - 4096 * page
        if libc.mremap(place, 4096, 2**30, 1) != failed:
            raise RuntimeError("BROKEN OUT: the stack")
    raise RuntimeError("all refused")
