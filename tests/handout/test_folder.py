"""How a hand-out is written: again, and over what students changed."""

from __future__ import annotations

import pytest

from nngrade.errors import NngradeError
from nngrade.handout.folder import LIST, write_handout
from tests.conftest import nngrade
from tests.handout.conftest import NOTEBOOK, in_folder

pytestmark = pytest.mark.thorough


def test_a_folder_with_something_in_it_is_left_alone(files, tmp_path):
    (tmp_path / "thesis.txt").write_text("x")
    with pytest.raises(NngradeError, match="not empty and not an earlier hand-out"):
        write_handout(files, tmp_path)
    assert list(in_folder(tmp_path)) == ["thesis.txt"]


def test_the_clone_of_an_empty_repository_is_taken(files, tmp_path):
    (tmp_path / ".git").mkdir()
    assert len(write_handout(files, tmp_path).new) == len(files)


def test_a_notebook_that_was_filled_in_survives_an_update(files, folder):
    (folder / NOTEBOOK).write_text("filled in")
    newer = {**files, NOTEBOOK: b"new", "check.py": b"new"}
    written = write_handout(newer, folder)
    assert (written.new, written.kept) == (("check.py",), (NOTEBOOK,))
    assert (folder / NOTEBOOK).read_text() == "filled in"
    assert write_handout(newer, folder).kept == (NOTEBOOK,)


def test_what_was_deleted_comes_back(files, folder):
    (folder / NOTEBOOK).unlink()
    assert write_handout(files, folder).new == (NOTEBOOK,)
    assert (folder / NOTEBOOK).read_bytes() == files[NOTEBOOK]


def test_what_is_handed_out_no_longer_goes_unless_it_was_changed(files, folder):
    second = NOTEBOOK.replace("stage01_sums", "stage02_gradients")
    (folder / NOTEBOOK).write_text("filled in")
    fewer = {name: files[name] for name in files if name not in (NOTEBOOK, second)}
    written = write_handout(fewer, folder)
    assert (written.removed, written.kept) == ((second,), (NOTEBOOK,))
    assert not (folder / second).parent.exists()


def test_files_of_others_beside_a_handout_stay(files, folder):
    (folder / "notes.txt").write_text("mine")
    write_handout(files, folder)
    assert (folder / "notes.txt").read_text() == "mine"


def test_an_update_that_was_broken_off_can_be_made_again(files, folder):
    # The list is written last: some files are newer than it says.
    (folder / "check.py").write_bytes(b"new")
    written = write_handout({**files, "check.py": b"new", "README.md": b"new"}, folder)
    assert (written.new, written.kept) == (("README.md",), ())


def test_nothing_is_written_through_a_link(files, tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "handout"
    outside.mkdir()
    write_handout({}, folder)
    (folder / "assignments").symlink_to(outside)
    with pytest.raises(NngradeError, match="is a link, or beyond one"):
        write_handout(files, folder)
    assert not list(outside.iterdir())


@pytest.mark.parametrize("listed", ["{", "[]", '{"files": []}'])
def test_a_list_that_is_broken_is_named(files, folder, listed):
    (folder / LIST).write_text(listed)
    with pytest.raises(NngradeError, match=rf"{LIST} cannot be read"):
        write_handout(files, folder)


def test_the_command_says_what_it_kept(course, folder):
    (folder / NOTEBOOK).write_text("filled in")
    run = nngrade(course.root, "handout", str(folder))
    assert f"kept     {folder / NOTEBOOK}: it was changed since" in run.stdout
    assert "0 written" in run.stdout
