"""Wire format between grader and worker: plain data and frames.

Plain data is None, bool, int (64 bits), float, str, list, tuple, dict with string keys, NumPy
scalars and NumPy arrays of numbers or bools. A value is encoded as a *tree* for JSON; the bytes of
its arrays are sent after the JSON. Four more kinds of value are sent by the grader only: functions,
as numbers to call back; public functions, as code; random generators, as their state; and large
arrays, as sealed files in memory, which the worker maps copy-on-write. Only the grader says how the
entries of an array lie in memory, too: a student's code may depend on it.

A frame consists of a fixed header (magic, length of the JSON, length of the arrays' bytes), the
JSON, and the bytes. The decoder validates every tag, dtype and size; anything malformed is a
`WireError`, whoever sent it.
"""

from __future__ import annotations

import copy
import json
import math
import mmap
import os
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np
from numpy.random.bit_generator import ISpawnableSeedSequence

from nngrade.worker.public import PublicFunction, rebuild

__all__ = [
    "MOST_SHARED",
    "PREFIX",
    "Decoder",
    "Encoder",
    "Limits",
    "NotPlainData",
    "WireError",
    "copy_of",
    "decode_frame",
    "encode_frame",
    "holds_function",
    "laid_out",
    "read_prefix",
    "set_state",
    "state_of",
]

MAGIC = b"nng1"
PREFIX = struct.Struct(">4sIQ")
# The allowed dtypes, by their names in the wire format, which is little-endian.
DTYPES = {
    code: np.dtype(code).newbyteorder("<")
    for code in "? i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16".split()  # noqa: SIM905
}
_CODES = {dtype.str[1:]: code for code, dtype in DTYPES.items()}
MAX_DIMENSIONS = 16
# Maximum number of large arrays in one message, and minimum size of a large array in bytes.
MOST_SHARED = 64
LARGE = 2**20
# Below this size in bytes an array is copied into its message.
SMALL = 4096


class WireError(Exception):
    """A received message is malformed."""


class NotPlainData(TypeError):
    """A value cannot be encoded; the message names the offending part and the reason.

    Attributes
    ----------
    too_large : bool
        Whether the reason is the size of the value.
    """

    def __init__(self, message: str, too_large: bool = False) -> None:
        super().__init__(message)
        self.too_large = too_large


@dataclass(frozen=True)
class Limits:
    """Limits on one message.

    Attributes
    ----------
    depth : int
        Depth of nested containers.
    items : int
        Number of entries of all lists, tuples, dicts and iterators together.
    text : int
        Size of the JSON part in bytes.
    array_bytes : int
        Size of all arrays together in bytes.
    string : int
        Length of one string in characters: escaping a long one takes long, and no check wants it.
    marks : int
        Number of commas and opening brackets in the JSON part, which determine the cost of
        parsing it.
    """

    depth: int = 32
    items: int = 200_000
    text: int = 16 * 2**20
    array_bytes: int = 2**30
    string: int = 100_000
    marks: int = 2_000_000


_LIMITS = Limits()


def _dtype_code(dtype: np.dtype[Any]) -> str | None:
    """Name of a dtype in the wire format, whatever its byte order; None if it is not allowed."""
    # By its string, since looking up a dtype itself takes longer; structured ones have "V" there.
    return _CODES.get(dtype.str[1:])


