"""Lifts its own limits before it takes memory, files and time."""

# says: all refused
# %%
import resource

# %% task="total"
def total(values):
    for name in ("RLIMIT_DATA", "RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE"):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        for wanted in ((-1, -1), (hard, hard), (hard + 1, hard + 1)):
            for attempt in (
                lambda: resource.setrlimit(kind, wanted),
                lambda: resource.prlimit(0, kind, wanted),
            ):
                try:
                    attempt()
                except (OSError, ValueError):
                    continue
                raise RuntimeError(f"BROKEN OUT: {name}")
    raise RuntimeError("all refused")
