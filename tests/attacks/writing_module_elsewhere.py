"""Writes modules outside of the working folder."""


# earns: 0
# %%
%%writefile ../ESCAPE.py
print("BROKEN OUT")
# %%
%%writefile /tmp/escaped-from-nngrade.py
print("BROKEN OUT")
# %%
%%writefile -a ~/escaped-from-nngrade.py
print("BROKEN OUT")
# %% task="total"
def total(values):
    return 0.0
