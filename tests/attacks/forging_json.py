"""Sends frames whose JSON is a bomb: repeated keys, huge numbers, deep nesting, wrong types."""

# says: broke the protocol
# %%
import os
import stat
import struct

TEXTS = [
    b'{"op": "return", "op": "return", "calls": [[3.0, null]]}',
    b'{"op": "return", "calls": [[' + b"9" * 10_000 + b", null]]}",
    b"[" * 100_000,
    b'{"op": {}, "calls": [[3.0, null]]}',
    b'{"op": "return", "calls": [[{"f": 0}, null]]}',
    b'{"op": "return", "calls": [[{"m": ["f8", [1], 0]}, null]]}',
    b'{"op": "raise", "error": {"type": 1, "message": [], "cell": {}, "line": "x"}}',
    b'{"op": "refuse", "message": "nothing", "too_large": {"a": 1}, "score": 6}',
    b'{"op": "callback", "function": 0, "args": [], "kwargs": {"d": []}}',
    b'{"op": "missing", "score": 6}', b"null", b"\xff\xfe", b"",
]

# %% task="total"
def total(values):
    text = TEXTS[len(values) % len(TEXTS)]
    for descriptor in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.write(descriptor, struct.pack(">4sIQ", b"nng1", len(text), 0) + text)
        except OSError:
            continue
    return 0.0

# %% task="shifted"
def shifted(values, by):
    text = TEXTS[len(values) + 2]
    for descriptor in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.write(descriptor, struct.pack(">4sIQ", b"nng1", len(text), 0) + text)
        except OSError:
            continue
    return values
