"""Never ends once its name is looked up after the last cell."""


# earns: 0
# %% task="total"
import builtins
before = builtins.callable
def callable_(value):
    import time
    time.sleep(1000)
builtins.callable = callable_
def total(values):
    return 0.0
