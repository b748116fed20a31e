"""Downloads the answer."""

# says: URLError
# %%
import urllib.request

# %% task="total"
def total(values):
    return float(urllib.request.urlopen("http://127.0.0.1:@PORT@/", timeout=0.3).read())
