"""Makes folders that their owner may not list, with files in them that nobody can count."""

# needs: namespaces
# says: MiB of files|No space
# %%
import os

# %% task="total"
def total(values):
    written = 0
    for number in range(40):
        os.mkdir(f"locked{number}", 0o300)
        with open(f"locked{number}/big", "wb") as file:
            for _ in range(10):
                written += file.write(bytes(2**20))
    raise RuntimeError(f"BROKEN OUT: {written // 2**20} MiB")
