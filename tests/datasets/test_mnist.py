"""Finding MNIST, refusing what is damaged, downloading what is missing."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import astuple

import numpy as np
import pytest

from nndata import (
    DamagedFile,
    DataNotFound,
    DownloadFailed,
    data_status,
    download,
    fetch_mnist,
    find_mnist,
    mnist,
)
from nndata.idx import parse_idx

TRAIN, TRAIN_LABELS, TEST, TEST_LABELS = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def holds(raw, contents):
    """Whether the four arrays are those of the four files."""
    arrays = (raw.train_images, raw.train_labels, raw.test_images, raw.test_labels)
    return all(
        array.dtype == np.uint8 and np.array_equal(array, parse_idx(content, name))
        for array, (name, content) in zip(arrays, contents.items(), strict=True)
    )


def leftovers(folder):
    return [path.name for path in folder.rglob("*.part")]


# Finding


@pytest.mark.parametrize("place", ["home", "home/mnist", "datasets", "datasets/mnist", "cache"])
def test_mnist_is_found_in_each_of_the_places(tiny, fill, tmp_path, place):
    fill(tmp_path / place, tiny)
    assert find_mnist() == tmp_path / place
    assert holds(fetch_mnist(download=False), tiny)


def test_the_first_place_wins(tiny, fill, home, tmp_path):
    for folder in (home, tmp_path / "datasets", tmp_path / "cache"):
        fill(folder, tiny)
    assert find_mnist() == home


def test_decompressed_files_are_accepted(tiny, home):
    for name, content in tiny.items():
        (home / name).write_bytes(content)
    assert holds(fetch_mnist(download=False), tiny)


def test_the_four_files_may_lie_in_different_places(tiny, fill, home, tmp_path):
    fill(home, {TRAIN: tiny[TRAIN]})
    fill(tmp_path / "cache", {name: tiny[name] for name in (TRAIN_LABELS, TEST, TEST_LABELS)})
    assert holds(fetch_mnist(download=False), tiny)


def test_the_packing_of_a_gzip_file_does_not_matter(tiny, fill, home):
    fill(home, tiny)
    (home / f"{TRAIN}.gz").write_bytes(gzip.compress(tiny[TRAIN], compresslevel=0, mtime=7))
    assert find_mnist() == home


def test_an_array_that_is_fetched_may_be_changed(tiny, fill, home):
    fill(home, tiny)
    raw = fetch_mnist(download=False)
    raw.train_images[:] = 0
    assert raw.train_images.max() == 0


def test_where_there_is_none_the_error_names_every_place_and_the_fix(tiny, home, tmp_path):
    with pytest.raises(DataNotFound) as caught:
        fetch_mnist(download=False)
    message = str(caught.value)
    for words in (home, tmp_path / "datasets", tmp_path / "cache", "nngrade data fetch mnist"):
        assert str(words) in message


def test_the_error_says_that_nndata_home_is_not_set(tiny, monkeypatch):
    monkeypatch.delenv("NNDATA_HOME")
    with pytest.raises(DataNotFound, match="NNDATA_HOME is not set"):
        fetch_mnist(download=False)


def test_the_error_names_the_file_that_is_missing_and_no_other(tiny, fill, home):
    fill(home, tiny)
    (home / f"{TEST}.gz").unlink()
    with pytest.raises(DataNotFound, match=f"no {TEST}, with") as caught:
        fetch_mnist(download=False)
    assert TRAIN not in str(caught.value)


# Refusing


def altered(content):
    return content[:-1] + bytes([content[-1] ^ 1])


DAMAGES = {
    "empty": lambda content: b"",
    "half-written gzip": lambda content: gzip.compress(content)[: len(content) // 3],
    "truncated content": lambda content: gzip.compress(content[:-1]),
    "one bit flipped": lambda content: gzip.compress(altered(content)),
    "one byte more": lambda content: gzip.compress(content + b"\0"),
    "decompressed, one bit flipped": altered,
    "a web page": lambda content: b"<!doctype html><title>Log in to the network</title>",
    "another file": lambda content: gzip.compress(bytes(len(content))),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_refused_by_name(tiny, fill, home, damage):
    fill(home, tiny)
    path = home / f"{TEST}.gz"
    path.write_bytes(damage(tiny[TEST]))
    with pytest.raises(DamagedFile, match=re.escape(str(path))) as caught:
        fetch_mnist(download=False)
    assert "nngrade data fetch mnist" in str(caught.value)
    assert find_mnist() is None


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_fetching_mends_a_damaged_file_where_it_is(tiny, fill, home, tmp_path, mirror_of, damage):
    folder = tmp_path / "datasets"
    fill(folder, tiny)
    (folder / f"{TEST}.gz").write_bytes(damage(tiny[TEST]))
    mirror = mirror_of(tiny)
    assert holds(fetch_mnist(mirrors=[mirror.url]), tiny)
    assert gzip.decompress((folder / f"{TEST}.gz").read_bytes()) == tiny[TEST]
    assert list(home.iterdir()) == []
    assert mirror.asked == {f"{TEST}.gz": 1}


def test_a_sound_copy_stands_in_for_a_damaged_one(tiny, fill, home, tmp_path):
    fill(home, tiny)
    fill(tmp_path / "cache", tiny)
    (home / f"{TEST}.gz").write_bytes(b"damaged")
    assert holds(fetch_mnist(download=False), tiny)


def test_a_damaged_file_with_a_sound_copy_is_not_the_problem(tiny, fill, home, tmp_path):
    fill(home, {TEST: tiny[TEST], TRAIN: tiny[TRAIN]})
    fill(tmp_path / "cache", {TEST: tiny[TEST]})
    (home / f"{TEST}.gz").write_bytes(b"damaged")
    with pytest.raises(DataNotFound) as caught:
        fetch_mnist(download=False)
    assert TEST not in str(caught.value)


def test_reading_stops_where_a_file_is_longer_than_it_may_be(tiny, fill, home):
    fill(home, tiny)
    bomb = gzip.compress(bytes(32 * 2**20), compresslevel=1)
    (home / f"{TEST}.gz").write_bytes(bomb)
    with pytest.raises(DamagedFile, match=rf"{TEST}\.gz is too long"):
        fetch_mnist(download=False)


def test_a_damaged_file_and_a_missing_one_are_both_reported(tiny, fill, home):
    fill(home, tiny)
    (home / f"{TEST}.gz").write_bytes(b"damaged")
    (home / f"{TRAIN}.gz").unlink()
    with pytest.raises(DamagedFile) as caught:
        fetch_mnist(download=False)
    assert f"{TEST}.gz is cut short" in str(caught.value)
    assert f"no {TRAIN}, with" in str(caught.value)


# Downloading


def test_what_is_missing_is_downloaded_to_nndata_home(tiny, home, mirror_of):
    assert holds(fetch_mnist(mirrors=[mirror_of(tiny).url]), tiny)
    assert sorted(path.name for path in home.iterdir()) == sorted(f"{name}.gz" for name in tiny)


def test_without_nndata_home_downloads_go_to_the_cache(tiny, tmp_path, monkeypatch, mirror_of):
    monkeypatch.delenv("NNDATA_HOME")
    fetch_mnist(mirrors=[mirror_of(tiny).url])
    assert find_mnist() == tmp_path / "cache"


def test_what_is_there_and_sound_is_never_downloaded(tiny, fill, home, mirror_of):
    mirror = mirror_of(tiny)
    fill(home, {name: tiny[name] for name in (TRAIN, TEST_LABELS)})
    fetch_mnist(mirrors=[mirror.url])
    fetch_mnist(mirrors=[mirror.url])
    assert mirror.asked == {f"{TRAIN_LABELS}.gz": 1, f"{TEST}.gz": 1}


def test_mirrors_can_be_named_in_the_environment(tiny, monkeypatch, mirror_of):
    nothing, good = mirror_of({}), mirror_of(tiny)
    monkeypatch.setenv("NNDATA_MIRRORS", f"{nothing.url} {good.url.rstrip('/')}")
    assert holds(fetch_mnist(), tiny)
    assert nothing.asked == {f"{TRAIN}.gz": 1}


def test_a_mirror_that_lacks_a_file_is_passed_over(tiny, mirror_of):
    urls = [mirror_of({}).url, mirror_of(tiny).url]
    assert holds(fetch_mnist(mirrors=urls), tiny)


def test_a_mirror_with_altered_files_is_passed_over(tiny, home, mirror_of):
    wrong = mirror_of({name: altered(content) for name, content in tiny.items()})
    assert holds(fetch_mnist(mirrors=[wrong.url, mirror_of(tiny).url]), tiny)
    assert find_mnist() == home


@pytest.mark.parametrize("fault", ["cut_short", "endless", "stalls"])
def test_a_mirror_that_misbehaves_is_passed_over(tiny, home, mirror_of, fault):
    wrong = mirror_of(tiny)
    setattr(wrong, fault, True)
    raw = fetch_mnist(mirrors=[wrong.url, mirror_of(tiny).url], timeout=0.2)
    assert holds(raw, tiny)
    assert wrong.asked == {f"{TRAIN}.gz": 1}  # once it has failed, the other goes first
    assert not leftovers(home)


def test_a_mirror_that_is_not_there_is_passed_over(tiny, mirror_of):
    gone = mirror_of(tiny)
    gone.close()
    assert holds(fetch_mnist(mirrors=[gone.url, mirror_of(tiny).url]), tiny)


def test_a_mirror_that_only_trickles_is_given_up(tiny, monkeypatch, mirror_of):
    monkeypatch.setattr(download, "MAX_SECONDS", -1.0)
    with pytest.raises(DownloadFailed, match="is too slow"):
        fetch_mnist(mirrors=[mirror_of(tiny).url])


def test_where_every_mirror_fails_a_sentence_says_what_each_did(tiny, home, mirror_of):
    gone, lacking, wrong, cut, stalled, endless = (mirror_of(tiny) for _ in range(6))
    gone.close()
    lacking.files = {}
    wrong.files = {name: gzip.compress(b"\0" * 9) for name in wrong.files}
    cut.cut_short = stalled.stalls = endless.endless = True
    mirrors = [gone, lacking, wrong, cut, stalled, endless]
    with pytest.raises(DownloadFailed) as caught:
        fetch_mnist(mirrors=[mirror.url for mirror in mirrors], timeout=0.2)
    lines = str(caught.value).splitlines()
    for mirror, line, words in zip(
        mirrors,
        lines[1:],
        [
            "cannot be reached",
            "answers 404 Not Found",
            "sent a file that is cut short: it holds 9 of",
            "breaks off before the end",
            "sends nothing for 0.2 seconds",
            "sends more than the file can hold",
            "",
        ],
        strict=False,
    ):
        assert mirror.url in line
        assert words in line
    assert lines[0] == f"No mirror gave {TRAIN}.gz:"
    assert "NNDATA_HOME" in lines[-1]
    assert caught.value.__cause__ is None
    assert list(home.iterdir()) == []


def test_a_mirror_that_is_no_web_address_is_said_to_fail(tiny, tmp_path):
    with pytest.raises(DownloadFailed, match="ftp://somewhere/ fails"):
        fetch_mnist(mirrors=["ftp://somewhere"])


def test_a_failed_download_leaves_the_damaged_file_as_it_was(tiny, fill, home, mirror_of):
    fill(home, tiny)
    path = home / f"{TRAIN}.gz"
    path.write_bytes(b"damaged")
    with pytest.raises(DownloadFailed):
        fetch_mnist(mirrors=[mirror_of({}).url])
    assert path.read_bytes() == b"damaged"


def test_a_full_disk_is_not_blamed_on_the_mirror(tiny, home, monkeypatch, mirror_of):
    def replace(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(DownloadFailed, match=r"cannot be written: No space left on device"):
        fetch_mnist(mirrors=[mirror_of(tiny).url])
    assert not leftovers(home)


def test_a_file_that_another_process_has_put_there_and_holds_is_good_enough(
    tiny, fill, home, monkeypatch, mirror_of
):
    def replace(source, target):  # as Windows does while somebody reads the target
        fill(home, tiny)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", replace)
    assert holds(fetch_mnist(mirrors=[mirror_of(tiny).url]), tiny)


class FullDisk(io.RawIOBase):
    """A path, and a file at it that cannot grow."""

    def open(self, mode):
        return self

    def write(self, chunk):
        raise OSError(28, "No space left on device")


def test_a_disk_that_fills_up_while_downloading_is_not_blamed_on_the_mirror(tiny, mirror_of):
    with pytest.raises(OSError, match="No space left on device"):
        download.download(f"{mirror_of(tiny).url}{TRAIN}.gz", FullDisk(), 2**20, False, 5.0)


def test_archives_are_asked_for_as_they_are(tiny, mirror_of):
    mirror = mirror_of(tiny)
    fetch_mnist(mirrors=[mirror.url])
    assert mirror.encodings == {"identity"}


def test_where_no_folder_can_be_written_the_error_says_so(tiny, tmp_path, monkeypatch, mirror_of):
    monkeypatch.setattr(mnist, "writable", lambda folder: False)
    with pytest.raises(DownloadFailed, match=r"none of .*home.* can be written"):
        fetch_mnist(mirrors=[mirror_of(tiny).url])


def test_where_nndata_home_cannot_be_written_downloads_go_to_the_cache(
    tiny, home, tmp_path, monkeypatch, mirror_of
):
    monkeypatch.setattr(mnist, "writable", lambda folder: folder != home)
    fetch_mnist(mirrors=[mirror_of(tiny).url])
    assert find_mnist() == tmp_path / "cache"


def test_a_single_string_is_no_list_of_mirrors(tiny):
    with pytest.raises(TypeError, match="mirrors must be a list"):
        fetch_mnist(mirrors="http://127.0.0.1/")


def test_an_empty_list_of_mirrors_is_an_error(tiny):
    with pytest.raises(DownloadFailed, match="no mirror"):
        fetch_mnist(mirrors=[])


def test_progress_is_shown_on_stderr_with_the_name_of_the_file(tiny, mirror_of, capsys):
    fetch_mnist(progress=True, mirrors=[mirror_of(tiny).url])
    shown = capsys.readouterr()
    assert shown.out == ""
    assert all(f"{name}.gz: 100%" in shown.err for name in tiny)


def test_without_progress_nothing_is_shown(tiny, mirror_of, capsys):
    fetch_mnist(mirrors=[mirror_of(tiny).url])
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "")


FETCH = """
import json, sys
from pathlib import Path
from nndata import locations, mnist
files, empty, url = json.loads(sys.argv[1])
mnist.FILES = tuple(mnist.MnistFile(*file) for file in files)
locations.user_cache = locations.course_folder = lambda: Path(empty)
print(mnist.fetch_mnist(mirrors=[url]).train_images.shape)
"""


def test_two_processes_that_fetch_at_once_both_end_well(tiny, home, tmp_path, mirror_of):
    mirror = mirror_of(tiny)
    both_are_here = threading.Barrier(2, timeout=30)
    mirror.meet = lambda name: both_are_here.wait() if name == f"{TRAIN}.gz" else None
    given = json.dumps(
        [[astuple(file) for file in mnist.FILES], str(tmp_path / "empty"), mirror.url]
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", FETCH, given], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.communicate(timeout=60)[0] for process in processes] == ["(30, 6, 5)\n"] * 2
    assert [process.returncode for process in processes] == [0, 0]
    assert find_mnist() == home
    assert not leftovers(home)


# Status


def status(name):
    return next(record for record in data_status() if record.name == name)


def test_the_status_of_what_is_there_gives_its_folder_and_digests(tiny, fill, home):
    fill(home, tiny)
    record = status("mnist")
    assert record.available
    assert record.path == home
    assert record.digests == tuple((home / f"{file.name}.gz", file.sha256) for file in mnist.FILES)
    assert (record.problem, record.fix) == ("", "")


def test_the_status_of_what_is_missing_gives_the_fix(tiny, home):
    record = status("mnist")
    assert not record.available
    assert record.path is None
    assert str(home) in record.problem
    assert "nngrade data fetch mnist" in record.fix


def test_the_status_of_a_damaged_file_names_it(tiny, fill, home):
    fill(home, tiny)
    (home / f"{TEST}.gz").write_bytes(b"damaged")
    record = status("mnist")
    assert not record.available
    assert str(home / f"{TEST}.gz") in record.problem
    assert len(record.digests) == 3


def test_the_digits_are_always_there(tiny):
    assert status("digits").available


# The real thing


def test_the_real_files_have_the_known_shapes_and_first_labels(real_mnist):
    raw = fetch_mnist(download=False)
    assert raw.train_images.shape == (60_000, 28, 28)
    assert raw.test_images.shape == (10_000, 28, 28)
    assert raw.train_labels[:8].tolist() == [5, 0, 4, 1, 9, 2, 1, 3]
    assert raw.test_labels[:8].tolist() == [7, 2, 1, 0, 4, 1, 4, 9]


def test_the_real_files_are_downloaded_whole(real_mnist, home, mirror_of):
    mirror = mirror_of({})
    for name, path in real_mnist.paths.items():
        packed = path.read_bytes()
        is_packed = packed[:2] == b"\x1f\x8b"
        mirror.files[f"{name}.gz"] = packed if is_packed else gzip.compress(packed, 1)
    raw = fetch_mnist(mirrors=[mirror.url])
    assert find_mnist() == home
    assert raw.train_images.tobytes() == bytes(real_mnist.contents[TRAIN][16:])


def test_one_altered_pixel_of_the_real_files_is_refused(real_mnist, home):
    for name, path in real_mnist.paths.items():
        content = real_mnist.contents[name]
        (home / name).write_bytes(altered(bytes(content)) if name == TEST else path.read_bytes())
    with pytest.raises(DamagedFile, match=f"{TEST} has been altered"):
        fetch_mnist(download=False)
