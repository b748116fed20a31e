"""Uses the name of a task's function for a class of exceptions, and raises it."""

# says: .
# %% task="total"
class total(Exception):
    def __init__(self, values):
        super().__init__("BROKEN OUT"[::-1])
        raise self

# %% task="shifted"
class shifted(BaseException):
    pass

shifted.__name__ = "KeyboardInterrupt"

def raising(values, by):
    raise shifted(values)

total.__module__ = "nngrade.errors"
