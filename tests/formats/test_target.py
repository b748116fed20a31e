"""Files that results go to, and what only looks like one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from nngrade.errors import NngradeError
from nngrade.formats.target import Target


def test_a_step_keeps_what_it_wrote_into_its_summary_before(tmp_path, monkeypatch):
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    target = Target(str(path))
    target.write("not finished\n")
    assert path.read_text() == "before\nnot finished\n"
    target.write("all is well\n")
    assert path.read_text() == "before\nall is well\n"


def test_a_file_is_replaced_whole_with_the_permissions_of_a_new_one(tmp_path):
    path = tmp_path / "r.json"
    path.write_text("old")
    path.chmod(0o600)
    number = path.stat().st_ino
    Target(str(path)).write("new")
    (tmp_path / "other").touch()
    assert path.read_text() == "new"
    assert path.stat().st_ino != number
    assert path.stat().st_mode == (tmp_path / "other").stat().st_mode
    assert sorted(one.name for one in tmp_path.iterdir()) == ["other", "r.json"]


def test_where_there_is_no_room_what_stood_there_stays(tmp_path):
    path = tmp_path / "results.json"
    path.write_text("grading did not finish")
    program = (
        "import resource, sys\n"
        "from nngrade.errors import NngradeError\n"
        "from nngrade.formats.target import Target\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        "    Target(sys.argv[1]).write('x' * 5000)\n"
        "except NngradeError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert "cannot be written" in done.stdout
    assert path.read_text() == "grading did not finish"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path):
    (tmp_path / "mine").write_text("mine")
    link = tmp_path / "r.json"
    link.symlink_to(tmp_path / "mine")
    Target(str(link)).write("results")
    assert not link.is_symlink()
    assert link.read_text() == "results"
    assert (tmp_path / "mine").read_text() == "mine"


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's right to write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_in_a_folder_that_cannot_be_written_is_written_in_place(tmp_path, monkeypatch):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "r.json").write_text("old and longer")
    (folder / "r.json").chmod(0o666)
    folder.chmod(0o555)
    monkeypatch.chdir(folder)
    with as_nobody():
        Target("r.json").write("new")
        with pytest.raises(NngradeError, match=r"s\.json: the results cannot be written"):
            Target("s.json").write("new")
    folder.chmod(0o755)
    assert (folder / "r.json").read_text() == "new"


def test_a_pipe_that_nobody_reads_does_not_hang_the_run(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NngradeError, match="nobody reads from it"):
        Target(str(tmp_path / "pipe")).write("x")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(NngradeError, match="it is a folder"):
        Target(str(tmp_path)).write("x")
