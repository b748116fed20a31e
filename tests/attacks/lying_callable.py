"""Answers with a callable object that claims to be another one, and returns itself."""


# says: TypeError
# %%
class Total:
    __name__ = __qualname__ = "reference_total"

    @property
    def __class__(self):
        return float

    def __call__(self, *args, **kwargs):
        return self

    def __getattr__(self, name):
        return self


# %% task="total"
def total(values):
    return values


total = Total()