@dataclass
class Encoder:
    """Encoder of values as trees, which collects their arrays.

    Attributes
    ----------
    limits : Limits
        Limits on the message.
    functions : list of callable or None
        List to which functions are appended that may be called back; None refuses functions.
    generators : bool
        Whether `numpy.random.Generator` may be sent.
    code : bool
        Whether public functions are sent as code; otherwise they are called back like others.
    layouts : bool
        Whether it is said that an array is column-major, strided or read-only, so that it arrives
        like that; not of large arrays in memory files.
    share : callable or None
        Function that puts a large array into a memory file and returns the file descriptor; None
        sends the bytes of every array.
    arrays : list of ndarray
        Contiguous arrays whose bytes belong to the message, in the order of the tree.
    shared : list of int
        File descriptors of the large arrays, in the order of the tree.
    array_bytes : int
        Size of all arrays encoded so far, in bytes.
    """

    limits: Limits = field(default_factory=Limits)
    functions: list[Callable[..., Any]] | None = None
    generators: bool = False
    code: bool = False
    layouts: bool = False
    share: Callable[[np.ndarray[Any, Any]], int] | None = None
    arrays: list[np.ndarray[Any, Any]] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)
    array_bytes: int = field(default=0, init=False)
    _items: int = 0

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Encode a value as a tree.

        Parameters
        ----------
        value : plain data
            The value; see the module's docstring.
        depth : int
            Number of containers around the value.

        Raises
        ------
        NotPlainData
            If the value cannot be sent, or exceeds a limit.
        """
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is str:
            return self._string(value)
        if (kind is list or kind is tuple) and depth < self.limits.depth:
            tree = self._sequence(value, depth)
            return tree if kind is list else {"t": tree}
        if isinstance(value, np.ndarray):
            if self.share and value.nbytes >= LARGE and len(self.shared) < MOST_SHARED:
                return self._shared(value)
            tree = self._array(value)
            if self.layouts and (layout := _layout(value)):
                tree.append(layout)
            return {"a": tree}
        if isinstance(value, np.generic):
            return {"n": self._array(np.asarray(value))}
        if isinstance(value, bool):
            return bool(value)
        if isinstance(value, int):
            whole = int.__int__(value)
            if not -(2**63) <= whole < 2**64:
                raise NotPlainData("a whole number of more than 64 bits")
            return whole
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, str):
            return self._string(value)
        if depth >= self.limits.depth:
            raise NotPlainData(f"containers nested more than {self.limits.depth} deep")
        if isinstance(value, tuple):
            return {"t": self._sequence(tuple.__iter__(value), depth)}
        if isinstance(value, list):
            return self._sequence(list.__iter__(value), depth)
        if isinstance(value, dict):
            return {"d": self._mapping(value, depth)}
        return self._convenience(value, depth)

    def _convenience(self, value: Any, depth: int) -> Any:
        if self.generators and isinstance(value, np.random.Generator):
            return {"g": {**state_of(value), "seed": _plain_seed(value)}}
        if isinstance(value, range | type({}.keys()) | type({}.values()) | type({}.items())):
            return self._sequence(value, depth)
        if hasattr(type(value), "__next__"):
            return self._sequence(value, depth)
        if self.code and isinstance(value, PublicFunction):
            code = self._array(np.frombuffer(value.code, np.uint8))
            parts = (value.defaults, value.cells, value.names)
            return {"p": [code, *(self.encode(part, depth + 1) for part in parts)]}
        if self.functions is not None and callable(value):
            self.functions.append(value)
            return {"f": len(self.functions) - 1}
        kind = type(value).__name__
        if kind in ("coroutine", "async_generator"):
            raise NotPlainData(f"a {kind}: delete `async` before its `def`")
        raise NotPlainData(f"a value of type {kind}")

    def _sequence(self, values: Iterable[Any], depth: int) -> list[Any]:
        tree = []
        depth += 1
        for value in values:
            self._items += 1
            if self._items > self.limits.items:
                self._refuse_items()
            tree.append(self.encode(value, depth))
        return tree

    def _mapping(self, value: dict[Any, Any], depth: int) -> list[Any]:
        tree = []
        for key, item in dict.items(value):
            self._items += 1
            if self._items > self.limits.items:
                self._refuse_items()
            if not isinstance(key, str):
                raise NotPlainData(f"a dict with a key of type {type(key).__name__}, not str")
            tree.append([str.__str__(key), self.encode(item, depth + 1)])
        return tree

    def _refuse_items(self) -> NoReturn:
        raise NotPlainData(f"more than {self.limits.items} entries", too_large=True)

    def _string(self, value: str) -> str:
        text = str.__str__(value)
        if len(text) > self.limits.string:
            raise NotPlainData(f"a text of {len(text):,} characters", too_large=True)
        return text

    def _shared(self, value: np.ndarray[Any, Any]) -> dict[str, Any]:
        assert self.share is not None
        code = _dtype_code(value.dtype)
        if code is None:
            raise NotPlainData(f"an array of dtype {value.dtype}, not of numbers or bools")
        self.array_bytes += value.nbytes
        self.shared.append(self.share(value))
        return {"m": [code, list(value.shape), len(self.shared) - 1]}

    def _array(self, value: np.ndarray[Any, Any]) -> list[Any]:
        array = np.asarray(value)
        code = _dtype_code(array.dtype)
        if code is None:
            raise NotPlainData(f"an array of dtype {array.dtype}, not of numbers or bools")
        if array.ndim > MAX_DIMENSIONS:
            raise NotPlainData(f"an array of {array.ndim} dimensions")
        # Checked before anything is copied: a broadcast array of petabytes takes no memory yet.
        self.array_bytes += array.nbytes
        if self.array_bytes > self.limits.array_bytes:
            size = self.limits.array_bytes // 2**20
            raise NotPlainData(f"arrays of more than {size} MiB", too_large=True)
        # `ascontiguousarray` makes a 0-d array 1-d, hence the shape of the original.
        self.arrays.append(np.ascontiguousarray(array, dtype=DTYPES[code]))
        return [code, list(array.shape)]


def _layout(array: np.ndarray[Any, Any]) -> str:
    """The letters of `_LAYOUTS` that hold for an array; none for an ordinary one."""
    flags = array.flags
    order = "" if flags.c_contiguous else "F" if flags.f_contiguous else "S"
    return order + ("" if flags.writeable else "R")


# Column-major; neither row-major nor column-major; read-only.
_LAYOUTS = ("F", "S", "R", "FR", "SR")


def laid_out(array: np.ndarray[Any, Any], layout: str) -> np.ndarray[Any, Any]:
    """An array of the same entries in another layout; an ordinary one may be changed itself.

    Parameters
    ----------
    array : ndarray
        An ordinary array of one's own.
    layout : str
        ``F`` for column-major or ``S`` for strided, and ``R`` for read-only; or empty.
    """
    if "F" in layout:
        array = np.asfortranarray(array)
    elif "S" in layout and array.ndim:
        wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
        wide[..., ::2] = array
        array = wide[..., ::2]
    array.flags.writeable = "R" not in layout
    return array


def copy_of(value: Any) -> Any:
    """A deep copy, in which arrays keep their layout; NumPy's own makes them ordinary ones."""
    if isinstance(value, np.ndarray):
        return laid_out(np.array(value, order="C"), _layout(value))
    if type(value) in (list, tuple):
        return type(value)(map(copy_of, value))
    if type(value) is dict:
        return {key: copy_of(one) for key, one in value.items()}
    return copy.deepcopy(value)


