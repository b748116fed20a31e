"""Changes modes, owners, times and attributes of the course's files."""

# says: all refused
# %%
import os

# %% task="total"
def total(values):
    for path in ("@SECRETS@/gradebook.db", "@COURSE@/solutions/.course-secret", "@SECRETS@"):
        for attempt in (
            lambda path: os.chmod(path, 0o777),
            lambda path: os.chown(path, os.getuid(), os.getgid()),
            lambda path: os.lchown(path, os.getuid(), os.getgid()),
            lambda path: os.utime(path, (0, 0)),
            lambda path: os.utime(path),
            lambda path: os.setxattr(path, "user.grade", b"6"),
            lambda path: os.getxattr(path, "user.grade"),
            lambda path: os.listxattr(path),
        ):
            try:
                attempt(path)
            except OSError:
                continue
            raise RuntimeError(f"BROKEN OUT: {path}")
    raise RuntimeError("all refused")
