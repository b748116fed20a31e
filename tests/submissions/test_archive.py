"""Archives that mean harm."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib

import pytest

from nngrade.errors import SubmissionError
from nngrade.submissions import archive as archives
from nngrade.submissions.archive import entries, read_entry
from nngrade.submissions.files import read_bytes
from nngrade.submissions.find import find_submissions
from tests.helpers import STAGE, packed
from tests.submissions.conftest import NOTEBOOK


def crafted(*infos: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    """An archive of entries with any attributes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in infos:
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


def special(kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("bad.ipynb")
    info.create_system, info.external_attr = 3, (kind | 0o644) << 16
    return info


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../bad.ipynb", "leads out of the archive"),
        ("a/../../bad.ipynb", "leads out of the archive"),
        ("..\\bad.ipynb", "leads out of the archive"),
        ("/etc/bad.ipynb", "is an absolute path"),
        ("\\\\server\\share\\bad.ipynb", "is an absolute path"),
        ("C:\\bad.ipynb", "is an absolute path"),
        ("c:bad.ipynb", "is an absolute path"),
        ("a\x1b[2Jbad.ipynb", "control characters"),
        ("a\nbad.ipynb", "control characters"),
        ("x" * 300 + ".ipynb", "too long"),
    ],
)
def test_a_bad_name_costs_its_entry_only(course, tmp_path, name, words):
    path = tmp_path / "class.zip"
    path.write_bytes(packed([(name, NOTEBOOK), (f"ann/{STAGE}/x.ipynb", NOTEBOOK)]))
    bad, good = find_submissions([path], course)
    assert str(bad.error).startswith(f"{path}/")
    assert words in str(bad.error)
    assert good.error is None
    assert read_bytes(good.path) == NOTEBOOK


def test_a_name_with_a_nul_costs_its_entry_only(tmp_path):
    raw = packed([("bad_.ipynb", NOTEBOOK), ("good.ipynb", NOTEBOOK)])
    (tmp_path / "class.zip").write_bytes(raw.replace(b"bad_", b"bad\0"))
    bad, good = entries(tmp_path / "class.zip")
    assert "control characters" in str(bad.problem)
    assert good.problem is None


def field(kind: int, told: bytes, length: int | None = None) -> bytes:
    return struct.pack("<2H", kind, len(told) if length is None else length) + told


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": b"j\xf6rg\xff.ipynb", "flags": 0x800}, "not in UTF-8"),
        ({"version": 200}, "newer program"),
        ({"extra": field(0x7075, b"\1\0\0\0\0\xff\xff")}, "damaged"),
        ({"extra": field(0x7075, b"\1")}, "damaged"),
        ({"extra": field(0x1234, b"", length=9)}, "damaged"),
    ],
    ids=["name", "version", "other name", "short", "long"],
)
@pytest.mark.parametrize("first", [True, False])
def test_an_entry_that_no_library_reads_costs_itself_only(course, tmp_path, change, words, first):
    bad, good = special(stat.S_IFREG), zipfile.ZipInfo(f"ann/{STAGE}/x.ipynb")
    bad.filename = "bad" + "x" * len(change.get("name", "")) + ".ipynb"
    bad.extra = b"\0" * len(change.get("extra", b""))
    pair = [(bad, NOTEBOOK), (good, NOTEBOOK)]
    raw = bytearray(crafted(*(pair if first else pair[::-1])))
    at = raw.index(b"PK\1\2")
    if not first:
        at = raw.index(b"PK\1\2", at + 1)
    length = len(bad.filename)
    if "name" in change:
        raw[at + 46 : at + 46 + length] = change["name"].rjust(length, b"x")
        struct.pack_into("<H", raw, at + 8, change["flags"])
    if "version" in change:
        raw[at + 6] = change["version"]
    if "extra" in change:
        raw[at + 46 + length : at + 46 + length + len(change["extra"])] = change["extra"]
    path = tmp_path / "class.zip"
    path.write_bytes(raw)
    found = find_submissions([path], course)
    assert [one.path.name for one in found if one.error is None] == ["x.ipynb"]
    (problem,) = [str(one.error) for one in found if one.error is not None]
    assert words in problem
    assert read_bytes(path / "ann" / STAGE / "x.ipynb") == NOTEBOOK


