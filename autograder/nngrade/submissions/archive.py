"""Read notebooks from untrusted zip archives.

Nothing is unpacked to disk: the path of an entry is the archive's path followed by the entry's
name, and reading such a path returns the entry's bytes. No file can therefore be written to a wrong
place or be left behind, and an entry can be read again as long as its archive exists.

The sizes that an archive declares are enforced as limits, never trusted.
"""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from nngrade.errors import SubmissionError
from nngrade.limits import LARGEST_NOTEBOOK
from nngrade.submissions.exports import is_archive, is_hidden
from nngrade.text import presentable

__all__ = ["Entry", "entries", "read_entry"]

MOST_ENTRIES = 20_000
MOST_ENTRIES_INSIDE = 1_000  # entries of a nested archive, which a student handed in
MOST_NOTEBOOKS_INSIDE = 50
MOST_BYTES = 8 * 2**30  # unpacked size of all notebooks of an archive together
MOST_BYTES_INSIDE = 2**28
# Compression ratio: notebooks reach ten to one at most, a zip bomb a thousand to one.
MOST_RATIO = 200
ALWAYS_FINE = 16 * 2**20
_LONGEST_LIST = 8 * 2**20
_CHUNK = 2**16

_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800
_HEADER = struct.Struct("<4s22x2H")
# An entry of the directory: the version that it needs, its flags, the lengths of its name,
# its extra fields and its comment; the name follows.
_IN_LIST = b"PK\x01\x02"
_LISTED = struct.Struct("<6x2H18x3H12x")
_NEWEST = 63  # version 6.3
_NAME_FIELD, _UNKNOWN_FIELD = 0x7075, 0xFFFF
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Entry:
    """A file in an archive, or in a nested archive.

    Attributes
    ----------
    parts : tuple of str
        Parts of its path in the archive.
    problem : str or None
        Reason why a notebook or archive is not read; None for other files, which are never read.
    """

    parts: tuple[str, ...]
    problem: str | None = None

    @property
    def is_notebook(self) -> bool:
        """Whether its name is that of a notebook."""
        return self.parts[-1].endswith(".ipynb")


class _Refused(Exception):
    """An archive or an entry is rejected; the message is the reason."""


@dataclass(frozen=True)
class _Listing:
    """Contents of an archive.

    Attributes
    ----------
    infos : dict of tuple of str to ZipInfo
        The entries that can be read, by the parts of their paths.
    files : tuple of Entry
        All files.
    """

    infos: dict[tuple[str, ...], zipfile.ZipInfo]
    files: tuple[Entry, ...]


def entries(archive: Path) -> list[Entry]:
    """List the files in an archive; nested archives (one level) are replaced by their files.

    Hidden files and macOS metadata are left out.

    Raises
    ------
    SubmissionError
        If the archive as a whole is rejected.
    """
    found: list[Entry] = []
    for one in _listing(str(archive), _stamp(archive)).files:
        if one.problem is None and one.parts[-1].lower().endswith(".zip"):
            found.extend(_entries_inside(archive, one))
        else:
            found.append(one)
    return found


def _entries_inside(archive: Path, inner: Entry) -> Iterator[Entry]:
    try:
        _, listing = _inside(str(archive), _stamp(archive), inner.parts)
    except SubmissionError as error:
        yield Entry(inner.parts, str(error))
        return
    for one in listing.files:
        yield Entry((*inner.parts, *one.parts), one.problem)


def read_entry(path: Path) -> bytes:
    """Read a notebook in an archive, by a path such as ``export.zip/entry.ipynb``.

    Raises
    ------
    SubmissionError
        If there is no such entry, or it is rejected.
    """
    archive = next((one for one in path.parents if one.is_file()), None)
    if archive is None or not is_archive(archive):
        raise SubmissionError(f"{path}: no such file")
    parts = path.parts[len(archive.parts) :]
    stamp = _stamp(archive)
    infos = _listing(str(archive), stamp).infos
    if parts in infos:
        return _read(archive, parts, infos[parts])
    for depth in range(1, len(parts)):
        if is_archive(Path(parts[depth - 1])) and parts[:depth] in infos:
            content, listing = _inside(str(archive), stamp, parts[:depth])
            if info := listing.infos.get(parts[depth:]):
                with io.BytesIO(content) as file:
                    return _sound(path, file, info)
    problems = {one.parts: one.problem for one in entries(archive)}
    raise SubmissionError(problems.get(parts) or f"{path}: no such entry in {archive}")


