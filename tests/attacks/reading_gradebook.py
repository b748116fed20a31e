"""Opens the gradebook as a database."""

# says: unable to open|Permission denied|No module named
# %%
import sqlite3

# %% task="total"
def total(values):
    with sqlite3.connect("file:@SECRETS@/gradebook.db?mode=ro&immutable=1", uri=True) as database:
        raise RuntimeError(database.execute("select * from sqlite_master").fetchall())
