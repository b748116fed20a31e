"""Hooks IPython's events, to redefine the answer after every cell."""

# %%
%matplotlib inline


def redefine(*args):
    get_ipython().user_ns["total"] = lambda values: 3.0


get_ipython().events.register("post_run_cell", redefine)
get_ipython().events.register("pre_execute", redefine)
redefine()

# %% task="total"
def total(values):
    return 0.0
