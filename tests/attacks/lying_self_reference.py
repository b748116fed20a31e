"""Returns a list that contains itself, and a dict that does."""


# says: containers nested more than
# %% task="total"
def total(values):
    result = []
    result.append(result)
    return result


# %% task="shifted"
def shifted(values, by):
    result = {}
    result["x"] = (result, result)
    return result