@pytest.mark.parametrize(
    ("kind", "words"),
    [(stat.S_IFLNK, "a link"), (stat.S_IFIFO, "a pipe"), (stat.S_IFCHR, "a device")],
)
def test_what_is_no_file_is_refused(tmp_path, kind, words):
    path = tmp_path / "class.zip"
    path.write_bytes(crafted((special(kind), b"/etc/passwd")))
    (bad,) = entries(path)
    assert f"it is no file but {words}" in str(bad.problem)
    with pytest.raises(SubmissionError, match="it is no file but"):
        read_entry(path / "bad.ipynb")


def test_encrypted_and_oddly_packed_entries_are_refused(tmp_path):
    raw = bytearray(packed([("bad.ipynb", NOTEBOOK)]))
    central = raw.index(b"PK\x01\x02")
    for offset, value, words in ((8, 1, "encrypted"), (8, 0x2000, "encrypted"), (10, 93, "method")):
        changed = bytearray(raw)
        struct.pack_into("<H", changed, central + offset, value)
        path = tmp_path / f"{offset}-{value}.zip"
        path.write_bytes(changed)
        (bad,) = entries(path)
        assert words in str(bad.problem)


def test_two_entries_of_one_name_are_both_refused(course, tmp_path):
    path = tmp_path / "class.zip"
    with pytest.warns(UserWarning, match="Duplicate name"):
        raw = packed([("a.ipynb", b"1"), ("a.ipynb", b"2"), ("./a.ipynb", b"3")])
    path.write_bytes(raw)
    assert {one.problem is None for one in entries(path)} == {False}
    assert "there are 3 entries of this name" in str(entries(path)[0].problem)


def test_a_bomb_is_refused_before_it_goes_off(tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(packed([("bad.ipynb", bytes(40 * 2**20)), ("good.ipynb", NOTEBOOK)]))
    assert path.stat().st_size < 2**17
    bad, good = entries(path)
    assert "as a zip bomb does" in str(bad.problem)
    assert good.problem is None


def declaring(raw: bytes, offset: int, value: int) -> bytes:
    """An archive in whose list the first entry declares something else, as an unsigned 32."""
    changed = bytearray(raw)
    struct.pack_into("<L", changed, raw.index(b"PK\x01\x02") + offset, value)
    return bytes(changed)


PACKED, UNPACKED, HEADER = 20, 24, 42


def test_a_bomb_that_declares_a_small_size_is_stopped_there(tmp_path):
    path = tmp_path / "class.zip"
    bomb = packed([("bad.ipynb", bytes(40 * 2**20)), ("good.ipynb", NOTEBOOK)])
    path.write_bytes(declaring(bomb, UNPACKED, 1000))
    assert [one.problem for one in entries(path)] == [None, None]
    with pytest.raises(SubmissionError, match="unpacks to more than the archive declares"):
        read_entry(path / "bad.ipynb")
    assert read_entry(path / "good.ipynb") == NOTEBOOK


@pytest.mark.parametrize(
    ("offset", "value"), [(UNPACKED, 10**4), (PACKED, 10), (PACKED, 2**31), (HEADER, 7)]
)
def test_other_lies_are_a_sentence(tmp_path, offset, value):
    path = tmp_path / "class.zip"
    path.write_bytes(declaring(packed([("bad.ipynb", NOTEBOOK * 9)]), offset, value))
    with pytest.raises(SubmissionError, match=r"class\.zip"):
        read_entry(path / "bad.ipynb")


def test_an_archive_of_64_bit_lies_is_a_sentence(tmp_path):
    """Sizes beyond all bounds, in the extra field that has room for them."""
    name = b"bad.ipynb"
    extra = struct.pack("<2H3Q", 1, 24, 2**62, 2**62, 2**61)
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 45, 0, 8, 0, 0, 0, 9, 9, len(name), 0) + name
    listed = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 45, 45, 0, 8, 0, 0, 0, 2**32 - 1, 2**32 - 1,
        len(name), len(extra), 0, 0, 0, 0, 2**32 - 1,
    ) + name + extra  # fmt: skip
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(listed), len(local), 0)
    path = tmp_path / "class.zip"
    path.write_bytes(local + listed + end)
    with pytest.raises(SubmissionError, match="reaches beyond its end"):
        entries(path)


