"""Burns processor time with the warning signal ignored, from several threads."""

# says: did not finish within|processor time
# %%
import signal
import threading

signal.signal(signal.SIGXCPU, signal.SIG_IGN)

# %% task="total"
def total(values):
    def burn():
        while True:
            pass

    for _ in range(8):
        threading.Thread(target=burn, daemon=True).start()
    burn()
