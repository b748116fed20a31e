from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nndata import DamagedFile
from nndata.idx import format_idx, parse_idx, read_idx

SOUND = format_idx(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))

arrays = hnp.arrays(
    dtype=st.sampled_from(["u1", "i1", "i2", "i4", "f4", "f8"]).map(np.dtype),
    shape=hnp.array_shapes(max_dims=4, max_side=5),
)
in_a_shared_folder = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(arrays)
def test_what_is_written_is_read_back(array):
    back = parse_idx(format_idx(array), "a.idx")
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize(
    ("code", "dtype", "number"),
    [
        (0x08, "uint8", b"\xfe"),
        (0x09, "int8", b"\xfe"),
        (0x0B, "int16", b"\xff\xfe"),
        (0x0C, "int32", b"\xff\xff\xff\xfe"),
        (0x0D, "float32", b"\xc0\x00\x00\x00"),
        (0x0E, "float64", b"\xc0\x00\x00\x00\x00\x00\x00\x00"),
    ],
)
def test_each_type_code_is_read_big_endian_into_the_native_type(code, dtype, number):
    array = parse_idx(bytes([0, 0, code, 1, 0, 0, 0, 1]) + number, "a.idx")
    assert array.dtype == np.dtype(dtype)
    assert array.dtype.isnative
    assert array[0] == (254 if dtype == "uint8" else -2)


def test_the_last_dimension_varies_fastest():
    assert parse_idx(SOUND, "a.idx")[1, 0].tolist() == [12, 13, 14, 15]


def test_bytes_in_a_bytearray_are_neither_copied_nor_frozen():
    content = bytearray(SOUND)
    array = parse_idx(content, "a.idx")
    array[0, 0, 0] = 200
    assert content[16] == 200


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is cut short"),
        (b"\0\0\x08", "is cut short"),
        (SOUND[:9], "is cut short: its header needs 16 bytes"),
        (SOUND[:-1], "is cut short"),
        (SOUND + b"\0", "is too long"),
        (b"\0\1" + SOUND[2:], "is not an IDX file"),
        (b"<html>" + SOUND, "is not an IDX file"),
        (SOUND[:2] + b"\x0a" + SOUND[3:], "unknown IDX type code 0x0a"),
        (SOUND[:3] + b"\0" + SOUND[4:], "0 dimensions"),
        (SOUND[:3] + b"\xff" + bytes(2000), "255 dimensions"),
        (SOUND[:4] + bytes(4) + SOUND[8:], "a dimension of size 0"),
        (b"\0\0\x08\x03" + b"\xff" * 12 + bytes(24), "is cut short"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_what_is_wrong(content, words):
    with pytest.raises(DamagedFile, match=words) as caught:
        parse_idx(content, "folder/wrong.idx")
    assert str(Path("folder/wrong.idx")) in str(caught.value)


@given(st.binary(max_size=64) | st.binary(max_size=60).map(lambda tail: b"\0\0\x08\x01" + tail))
def test_bytes_are_refused_unless_they_are_exactly_one_array(content):
    try:
        array = parse_idx(content, "a.idx")
    except DamagedFile:
        return
    assert format_idx(array) == content


@in_a_shared_folder
@given(data=st.data(), gzipped=st.booleans())
def test_random_damage_raises_nothing_but_the_packages_own_error(data, gzipped, tmp_path):
    content = bytearray(gzip.compress(SOUND) if gzipped else SOUND)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(place, len(content)))
        content[place:end] = data.draw(st.binary(max_size=8))
    path = tmp_path / "damaged.gz"
    path.write_bytes(content)
    message = str(path)
    try:
        read_idx(path)
    except DamagedFile as error:
        message = str(error)
    assert str(path) in message


@in_a_shared_folder
@given(n_bytes=st.integers(0, len(gzip.compress(SOUND)) - 1))
def test_a_gzip_file_cut_short_anywhere_is_refused(n_bytes, tmp_path):
    path = tmp_path / "half.gz"
    path.write_bytes(gzip.compress(SOUND)[:n_bytes])
    with pytest.raises(DamagedFile, match=r"half\.gz"):
        read_idx(path)


@pytest.mark.parametrize("name", ["a.idx", "a.idx.gz"])
@pytest.mark.parametrize("content", [SOUND, gzip.compress(SOUND)], ids=["plain", "gzipped"])
def test_the_first_bytes_decide_whether_a_file_is_gzipped_not_its_name(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert read_idx(tmp_path / name).shape == (2, 3, 4)


def test_a_gzip_bomb_is_refused_before_it_fills_the_memory(tmp_path):
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(bytes(64 * 2**20), compresslevel=1))
    tracemalloc.start()
    try:
        with pytest.raises(DamagedFile, match=r"bomb\.gz is too long"):
            read_idx(bomb, max_bytes=2**20)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


def test_a_file_of_exactly_the_allowed_size_is_read(tmp_path):
    (tmp_path / "a.idx").write_bytes(SOUND)
    assert read_idx(tmp_path / "a.idx", max_bytes=len(SOUND)).size == 24


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(DamagedFile, match=r"nowhere\.idx cannot be read"):
        read_idx(tmp_path / "nowhere.idx")


@pytest.mark.parametrize("array", [np.zeros(()), np.zeros((2, 0)), np.zeros(3, dtype=complex)])
def test_an_array_that_idx_cannot_hold_is_not_written(array):
    with pytest.raises(ValueError, match="IDX"):
        format_idx(array)