def state_of(rng: np.random.Generator) -> dict[str, Any]:
    """State of a generator as plain data; PCG64's numbers have 128 bits, hence strings.

    Raises
    ------
    NotPlainData
        If it is no generator on PCG64, as `numpy.random.default_rng` makes it.
    """
    state: Mapping[str, Any] = rng.bit_generator.state
    if state["bit_generator"] != "PCG64":
        raise NotPlainData(f"a generator on {state['bit_generator']}; only PCG64 can be sent")
    return {
        "state": str(state["state"]["state"]),
        "inc": str(state["state"]["inc"]),
        "has_uint32": int(state["has_uint32"]),
        "uinteger": int(state["uinteger"]),
    }


def set_state(rng: np.random.Generator, state: Any) -> None:
    """Let a generator go on from a state of `state_of`.

    Raises
    ------
    WireError
        If it is no such state.
    """
    if not isinstance(state, dict):
        raise WireError("a generator without a proper state")
    try:
        rng.bit_generator.state = {
            "bit_generator": "PCG64",
            "state": {"state": int(state["state"]), "inc": int(state["inc"])},
            "has_uint32": state["has_uint32"],
            "uinteger": state["uinteger"],
        }
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise WireError("a generator without a proper state") from error


def _plain_seed(rng: np.random.Generator) -> list[Any]:
    """What a generator's children are made of: entropy, spawn key, and how many there are."""
    state = getattr(rng.bit_generator.seed_seq, "state", {})
    entropy = state.get("entropy")
    if not isinstance(entropy, int):
        return ["0", [], 0]
    return [str(entropy), list(state["spawn_key"]), state["n_children_spawned"]]


