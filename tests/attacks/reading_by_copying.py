"""Has the kernel copy a secret: sendfile, splice, copy_file_range, link, rename into scratch."""

# says: all refused
# %%
import os

SECRET = "@COURSE@/solutions/.course-secret"

# %% task="total"
def total(values):
    for attempt in (
        lambda: os.link(SECRET, "linked"),
        lambda: os.symlink(SECRET, "symlinked"),
        lambda: os.rename(SECRET, "renamed"),
        lambda: os.replace(SECRET, "replaced"),
        lambda: os.sendfile(1, os.open(SECRET, os.O_PATH), 0, 99),
        lambda: os.copy_file_range(os.open(SECRET, os.O_PATH), 1, 99),
        lambda: os.splice(os.open(SECRET, os.O_PATH), 1, 99),
    ):
        try:
            found = attempt()
        except OSError:
            continue
        raise RuntimeError(f"BROKEN OUT: {found!r}")
    raise RuntimeError("all refused")
