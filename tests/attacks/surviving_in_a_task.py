"""Detaches its work from the process: executors, event loops, sub-interpreters."""

# says: .
# %%
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

# %% task="total"
def total(values):
    with ThreadPoolExecutor(4) as pool:
        pool.submit(print, "from a thread").result()
    with ProcessPoolExecutor(1) as pool:
        pool.submit(print, "BROKEN OUT").result()
    raise RuntimeError("BROKEN OUT")
