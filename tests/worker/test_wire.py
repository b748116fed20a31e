"""The wire: plain data crosses unchanged, everything else is refused on either side."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from nngrade.worker.wire import (
    PREFIX,
    Decoder,
    Encoder,
    Limits,
    NotPlainData,
    WireError,
    copy_of,
    decode_frame,
    encode_frame,
    read_prefix,
    set_state,
)


def across(value: Any, limits: Limits | None = None) -> Any:
    """Send a value through a whole frame and back."""
    limits = limits or Limits()
    encoder = Encoder(limits)
    raw = b"".join(bytes(p) for p in encode_frame({"v": encoder.encode(value)}, encoder.arrays))
    text, body = read_prefix(raw[: PREFIX.size], limits)
    assert len(raw) == PREFIX.size + text + body
    message = decode_frame(raw[PREFIX.size : PREFIX.size + text])
    decoder = Decoder(memoryview(raw)[PREFIX.size + text :], limits)
    result = decoder.decode(message["v"])
    decoder.finish()
    return result


dtypes = st.one_of(
    npst.boolean_dtypes(),
    npst.integer_dtypes(),
    npst.unsigned_integer_dtypes(),
    npst.floating_dtypes(sizes=(16, 32, 64)),
    npst.complex_number_dtypes(sizes=(64, 128)),
)
arrays = npst.arrays(dtypes, npst.array_shapes(min_dims=0, max_dims=4, min_side=0))
scalars = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | arrays
)
plain = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)


def same(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return (
            a.shape == b.shape
            and a.dtype == b.dtype.newbyteorder("=")
            and a.astype(a.dtype.newbyteorder("<")).tobytes()
            == b.astype(b.dtype.newbyteorder("<")).tobytes()
        )
    if isinstance(a, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return bool(a == b)


@given(plain)
def test_plain_data_crosses_unchanged(value):
    arrived = across(value)
    # Byte order is the one thing that may change.
    assert same(_native(value), arrived)


def _native(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.astype(value.dtype.newbyteorder("="))
    if isinstance(value, list | tuple):
        return type(value)(map(_native, value))
    if isinstance(value, dict):
        return {key: _native(item) for key, item in value.items()}
    return value


def test_arrays_arrive_writable_and_as_copies():
    original = np.arange(6.0).reshape(2, 3)
    arrived = across(original)
    arrived[0, 0] = 9
    assert original[0, 0] == 0


def test_views_arrive_as_they_look():
    original = np.arange(24.0).reshape(4, 6)
    for view in (original.T, original[::2, ::-1], np.broadcast_to(original[0], (3, 6))):
        assert np.array_equal(across(view), view)


class Loud(np.ndarray):
    """A subclass that lies about equality."""

    def __eq__(self, other):
        return np.ones(self.shape, bool)


class Number(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


def test_subclasses_arrive_as_the_plain_thing():
    assert type(across(np.zeros(3).view(Loud))) is np.ndarray
    assert type(across(Number(2))) is float
    assert type(across(np.ma.masked_array([1.0, 2.0], [True, False]))) is np.ndarray
    assert type(across(type("Text", (str,), {})("x"))) is str


def test_iterators_arrive_as_lists():
    assert across(x * x for x in range(4)) == [0, 1, 4, 9]
    assert across({"a": 1}.keys()) == ["a"]
    assert across(range(3)) == [0, 1, 2]


def endless():
    while True:
        yield 0


def circular() -> list[Any]:
    inner: list[Any] = []
    inner.append(inner)
    return inner


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1, 2},
        b"bytes",
        len,
        lambda: 0,
        1 + 2j,
        2**64,
        {1: 2},
        endless(),
        circular(),
        np.array([object()]),
        np.array(["text"]),
        np.zeros(2, dtype=[("a", float)]),
        np.array(["2020-01-01"], dtype="datetime64[D]"),
        np.broadcast_to(1.0, (2**20, 2**20)),
        np.random.default_rng(0),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_plain_data_is_refused_by_the_sender(value):
    with pytest.raises(NotPlainData):
        across(value, Limits(items=1000))


@pytest.mark.parametrize(
    "tree",
    [
        {"x": 1},
        {"a": ["O", [1]]},
        {"a": ["f8", [-1]]},
        {"a": ["f8", [2**60]]},
        {"a": ["f8", [1.0]]},
        {"a": ["f8", [True]]},
        {"a": ["f8", [1] * 40]},
        {"a": ["f8"]},
        {"a": "f8"},
        {"a": ["f8", [3]]},
        {"a": ["f8", [0, 2**47, 2**47]]},
        {"n": ["f8", [1]]},
        {"d": [["a"]]},
        {"d": [[1, 2]]},
        {"d": {"a": 1}},
        {"t": 1},
        {"f": 0},
        {"g": {}},
        {"a": ["?", [8]]},
        {},
        {"a": 1, "b": 2},
        2**70,
    ],
    ids=repr,
)
def test_malformed_trees_are_refused_by_the_receiver(tree):
    with pytest.raises(WireError):
        Decoder(memoryview(b"\x02" * 8)).decode(tree)


def test_depth_and_entries_are_limited_on_the_receiving_side():
    deep: Any = 0
    for _ in range(40):
        deep = [deep]
    with pytest.raises(WireError, match="nested"):
        Decoder(memoryview(b"")).decode(deep)
    with pytest.raises(WireError, match="entries"):
        Decoder(memoryview(b""), Limits(items=10)).decode([0] * 11)


def test_bytes_that_no_array_asked_for_are_refused():
    decoder = Decoder(memoryview(b"12345678"))
    decoder.decode(None)
    with pytest.raises(WireError, match="more bytes"):
        decoder.finish()


def test_frames_over_the_limits_are_refused_before_they_are_read():
    limits = Limits(text=10, array_bytes=10)
    for prefix in (
        PREFIX.pack(b"nng1", 11, 0),
        PREFIX.pack(b"nng1", 0, 11),
        PREFIX.pack(b"GET ", 1, 1),
        b"short",
    ):
        with pytest.raises(WireError):
            read_prefix(prefix, limits)


def test_a_frame_of_very_many_parts_is_refused_on_both_sides():
    many = b'{"v":[' + b"{}," * (Limits.marks // 2) + b"0]}"
    with pytest.raises(WireError, match="too many parts"):
        decode_frame(many)
    with pytest.raises(NotPlainData, match="too many parts"):
        list(encode_frame({"v": [0] * (Limits.marks + 1)}))


@settings(max_examples=500)
@given(st.binary(max_size=200), st.binary(max_size=64))
def test_garbage_raises_nothing_but_wire_errors(text, body):
    try:
        message = decode_frame(text)
        decoder = Decoder(memoryview(body))
        for tree in message.values():
            decoder.decode(tree)
        decoder.finish()
    except WireError:
        pass


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "n", "t", "d", "f", "g", "x"]), inner, max_size=2)
        | st.tuples(
            st.sampled_from(["f8", "?", "i4", "O", "c16"]), st.lists(st.integers(-2, 9))
        ).map(lambda pair: {"a": list(pair)})
    ),
    max_leaves=20,
)


@settings(max_examples=500)
@given(json_like, st.binary(max_size=128))
def test_odd_trees_raise_nothing_but_wire_errors(tree, body):
    try:
        decoder = Decoder(memoryview(body), function=lambda number: len, generators=True)
        decoder.decode(tree)
        decoder.finish()
    except WireError:
        pass


@pytest.mark.parametrize(
    "text",
    [b"[1]", b"1", b"{", b'{"a":1,"a":2}', b'{"a":' + b"9" * 30 + b"}", b"[" * 100_000, b"\xff"],
    ids=lambda text: repr(text[:20]),
)
def test_json_that_is_no_message_is_refused(text):
    with pytest.raises(WireError):
        decode_frame(text)


def test_a_generator_arrives_in_the_same_state():
    rng = np.random.default_rng(5)
    rng.normal()
    encoder = Encoder(generators=True)
    arrived = Decoder(memoryview(b""), generators=True).decode(encoder.encode(rng))
    assert arrived.normal(size=4).tolist() == rng.normal(size=4).tolist()


def test_a_text_that_nobody_reads_is_refused():
    with pytest.raises(NotPlainData, match="a text of 10,000,000 characters"):
        Encoder().encode(["x" * 10**7])
    assert Encoder().encode("x" * 1000) == "x" * 1000


@pytest.mark.parametrize(
    ("array", "flags"),
    [
        (np.arange(6.0).reshape(2, 3), (True, False, True)),
        (np.asfortranarray(np.arange(6.0).reshape(2, 3)), (False, True, True)),
        (np.arange(12.0).reshape(2, 6)[:, ::2], (False, False, True)),
        (np.arange(12.0)[::-3], (False, False, True)),
        (np.broadcast_to(np.arange(3.0), (2, 3)), (False, False, False)),
    ],
)
def test_an_array_arrives_as_it_lies_in_memory(array, flags):
    encoder = Encoder(layouts=True)
    tree = encoder.encode(array)
    body = memoryview(b"".join(one.tobytes() for one in encoder.arrays))
    arrived = Decoder(body, layouts=True).decode(tree)
    assert np.array_equal(arrived, array)
    kept = arrived.flags
    assert (kept.c_contiguous, kept.f_contiguous, kept.writeable) == flags
    copied = copy_of([array])[0]
    assert copied is not array
    assert np.array_equal(copied, array)
    kept = copied.flags
    assert (kept.c_contiguous, kept.f_contiguous, kept.writeable) == flags


@pytest.mark.parametrize("layout", ["F", "RF", 5, ["F"], None, ""])
def test_nobody_but_the_grader_says_how_an_array_lies_in_memory(layout):
    tree = {"a": ["f8", [1, 1], layout]}
    with pytest.raises(WireError, match="without dtype and shape"):
        Decoder(memoryview(bytes(8))).decode(tree)
    if layout != "F":
        with pytest.raises((WireError, TypeError)):
            Decoder(memoryview(bytes(8)), layouts=True).decode(tree)


def test_a_generator_has_the_children_that_it_would_have(student_of):
    student = student_of(
        "def children(rng):\n    return [one.random() for one in rng.spawn(3)], rng.random()\n"
    )
    rng = np.random.default_rng(5)
    rng.spawn(2)
    expected = [one.random() for one in np.random.default_rng(5).spawn(5)[2:]]
    first, then = student.children(rng)
    assert first == expected
    assert then == np.random.default_rng(5).random()


@pytest.mark.parametrize(
    "seed", [None, [], ["a", [], 0], ["1", [], 0, 0], ["1", "x", 0], ["1", [], "y"]]
)
def test_a_generator_without_a_proper_seed_is_refused(seed):
    tree = {"g": {"state": "1", "inc": "1", "has_uint32": 0, "uinteger": 0, "seed": seed}}
    with pytest.raises(WireError, match="without a proper seed"):
        Decoder(memoryview(b""), generators=True).decode(tree)


@pytest.mark.parametrize("state", [None, 1, [], "x", np.zeros(2), {}, {"state": "9" * 5000}])
def test_what_is_no_state_of_a_generator_is_refused(state):
    with pytest.raises(WireError, match="without a proper state"):
        set_state(np.random.default_rng(0), state)
