"""Lists folders in which submissions, courses and other workers' files may lie."""

# says: all refused
# %%
import os
import tempfile

# %% task="total"
def total(values):
    places = ["/", "/tmp", "/var/tmp", "/dev/shm", "/etc", "/run", "@SECRETS@", "@COURSE@", ".."]
    places.append(os.path.dirname(tempfile.gettempdir()))
    for place in places:
        for attempt in (os.listdir, os.scandir):
            try:
                found = attempt(place)
            except OSError:
                continue
            raise RuntimeError(f"BROKEN OUT: {place}: {found}")
    raise RuntimeError("all refused")
