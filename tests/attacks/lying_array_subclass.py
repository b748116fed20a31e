"""Returns an ndarray subclass that answers ufuncs, functions and comparisons itself."""

# says: entries are wrong|every entry is wrong
# %%
import numpy as np


class Liar(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.zeros(self.shape, bool)

    def __array_function__(self, function, types, args, kwargs):
        return True

    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def tolist(self):
        return [2.0, 3.0]

    @property
    def shape(self):
        return (5,)


# %% task="shifted"
def shifted(values, by):
    return np.zeros(len(values)).view(Liar)
