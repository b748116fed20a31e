"""Reads files with IPython's magics: %load, %cat, %run, %%writefile, !cat and %sx."""

# %%
%load @COURSE@/solutions/.course-secret
%pycat @COURSE@/solutions/.course-secret

# %%
secrets = !cat @COURSE@/solutions/.course-secret

# %%
%run @COURSE@/solutions/stage01_sums/checks.py

# %%
%sx cat @COURSE@/solutions/.course-secret

# %% task="total"
def total(values):
    raise RuntimeError(repr(globals().get("secrets", "nothing")))
