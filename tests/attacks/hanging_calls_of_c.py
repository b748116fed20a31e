"""Calls NumPy in C for a product that takes hours, with the signals of time-outs blocked."""

# says: did not finish within|Memory|processor time
# %%
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))

# %% task="total"
def total(values):
    matrix = np.ones((3000, 3000))
    for _ in range(10**6):
        matrix = np.linalg.matrix_power(matrix, 10**9)
    return float(matrix[0, 0])
