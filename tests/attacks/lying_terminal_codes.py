"""Raises an exception whose text clears the terminal, sets its title and reverses the line."""


# says: passed
# %% task="total"
def total(values):
    raise ValueError(
        "\x1b[2J\x1b[H\x1b]0;pwned\x07\x1b[32mall checks passed\x1b[0m\r\x08\x9b31m"
        "\u202etfel\u202c\u2066\u2069\u200b\ufeff\u2028\x00\ud800"
    )
