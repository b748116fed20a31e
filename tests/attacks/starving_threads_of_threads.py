"""Starts threads that start threads, in a cell, and spins in NumPy, which lets the lock go."""

# says: .*thread|did not finish within|processor time|Memory|ended the Python process
# %%
import threading

threading.stack_size(2**20)


def breed():
    for _ in range(4):
        try:
            threading.Thread(target=breed, daemon=True).start()
        except RuntimeError:
            break
    matrix = np.ones((300, 300))
    while True:
        matrix = matrix @ matrix / 300


# %% task="total"
def total(values):
    breed()
