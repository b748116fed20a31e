"""Stops itself by the terminal's signals, with all of them blocked or ignored but for that."""

# says: did not finish within
# %%
import os
import signal

# %% task="total"
def total(values):
    for number in (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    while True:
        signal.pause()
