"""Returns texts that look like numbers, expected values or trees of the wire."""


# %% task="total"
def total(values):
    return '{"a": ["f8", [1]]}'


# %% task="shifted"
def shifted(values, by):
    return {"a": ["f8", [5]], "op": "return", "score": 3, "tolist": "[2.0, 3.0]"}
