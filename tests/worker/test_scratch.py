"""A scratch folder is counted and removed, whatever was made in it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from nngrade.worker import scratch

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX folders")

DEPTH = 3000


def deep(folder: Path) -> None:
    """Nested deeper than a path can be long, or Python can recurse."""
    program = f"import os\nfor _ in range({DEPTH}): os.mkdir('deep'); os.chdir('deep')\n"
    program += "open('bottom', 'w').close()"
    subprocess.run([sys.executable, "-c", program], cwd=folder, check=True)


def closed(folder: Path) -> None:
    """Folders that their owner may not enter, with something in them."""
    for mode in (0, 0o300, 0o500):
        inner = folder / f"closed{mode}"
        inner.mkdir()
        (inner / "file").touch()
        (inner / "folder").mkdir()
        (inner / "folder" / "file").touch()
        (inner / "folder").chmod(mode)
        inner.chmod(mode)


def oddly_named(folder: Path) -> None:
    for name in (b"\xff\xfe", b"-rf", b"\n", b"x" * 255, b"...", b"*"):
        os.mkdir(os.fsencode(folder) + b"/" + name)
        os.mkdir(os.fsencode(folder) + b"/" + name + b"/nngrade-0")
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name + b"/file")).touch()
    (folder / "nngrade-1").mkdir()
    (folder / "nngrade-1" / "nngrade-1").mkdir()


def linked(folder: Path) -> None:
    (folder / "outside").symlink_to(folder.parent / "kept")
    (folder / "inner").mkdir()
    (folder / "inner" / "outside").symlink_to(folder.parent / "kept", target_is_directory=True)
    (folder / "inner" / "itself").symlink_to("itself")


def wide(folder: Path) -> None:
    for number in range(300):
        (folder / f"{number}" / "inner").mkdir(parents=True)


@pytest.mark.parametrize(
    "fill", [deep, closed, oddly_named, linked, wide], ids=lambda f: f.__name__
)
def test_a_folder_is_removed_whatever_is_in_it(tmp_path: Path, fill: Callable[[Path], None]):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("not in it")
    folder = tmp_path / "scratch"
    folder.mkdir()
    fill(folder)
    scratch.remove(str(folder))
    assert not folder.exists()
    assert (kept / "file").read_text() == "not in it"


def test_removing_a_folder_that_is_gone_is_no_error(tmp_path: Path):
    scratch.remove(str(tmp_path / "gone"))
    assert list(tmp_path.iterdir()) == []


def test_files_in_all_folders_count_and_links_do_not(tmp_path: Path):
    big, folder = tmp_path / "big", tmp_path / "scratch"
    big.write_bytes(bytes(2**20))
    (folder / "inner").mkdir(parents=True)
    (folder / "link").symlink_to(big)
    assert scratch.size_of(str(folder), 2**30) < 2**16
    (folder / "inner" / "file").write_bytes(bytes(2**20))
    assert 2**20 <= scratch.size_of(str(folder), 2**30) < 2**20 + 2**16


def test_empty_files_count_too(tmp_path: Path):
    for number in range(100):
        (tmp_path / str(number)).touch()
    assert scratch.size_of(str(tmp_path), 2**30) >= 100 * 4096


def test_counting_stops_above_the_limit(tmp_path: Path):
    for number in range(100):
        (tmp_path / str(number)).touch()
    assert 10 * 4096 < scratch.size_of(str(tmp_path), 10 * 4096) <= 12 * 4096


def test_a_folder_that_no_path_reaches_is_more_than_any_limit(tmp_path: Path):
    deep(tmp_path)
    assert scratch.size_of(str(tmp_path), 2**40) == scratch.UNCOUNTABLE
    scratch.remove(str(tmp_path))


def test_folders_of_a_killed_grader_go_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    program = (
        "from nngrade.worker import scratch\nprint(scratch.make('worker'), flush=True)\ninput()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    theirs, ours = Path(other.stdout.readline().strip()), Path(scratch.make("zygote"))
    (theirs / "file").touch()
    scratch.sweep()
    assert theirs.exists(), "a grader that runs keeps its folder"
    other.kill()
    other.communicate()
    scratch.sweep()
    assert not theirs.exists()
    assert ours.exists()
    scratch.remove(str(ours))
    assert list(tmp_path.iterdir()) == []