def test_an_archive_whose_entries_overlap_is_refused(tmp_path):
    """The bomb of a few kilobytes in which all entries are the same bytes."""
    kernel = zlib.compress(bytes(10**6))[2:-4]
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(kernel), 10**6, 7, 0)
    raw = local + b"x.ipynb" + kernel
    names = [f"{number}.ipynb".encode() for number in range(9)]
    listed = b"".join(
        struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(kernel), 10**6, len(name),
            0, 0, 0, 0, 0, 0,
        ) + name
        for name in names
    )  # fmt: skip
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, len(listed), len(raw), 0)
    path = tmp_path / "class.zip"
    path.write_bytes(raw + listed + end)
    with pytest.raises(SubmissionError, match="overlap, as those of a zip bomb do"):
        entries(path)


def test_too_many_entries_and_too_many_bytes_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "class.zip"
    path.write_bytes(packed((f"{number}.ipynb", NOTEBOOK) for number in range(8)))
    monkeypatch.setattr(archives, "MOST_ENTRIES", 7)
    with pytest.raises(SubmissionError, match="8 entries are more than the 7"):
        entries(path)
    monkeypatch.setattr(archives, "MOST_ENTRIES", 8)
    monkeypatch.setattr(archives, "MOST_BYTES", 7 * len(NOTEBOOK))
    with pytest.raises(SubmissionError, match="as those of a zip bomb do"):
        entries(path)
    monkeypatch.setattr(archives, "MOST_BYTES", 8 * len(NOTEBOOK))
    monkeypatch.setattr(archives, "_LONGEST_LIST", 100)
    with pytest.raises(SubmissionError, match="longer than any honest one"):
        entries(path)


def test_an_archive_that_is_cut_off_or_none_is_a_sentence(course, tmp_path):
    whole = packed([(f"{number}.ipynb", NOTEBOOK) for number in range(9)])
    for number, raw in enumerate((b"", b"no zip", whole[:-30], whole[: len(whole) // 2])):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(raw)
        (candidate,) = find_submissions([path], course)
        assert f"{path}: the archive is not read: it is cut off" in str(candidate.error)


def test_names_in_utf_8_are_read_where_nobody_says_so(tmp_path):
    path = tmp_path / "class.zip"
    name = "Jörg".encode()
    raw = packed([("J__rg.ipynb", NOTEBOOK)]).replace(b"J__rg", name)
    path.write_bytes(raw)
    (one,) = entries(path)
    assert one.parts == ("Jörg.ipynb",)
    assert read_entry(path / "Jörg.ipynb") == NOTEBOOK


def test_what_macos_and_jupyter_add_is_left_out(tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(
        packed(
            (name, NOTEBOOK)
            for name in ("__MACOSX/._a.ipynb", ".ipynb_checkpoints/a-checkpoint.ipynb", "a.ipynb")
        )
    )
    assert [one.parts for one in entries(path)] == [("a.ipynb",)]


def test_an_entry_that_is_gone_is_a_sentence(tmp_path, pack):
    archive = pack({"a.ipynb": NOTEBOOK})
    for path in (archive / "b.ipynb", archive / "a.ipynb/c.ipynb", tmp_path / "no.zip/a.ipynb"):
        with pytest.raises(SubmissionError, match="no such"):
            read_bytes(path)
    (tmp_path / "file").touch()
    with pytest.raises(SubmissionError, match="no such file"):
        read_bytes(tmp_path / "file/a.ipynb")
