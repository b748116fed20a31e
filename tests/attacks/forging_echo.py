"""Says that its arguments are other ones after the call: too few, too many, other kinds."""

# says: other arguments than were sent
# %%
from nngrade.worker.guest import Guest

Guest._call = lambda self, message, decoder: self._send(
    {"op": "return", "calls": [[3.0, [[1.0]] * 7]]}
)

# %% task="shifted"
def shifted(values, by):
    return values
