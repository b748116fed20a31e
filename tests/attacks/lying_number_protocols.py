"""Returns a number that converts to something else each time it is asked."""


# says: a value of type Chameleon
# %%
class Chameleon:
    answers = iter(range(10**9))

    def __float__(self):
        return float(next(self.answers))

    __int__ = __index__ = lambda self: next(self.answers)

    def __array__(self, *args, **kwargs):
        return next(self.answers)

    def __complex__(self):
        return 3 + 0j


# %% task="total"
def total(values):
    return Chameleon()
