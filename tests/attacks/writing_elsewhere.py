"""Leaves files in every folder that programs usually may write."""

# says: all refused
# %%
import os

# %% task="total"
def total(values):
    for folder in (
        "/tmp", "/var/tmp", "/dev/shm", "/run/lock", "@SECRETS@", "@SECRETS@/home", "@COURSE@",
        "@COURSE@/solutions", "@SECRETS@/submitted/bob", "..", "/root", "/", "/etc",
    ):
        path = os.path.join(folder, "@ESCAPE@")
        for attempt in (
            lambda path: open(path, "x"),
            lambda path: os.mkdir(path),
            lambda path: os.open(os.path.dirname(path), os.O_TMPFILE | os.O_WRONLY),
            lambda path: os.mkfifo(path),
            lambda path: os.mknod(path),
        ):
            try:
                attempt(path)
            except OSError:
                continue
            raise RuntimeError(f"BROKEN OUT: {path}")
    raise RuntimeError("all refused")
