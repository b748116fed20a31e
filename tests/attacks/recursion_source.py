"""Generates and compiles source that is nested too deep for the compiler."""

# says: SIGSEGV|RecursionError|Memory|too many
# %% task="total"
def total(values):
    return eval("-" * 10**6 + "1")