def _read(archive: Path, parts: tuple[str, ...], info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open("rb") as file:
            return _sound(archive.joinpath(*parts), file, info)
    except OSError as error:
        raise SubmissionError(f"{archive}: cannot be read ({error.strerror})") from None


def _sound(shown: Path, file: IO[bytes], info: zipfile.ZipInfo) -> bytes:
    try:
        return _unpacked(file, info)
    except _Refused as refusal:
        raise SubmissionError(f"{shown}: not read: {refusal}") from None


_Stamp = tuple[int, int, int]


def _stamp(archive: Path) -> _Stamp:
    """Fingerprint of an archive on disk, which changes when the file changes.

    Returns
    -------
    tuple of int
        Inode number, size in bytes, and time of modification in nanoseconds.

    Raises
    ------
    SubmissionError
        If the file cannot be examined or is not a regular file.
    """
    try:
        status = archive.stat()
    except OSError as error:
        raise SubmissionError(f"{archive}: cannot be read ({error.strerror})") from None
    if not stat.S_ISREG(status.st_mode):
        raise SubmissionError(f"{archive}: not a regular file")
    return status.st_ino, status.st_size, status.st_mtime_ns


# Cached: each submission is read several times, to determine its stage, to detect changes, and to
# grade it.
@lru_cache(maxsize=8)
def _listing(archive: str, stamp: _Stamp) -> _Listing:
    """Contents of an archive on disk; `stamp` is part of the cache key only."""
    try:
        with open(archive, "rb") as file:
            return _list(archive, file, MOST_ENTRIES, MOST_BYTES)
    except OSError as error:
        raise SubmissionError(f"{archive}: cannot be read ({error.strerror})") from None


@lru_cache(maxsize=1)
def _inside(archive: str, stamp: _Stamp, parts: tuple[str, ...]) -> tuple[bytes, _Listing]:
    """Bytes and contents of a nested archive."""
    content = _read(Path(archive), parts, _listing(archive, stamp).infos[parts])
    shown = str(Path(archive, *parts))
    with io.BytesIO(content) as file:
        listing = _list(shown, file, MOST_ENTRIES_INSIDE, MOST_BYTES_INSIDE, inside=True)
    if (many := len(listing.infos)) > MOST_NOTEBOOKS_INSIDE:
        raise SubmissionError(
            f"{shown}: the archive is not read: {many} notebooks are more than the "
            f"{MOST_NOTEBOOKS_INSIDE} that a student may hand in at once"
        )
    return content, listing


def _list(
    shown: str, file: IO[bytes], most_entries: int, most_bytes: int, inside: bool = False
) -> _Listing:
    """Read an archive's directory and validate each entry.

    Raises
    ------
    SubmissionError
        If the archive as a whole is rejected.
    """
    try:
        try:
            mended = _Mended(file)
            with zipfile.ZipFile(mended) as archive:
                infos, end = archive.infolist(), archive.start_dir
        except (_Refused, OSError):
            raise
        except Exception as error:
            # The library raises exceptions of many types for malformed archives.
            what = f"{error}".rstrip(".") or type(error).__name__
            raise _Refused(f"it is cut off, damaged or no zip archive ({what})") from None
        if len(infos) > most_entries:
            raise _Refused(f"{len(infos)} entries are more than the {most_entries} there may be")
        _require_apart(infos, end)
        unreadable = {id(infos[i]): why for i, why in mended.unreadable.items() if i < len(infos)}
        listing = _judged(shown, infos, inside, unreadable)
        if sum(one.file_size for one in listing.infos.values()) > most_bytes:
            raise _Refused(
                f"its notebooks would unpack to more than {most_bytes / 2**30:g} GiB, "
                "as those of a zip bomb do"
            )
    except _Refused as refusal:
        raise SubmissionError(f"{shown}: the archive is not read: {refusal}") from None
    return listing


class _Mended:
    """A file with a limit on the size of one read, as `zipfile` loads the directory into memory.

    An entry of that directory which `zipfile` cannot read would cost the whole archive. So it is
    changed into one that it can read, and noted.

    Attributes
    ----------
    unreadable : dict of int to str
        For the number of each changed entry, what is wrong with it.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell
        self.unreadable: dict[int, str] = {}

    def read(self, size: int = -1) -> bytes:
        if size > _LONGEST_LIST:
            raise _Refused("its list of entries is longer than any honest one")
        read = self._file.read(_LONGEST_LIST if size < 0 else size)
        return self._mend(bytearray(read)) if read.startswith(_IN_LIST) else read

    def _mend(self, directory: bytearray) -> bytes:
        at, number = 0, 0
        while directory.startswith(_IN_LIST, at) and at + _LISTED.size <= len(directory):
            version, flags, *lengths = _LISTED.unpack_from(directory, at)
            name = at + _LISTED.size
            extra = name + lengths[0]
            if version & 0xFF > _NEWEST:
                directory[at + 6] = _NEWEST
                self.unreadable[number] = "it needs a newer program than this"
            if flags & _UTF8 and not _is_utf8(directory[name:extra]):
                directory[at + 9] &= 0xFF ^ (_UTF8 >> 8)
                self.unreadable[number] = "its name is not in UTF-8, as it says"
            if self._mend_fields(directory, extra, extra + lengths[1]):
                self.unreadable[number] = "what the archive says of it is damaged"
            at, number = extra + sum(lengths[1:]), number + 1
        return bytes(directory)

    def _mend_fields(self, directory: bytearray, at: int, end: int) -> bool:
        """Rename extra fields of an entry that `zipfile` would not read; return whether one was."""
        changed = False
        while at + 4 <= min(end, len(directory)):
            kind, length = struct.unpack_from("<2H", directory, at)
            told = directory[at + 4 : min(at + 4 + length, end)]
            if len(told) < length:
                struct.pack_into("<2H", directory, at, _UNKNOWN_FIELD, len(told))
                return True
            if kind == _NAME_FIELD and (len(told) < 5 or not _is_utf8(told[5:])):
                struct.pack_into("<H", directory, at, _UNKNOWN_FIELD)
                changed = True
            at += 4 + length
        return changed


def _is_utf8(text: bytes | bytearray) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _require_apart(infos: list[zipfile.ZipInfo], end: int) -> None:
    """Reject an archive whose entries overlap, which only zip bombs do."""
    reached, before = 0, ""
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < reached:
            one, other = (presentable(name, 100) for name in (before, info.filename))
            raise _Refused(f"its entries {one} and {other} overlap, as those of a zip bomb do")
        reached = info.header_offset + 30 + len(info.orig_filename) + info.compress_size
        before = info.filename
    if reached > end:
        raise _Refused(f"its entry {presentable(before, 100)} reaches beyond its end")


def _judged(
    shown: str, infos: list[zipfile.ZipInfo], inside: bool, unreadable: dict[int, str]
) -> _Listing:
    named = [(info, *_name(info)) for info in infos if not info.orig_filename.endswith(("/", "\\"))]
    times = Counter(parts for _, _, parts in named)
    good, files = {}, []
    for info, name, parts in named:
        if not parts or any(map(is_hidden, parts)):
            continue
        nested = parts[-1].lower().endswith(".zip") and not inside
        if not nested and not parts[-1].endswith(".ipynb"):
            files.append(Entry(tuple(presentable(part, 200) for part in parts)))
            continue
        problem = unreadable.get(id(info)) or _problem(info, name, parts)
        if problem is None and times[parts] > 1:
            problem = f"there are {times[parts]} entries of this name"
        if problem is None:
            good[parts] = info
            files.append(Entry(parts))
        else:
            text = presentable(name, 200)
            safe = tuple(presentable(part, 200) for part in parts)
            files.append(Entry(safe, f"{shown}/{text}: not read: {problem}"))
    return _Listing(good, tuple(files))


def _name(info: zipfile.ZipInfo) -> tuple[str, tuple[str, ...]]:
    """Name of an entry, and the parts of its path."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        # Many programs write UTF-8 names without setting the flag.
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return name, tuple(part for part in re.split(r"[/\\]", name) if part not in ("", "."))


def _problem(info: zipfile.ZipInfo, name: str, parts: tuple[str, ...]) -> str | None:
    """Reason to reject an entry, as far as its metadata shows one; None if there is none."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    packed = max(1, info.compress_size)
    if _CONTROL.search(name):
        return "its name holds control characters"
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "its name is an absolute path"
    if ".." in parts:
        return "its name leads out of the archive (..)"
    if any(len(part.encode()) > 255 for part in parts):
        return "its name is too long"
    if kind not in (0, stat.S_IFREG):
        return f"it is no file but {_KINDS.get(kind, 'something else')}"
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"it is packed by method {info.compress_type}; pack it anew, as plain zip"
    if info.file_size > LARGEST_NOTEBOOK:
        mib = LARGEST_NOTEBOOK // 2**20
        return f"{info.file_size / 2**20:.0f} MiB is more than the {mib} MiB that it may have"
    if info.file_size > ALWAYS_FINE and info.file_size > MOST_RATIO * packed:
        ratio = info.file_size // packed
        return f"it would unpack to {ratio} times its size, as a zip bomb does"
    return None


_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def _unpacked(file: IO[bytes], info: zipfile.ZipInfo) -> bytes:
    """Unpack an entry in memory.

    Raises
    ------
    _Refused
        If the entry is damaged, or differs from what the archive declares.
    """
    if info.header_offset < 0:
        raise _Refused("it is not where the archive says")
    file.seek(info.header_offset)
    head = file.read(_HEADER.size)
    if len(head) < _HEADER.size or not head.startswith(b"PK\x03\x04"):
        raise _Refused("it is not where the archive says")
    _, name_length, extra_length = _HEADER.unpack(head)
    file.seek(name_length + extra_length, os.SEEK_CUR)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    deflated = info.compress_type == zipfile.ZIP_DEFLATED
    found, left = bytearray(), info.compress_size
    while left > 0 and not inflater.eof:
        packed = file.read(min(left, _CHUNK))
        if not packed:
            raise _Refused("it is cut off")
        left -= len(packed)
        if not deflated:
            found += packed
        while deflated and packed:
            try:
                # One byte more than declared is enough to detect a false size.
                found += inflater.decompress(packed, info.file_size - len(found) + 1)
            except zlib.error:
                raise _Refused("it is damaged") from None
            if len(found) > info.file_size:
                break
            packed = inflater.unconsumed_tail
        if len(found) > info.file_size:
            raise _Refused("it unpacks to more than the archive declares, as a zip bomb does")
    if len(found) != info.file_size or zlib.crc32(found) != info.CRC:
        raise _Refused("it is cut off or damaged")
    return bytes(found)
