"""Has thousands of prompts, and lines of IPython's other syntax, which Python cannot read."""


# earns: 0
# %% task="total"
>>> def total(values):
...     return 0.0
@PROMPTS@
