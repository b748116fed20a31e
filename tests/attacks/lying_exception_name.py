"""Raises an exception whose class's metaclass raises when asked for its name."""


# says: ended the Python process
# %%
class Meta(type):
    @property
    def __name__(cls):
        raise SystemExit(0)


class Strange(Exception, metaclass=Meta):
    pass


# %% task="total"
def total(values):
    raise Strange
