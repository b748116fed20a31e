"""Reads and lowers the grader's limits."""

# says: all refused
# %%
import os
import resource

# %% task="total"
def total(values):
    for process in (@GRADER@, os.getppid(), 1):
        for attempt in (
            lambda: resource.prlimit(process, resource.RLIMIT_NOFILE),
            lambda: resource.prlimit(process, resource.RLIMIT_CPU, (1, 1)),
            lambda: os.setpriority(os.PRIO_PROCESS, process, 19),
            lambda: os.sched_setaffinity(process, {0}),
            lambda: os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0)),
            lambda: os.setpgid(process, 0),
        ):
            try:
                attempt()
            except OSError:
                continue
            raise RuntimeError("BROKEN OUT")
    raise RuntimeError("all refused")
