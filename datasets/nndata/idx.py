"""A strict reader of IDX, the format in which MNIST is published.

An IDX file consists of a magic number (two zero bytes, a code for the type of the numbers, the
number of dimensions), one big-endian 32-bit size per dimension, and the numbers, big-endian, with
the last dimension varying fastest. No bytes may be missing or follow.

Source: the description at the foot of http://yann.lecun.com/exdb/mnist/.
"""

from __future__ import annotations

import gzip
import math
import os
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nndata.errors import DamagedFile

__all__ = ["MAX_BYTES", "format_idx", "parse_idx", "read_idx", "unpack"]

MAX_BYTES = 256 * 2**20
"""Default limit on the content of a file, in bytes."""

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MAX_DIMENSIONS = 32  # the limit of NumPy before version 2
_CHUNK = 2**20


def read_idx(path: str | os.PathLike[str], max_bytes: int = MAX_BYTES) -> NDArray[Any]:
    """Read an IDX file, compressed with gzip or not.

    Parameters
    ----------
    path : path
        The file. Its first bytes say whether it is gzipped; its name does not matter.
    max_bytes : int
        Maximum size of the content after decompression, in bytes.

    Returns
    -------
    ndarray
        The numbers, with the shape and type given in the header, in the machine's byte order.

    Raises
    ------
    DamagedFile
        If the file cannot be read or is not exactly one IDX array.
    """
    path = Path(path)
    return parse_idx(unpack(path, max_bytes), path)


def unpack(path: Path, max_bytes: int = MAX_BYTES) -> bytearray:
    """Read a whole file, decompressed if it is a gzip file.

    Parameters
    ----------
    path : Path
        The file. Its first bytes say whether it is gzipped; its name does not matter.
    max_bytes : int
        Maximum size of the content, in bytes. Reading stops there, so that a small file that
        expands to gigabytes is rejected at little cost.

    Returns
    -------
    bytearray
        The content.

    Raises
    ------
    DamagedFile
        If the file cannot be read, is a broken gzip file, or holds more than `max_bytes`.
    """
    content = bytearray()
    try:
        with path.open("rb") as file:
            gzipped = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            stream = gzip.GzipFile(fileobj=file) if gzipped else file
            while chunk := stream.read(_CHUNK):
                content += chunk
                if len(content) > max_bytes:
                    reason = f"is too long: it holds more than the {max_bytes:,} bytes allowed"
                    raise DamagedFile.of(path, reason)
    except EOFError:
        raise DamagedFile.of(path, "is cut short: its gzip stream ends early") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DamagedFile.of(path, f"is not a sound gzip file ({error})") from None
    except OSError as error:
        raise DamagedFile.of(path, f"cannot be read ({error.strerror or error})") from None
    return content


def parse_idx(content: bytes | bytearray, source: str | os.PathLike[str]) -> NDArray[Any]:
    """Convert the bytes of an IDX file to an array.

    Parameters
    ----------
    content : bytes or bytearray
        The whole file, decompressed.
    source : path
        Path or name of the file, for error messages.

    Returns
    -------
    ndarray
        The numbers, in the machine's byte order. An array of single bytes is a view of `content`,
        writable if `content` is.

    Raises
    ------
    DamagedFile
        If the bytes are not exactly one IDX array: a wrong magic number, an unknown type, a size
        of zero, too few bytes or too many.
    """
    path = Path(source)
    view = memoryview(content)
    if len(view) < 4:
        raise DamagedFile.of(path, f"is cut short: {len(view)} bytes cannot be an IDX file")
    if view[0] or view[1]:
        found = view[:4].hex(" ")
        raise DamagedFile.of(path, f"is not an IDX file: it starts with {found}, not with 00 00")
    code, n_dimensions = view[2], view[3]
    if code not in _TYPES:
        known = ", ".join(f"0x{known:02x}" for known in _TYPES)
        raise DamagedFile.of(
            path, f"has an unknown IDX type code 0x{code:02x} (the known ones are {known})"
        )
    if not 1 <= n_dimensions <= _MAX_DIMENSIONS:
        allowed = f"1 to {_MAX_DIMENSIONS} are possible"
        raise DamagedFile.of(path, f"has {n_dimensions} dimensions in its header; {allowed}")
    start = 4 + 4 * n_dimensions
    if len(view) < start:
        raise DamagedFile.of(
            path, f"is cut short: its header needs {start} bytes, it has {len(view)}"
        )
    shape = tuple(int.from_bytes(view[i : i + 4], "big") for i in range(4, start, 4))
    if 0 in shape:
        raise DamagedFile.of(path, f"has a dimension of size 0 in its header: {shape}")
    dtype = np.dtype(_TYPES[code])
    expected = start + math.prod(shape) * dtype.itemsize
    if len(view) != expected:
        what = "is cut short" if len(view) < expected else "is too long"
        raise DamagedFile.of(
            path, f"{what}: {shape} in its header makes {expected:,} bytes, it has {len(view):,}"
        )
    numbers = np.frombuffer(view, dtype=dtype, offset=start).reshape(shape)
    return numbers.astype(dtype.newbyteorder("="), copy=False)


def format_idx(array: NDArray[Any]) -> bytes:
    """Convert an array to the bytes of an IDX file, the inverse of `parse_idx`.

    Parameters
    ----------
    array : ndarray
        Array with 1 to 32 dimensions, none of them empty, of a type that IDX supports: uint8, int8,
        int16, int32, float32, float64.

    Returns
    -------
    bytes
        Content of the file.

    Raises
    ------
    ValueError
        If IDX cannot hold the array.
    """
    codes = {np.dtype(name).newbyteorder("="): code for code, name in _TYPES.items()}
    code = codes.get(array.dtype.newbyteorder("="))
    if code is None:
        raise ValueError(f"IDX has no type for {array.dtype} arrays.")
    if not 1 <= array.ndim <= _MAX_DIMENSIONS or 0 in array.shape:
        raise ValueError(f"IDX cannot hold an array of shape {array.shape}.")
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    numbers = array.astype(_TYPES[code]).tobytes()
    return bytes([0, 0, code, array.ndim]) + sizes + numbers