@dataclass
class Decoder:
    """Decoder of trees.

    Attributes
    ----------
    body : memoryview
        Bytes of the arrays, in the order of the tree.
    limits : Limits
        Limits on the message.
    function : callable or None
        Function that takes the number of a sent function and returns a substitute that calls it
        back; None refuses functions.
    generators : bool
        Whether generators are accepted.
    code : bool
        Whether code is accepted; must be False outside the worker.
    layouts : bool
        Whether layouts of arrays are accepted.
    descriptors : tuple of int
        File descriptors of the memory files that were sent with the message.
    """

    body: memoryview
    limits: Limits = field(default_factory=Limits)
    function: Callable[[int], Callable[..., Any]] | None = None
    generators: bool = False
    code: bool = False
    layouts: bool = False
    descriptors: tuple[int, ...] = ()
    _offset: int = 0
    _items: int = 0

    def decode(self, tree: Any, depth: int = 0) -> Any:
        """Decode a tree.

        Parameters
        ----------
        tree : object
            A part of a decoded JSON document.
        depth : int
            Number of containers around the value.

        Raises
        ------
        WireError
            If the tree is malformed, or exceeds a limit.
        """
        if tree is None or type(tree) in (bool, float, str):
            return tree
        if type(tree) is int:
            if not -(2**63) <= tree < 2**64:
                raise WireError("a whole number of more than 64 bits")
            return tree
        if depth > self.limits.depth:
            raise WireError("containers nested too deeply")
        if type(tree) is list:
            return [self._item(item, depth) for item in tree]
        if type(tree) is not dict or len(tree) != 1:
            raise WireError("an unknown kind of value")
        ((tag, content),) = tree.items()
        if tag == "a":
            if self.layouts and type(content) is list and content[2:] and content[2] in _LAYOUTS:
                return laid_out(self._array(content[:2]), content[2])
            return self._array(content)
        if tag == "n":
            array = self._array(content)
            if array.ndim:
                raise WireError("a scalar with dimensions")
            return array[()]
        if tag == "t" and type(content) is list:
            return tuple(self._item(item, depth) for item in content)
        if tag == "d" and type(content) is list:
            return self._mapping(content, depth)
        if tag == "m" and type(content) is list and len(content) == 3 and self.descriptors:
            return self._mapped(*content)
        if tag == "f" and type(content) is int and self.function is not None:
            return self.function(content)
        if tag == "p" and type(content) is list and self.code:
            code, *parts = content
            return rebuild(
                self._array(code).tobytes(), *(self.decode(part, depth + 1) for part in parts)
            )
        if tag == "g" and type(content) is dict and self.generators:
            return _generator(content)
        raise WireError(f"an unknown tag {tag!r}")

    def finish(self) -> None:
        """Raise a `WireError` if bytes are left over that belong to no array."""
        if self._offset != len(self.body):
            raise WireError("more bytes than the arrays take")

    def _item(self, tree: Any, depth: int) -> Any:
        self._items += 1
        if self._items > self.limits.items:
            raise WireError("too many entries")
        return self.decode(tree, depth + 1)

    def _mapping(self, content: list[Any], depth: int) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for pair in content:
            if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str:
                raise WireError("a dict entry that is no pair with a string key")
            value[pair[0]] = self._item(pair[1], depth)
        return value

    def _mapped(self, code: str, shape: list[int], number: int) -> np.ndarray[Any, Any]:
        """Map a large array from its memory file; pages are copied on write only."""
        descriptor = self.descriptors[number]
        dtype = np.dtype(code)
        size = math.prod(shape) * dtype.itemsize
        access = mmap.PROT_READ | mmap.PROT_WRITE
        pages = mmap.mmap(descriptor, size, mmap.MAP_PRIVATE, access)
        os.close(descriptor)
        return np.frombuffer(pages, dtype).reshape(shape)

    def _array(self, content: Any) -> np.ndarray[Any, Any]:
        if type(content) is not list or len(content) != 2:
            raise WireError("an array without dtype and shape")
        code, shape = content
        if type(code) is not str or code not in DTYPES:
            raise WireError("an array of an unknown dtype")
        if type(shape) is not list or len(shape) > MAX_DIMENSIONS:
            raise WireError("an array without a proper shape")
        for size in shape:
            if type(size) is not int or not 0 <= size < 2**48:
                raise WireError("an array with an impossible size")
        dtype = DTYPES[code]
        size = math.prod(shape) * dtype.itemsize
        raw = self.body[self._offset : self._offset + size]
        if len(raw) != size:
            raise WireError("an array with too few bytes")
        self._offset += size
        if code == "?" and len(raw) and np.frombuffer(raw, np.uint8).max() > 1:
            raise WireError("a bool that is neither 0 nor 1")
        try:
            # The copy is aligned, writable and owned by the receiver.
            return np.frombuffer(raw, dtype).reshape(shape).copy()
        except ValueError as error:  # an empty array with an absurd size along another axis
            raise WireError("an array with an impossible shape") from error


