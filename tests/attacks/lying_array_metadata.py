"""Returns an ndarray subclass that lies about its dtype, size and buffer while it is sent."""

# %%
import numpy as np


class Liar(np.ndarray):
    nbytes = 8
    size = 1
    ndim = 1
    itemsize = 1

    @property
    def dtype(self):
        return np.dtype("f8")

    def __array__(self, *args, **kwargs):
        return np.zeros(3)

    def __len__(self):
        return 10**9


# %% task="shifted"
def shifted(values, by):
    return np.zeros(len(values), dtype="i2").view(Liar)
