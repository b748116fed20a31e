"""Large arrays as sealed files in memory, which workers map instead of receiving copies."""

from __future__ import annotations

import fcntl
import os
from typing import Any

import numpy as np

__all__ = ["SharedArrays"]

_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


class SharedArrays:
    """Store of arrays in memory files; read-only arrays are stored once and reused.

    Release the files with `close`.
    """

    def __init__(self) -> None:
        # The array is kept with its file: an id is unique only while its object exists.
        self._kept: dict[int, tuple[np.ndarray[Any, Any], int]] = {}
        self._passing: list[int] = []

    def share(self, array: np.ndarray[Any, Any]) -> int:
        """Return the file descriptor of a memory file with the array's bytes.

        A read-only array that owns its data is assumed to be shared again, so its file is kept.
        """
        kept = self._kept.get(id(array))
        if kept is not None:
            return kept[1]
        descriptor = _sealed_file(array)
        if not array.flags.writeable and array.flags.owndata:
            self._kept[id(array)] = (array, descriptor)
        else:
            self._passing.append(descriptor)
        return descriptor

    def sent(self) -> None:
        """Close the files of sent arrays that are not kept."""
        while self._passing:
            os.close(self._passing.pop())

    def close(self) -> None:
        """Close all files."""
        self.sent()
        for _array, descriptor in self._kept.values():
            os.close(descriptor)
        self._kept.clear()


def _sealed_file(array: np.ndarray[Any, Any]) -> int:
    descriptor = os.memfd_create("nngrade-array", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        # Only a contiguous array has its bytes in one piece.
        view = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
        while view:
            view = view[os.write(descriptor, view[: 2**30]) :]
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