class _LazySeed(ISpawnableSeedSequence):
    """Seed of a generator whose state is set at once; a real one is mixed only for children."""

    def __init__(self, entropy: str, spawn_key: list[int], n_spawned: int) -> None:
        self._made_of = int(entropy), tuple(map(int, spawn_key)), int(n_spawned)
        self._real: np.random.SeedSequence | None = None

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> np.ndarray[Any, Any]:
        return np.zeros(n_words, dtype)

    def spawn(self, n_children: int) -> list[np.random.SeedSequence]:  # type: ignore[override]
        if self._real is None:
            entropy, key, n_spawned = self._made_of
            self._real = np.random.SeedSequence(
                entropy, spawn_key=key, n_children_spawned=n_spawned
            )
        return self._real.spawn(n_children)


def _generator(content: dict[str, Any]) -> np.random.Generator:
    try:
        seed = _LazySeed(*content["seed"])
    except (KeyError, TypeError, ValueError) as error:
        raise WireError("a generator without a proper seed") from error
    rng = np.random.Generator(np.random.PCG64(seed))  # type: ignore[arg-type]  # any seed will do
    set_state(rng, content)
    return rng


def holds_function(value: Any) -> bool:
    """Whether a value is or contains a function or a generator, which are sent one way only."""
    if isinstance(value, list | tuple):
        return any(map(holds_function, value))
    if isinstance(value, dict):
        return any(map(holds_function, value.values()))
    return callable(value) or isinstance(value, np.random.Generator)


def encode_frame(
    message: dict[str, Any],
    arrays: Iterable[np.ndarray[Any, Any]] = (),
    limits: Limits | None = None,
) -> list[bytes | memoryview]:
    """Encode a frame; return its parts in the order of sending.

    Parameters
    ----------
    message : dict
        The message; its values are trees.
    arrays : iterable of ndarray
        Contiguous arrays of the message, in the order of the trees.
    limits : Limits or None
        Limits on the JSON part; None for the defaults.

    Raises
    ------
    NotPlainData
        If the JSON part exceeds a limit.
    """
    limits = limits or _LIMITS
    text = _ENCODER.encode(message).encode("ascii")
    if len(text) > limits.text:
        size = limits.text // 2**20
        raise NotPlainData(f"a value of more than {size} MiB of text", too_large=True)
    if _too_many_marks(text, limits.marks):
        raise NotPlainData("a value of too many parts", too_large=True)
    parts = [_bytes_of(array) for array in arrays if array.nbytes]
    return [PREFIX.pack(MAGIC, len(text), sum(map(len, parts))) + text, *parts]


def _bytes_of(array: np.ndarray[Any, Any]) -> bytes | memoryview:
    """The bytes of a contiguous array; a copy of a small one is cheaper than a view."""
    return array.tobytes() if array.nbytes < SMALL else array.reshape(-1).view(np.uint8).data


def read_prefix(prefix: bytes, limits: Limits) -> tuple[int, int]:
    """Read the header of a frame.

    Returns
    -------
    text : int
        Length of the JSON in bytes.
    body : int
        Length of the arrays' bytes.

    Raises
    ------
    WireError
        If the header is malformed, or a length exceeds its limit.
    """
    if len(prefix) != PREFIX.size:
        raise WireError("a truncated frame")
    magic, text, body = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise WireError("bytes that are no frame")
    if text > limits.text or body > limits.array_bytes:
        raise WireError("a frame that is too large")
    return text, body


def _too_many_marks(text: bytes, most: int) -> bool:
    # A text that is shorter than that need not be looked through.
    return len(text) > most and sum(map(text.count, (b",", b"[", b"{"))) > most


def decode_frame(text: bytes) -> dict[str, Any]:
    """Parse the JSON part of a frame; the values of the message are still trees.

    Raises
    ------
    WireError
        If the text is not a JSON object in strict form, or has too many parts.
    """
    if _too_many_marks(text, Limits.marks):
        raise WireError("a frame of too many parts")
    try:
        message = _DECODER.decode(text.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise WireError("a frame without proper JSON") from error
    if type(message) is not dict:
        raise WireError("a frame that is no message")
    return message


def _parse_int(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError("a whole number of more than 64 bits")
    return int(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a repeated key")
    return result


# Created once: creating them takes microseconds, as long as encoding a message.
# Trees are made anew for each message, so they cannot contain themselves.
_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)
_DECODER = json.JSONDecoder(parse_int=_parse_int, object_pairs_hook=_object)
