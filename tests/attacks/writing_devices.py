"""Makes pipes, sockets and devices in scratch."""

# says: all refused
# %%
import os
import stat

# %% task="total"
def total(values):
    for attempt in (
        lambda: os.mkfifo("pipe"),
        lambda: os.mknod("device", stat.S_IFCHR | 0o666, os.makedev(1, 1)),
        lambda: os.mknod("disk", stat.S_IFBLK | 0o666, os.makedev(8, 0)),
        lambda: os.mknod("socket", stat.S_IFSOCK | 0o666),
    ):
        try:
            attempt()
        except OSError:
            continue
        raise RuntimeError("BROKEN OUT")
    raise RuntimeError("all refused")
