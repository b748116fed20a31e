"""Makes a system call of the 32-bit interface, whose numbers mean other things."""

# says: SIG(SYS|SEGV|ILL)
# %%
import ctypes
import mmap

# %% task="total"
def total(values):
    # mov eax, 20 (getpid); int 0x80; ret
    code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"
    page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS,
                     prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    raise RuntimeError(f"BROKEN OUT: {ctypes.CFUNCTYPE(ctypes.c_int)(address)()}")
