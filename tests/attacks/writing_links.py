"""Makes symbolic and hard links in scratch, for whoever reads or deletes scratch to follow."""

# says: all refused
# %%
import os

# %% task="total"
def total(values):
    for target in ("@SECRETS@", "@SECRETS@/gradebook.db", "/", "..", "itself"):
        for number, attempt in enumerate(
            (os.symlink, os.link, lambda a, b: os.link(a, b, follow_symlinks=False))
        ):
            try:
                attempt(target, f"link{number}")
            except OSError:
                continue
            raise RuntimeError(f"BROKEN OUT: {target}")
    raise RuntimeError("all refused")
