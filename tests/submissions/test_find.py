"""Which notebooks are found in folders, archives and exports."""

from __future__ import annotations

import contextlib
import os
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nngrade.errors import NngradeError
from nngrade.submissions.files import read_bytes
from nngrade.submissions.find import find_submissions
from tests.helpers import STAGE, packed
from tests.submissions.conftest import NOTEBOOK, found


def test_a_zip_that_a_student_handed_in_is_looked_into_once(course, pack):
    twice = packed([("again.zip", packed([(f"{STAGE}.ipynb", NOTEBOOK)]))])
    students = found(
        course,
        pack(
            {
                "exampleann_11_501_work.zip": packed([(f"my work/{STAGE}.ipynb", NOTEBOOK)]),
                "leekim_12_502_work.zip": twice,
                "broken_13_503_work.zip": b"PK no zip at all",
            }
        ),
    )
    assert students["11"].error is None
    assert students["11"].path.name == f"{STAGE}.ipynb"
    assert read_bytes(students["11"].path) == NOTEBOOK
    assert "no notebook by leekim, only again.zip" in str(students["12"].error)
    assert "broken_13_503_work.zip: the archive is not read" in str(students["13"].error)


def test_a_zip_of_very_many_notebooks_is_refused(course, pack):
    many = packed((f"{number}.ipynb", NOTEBOOK) for number in range(60))
    (one,) = found(course, pack({"exampleann_11_501_work.zip": many})).values()
    assert "60 notebooks are more than the 50 that a student may hand in" in str(one.error)


def test_a_zip_beside_a_notebook_is_none_of_ours(course, tmp_path):
    folder = tmp_path / "submitted/ann" / STAGE
    folder.mkdir(parents=True)
    (folder / f"{STAGE}.ipynb").write_bytes(NOTEBOOK)
    (folder / "data.zip").write_bytes(b"x")
    (candidate,) = find_submissions([tmp_path / "submitted"], course)
    assert candidate.path == folder / f"{STAGE}.ipynb"


@pytest.mark.parametrize("folder", [f"victim/{STAGE}", "", "some/where/deep"])
def test_what_is_in_a_students_folder_is_that_students(course, tmp_path, folder):
    """Whatever students call the folders that they hand in."""
    work = packed([(f"{folder}/{STAGE}.ipynb".lstrip("/"), NOTEBOOK)])
    place = tmp_path / "submitted/mallory" / STAGE
    place.mkdir(parents=True)
    (place / "work.zip").write_bytes(work)
    assert set(found(course, tmp_path / "submitted")) == {"mallory"}
    (place / "work.zip").unlink()
    (place / folder).mkdir(parents=True, exist_ok=True)
    (place / folder / f"{STAGE}.ipynb").write_bytes(NOTEBOOK)
    assert set(found(course, tmp_path / "submitted")) == {"mallory"}


def test_an_archive_of_a_tree_is_read_as_the_tree(course, pack):
    names = found(course, pack({f"all/{one}/{STAGE}/{STAGE}.ipynb": NOTEBOOK for one in "abc"}))
    assert set(names) == set("abc")
    assert set(found(course, pack({f"{STAGE}.ipynb": NOTEBOOK}, "ann.zip"))) == {"ann"}


def test_an_export_named_like_a_hand_in_is_asked_about(course, pack, tmp_path):
    files = {f"exampleann_11_501_{STAGE}.ipynb": NOTEBOOK, f"b_12_555_{STAGE}.ipynb": NOTEBOOK}
    archive = pack(files, "nn_2026_1101_week.zip")
    assert set(found(course, archive)) == {"11", "12"}, "somebody names it: it is an export"
    (candidate,) = find_submissions([tmp_path], course)
    assert "give an export another name" in str(candidate.error)


def test_links_are_not_followed(course, tmp_path):
    (tmp_path / "class").mkdir()
    (tmp_path / "secret.ipynb").write_bytes(NOTEBOOK)
    (tmp_path / "class/ann.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (candidate,) = find_submissions([tmp_path / "class"], course)
    assert "ann.ipynb: a link" in str(candidate.error)


def test_the_newest_upload_counts_whatever_its_name(course, pack):
    archive = pack(
        {
            f"exampleann_11_900_{STAGE}.ipynb": NOTEBOOK,
            f"exampleann_11_1000_{STAGE}.ipynb": NOTEBOOK,
            f"exampleann_11_901_{STAGE}-7.ipynb": NOTEBOOK,
        }
    )
    assert found(course, archive)["11"].path.name == f"exampleann_11_1000_{STAGE}.ipynb"


SOUND = packed(
    [
        (f"exampleann_11_501_{STAGE}.ipynb", NOTEBOOK),
        ("leekim_12_502_work.zip", packed([(f"{STAGE}.ipynb", NOTEBOOK)])),
        (f"Bo_14_assignsubmission_file_/{STAGE}.ipynb", NOTEBOOK),
    ]
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(SOUND) - 1), st.binary(max_size=6)), min_size=1, max_size=6
    ),
    end=st.integers(0, len(SOUND)) | st.just(len(SOUND)),
)
def test_whatever_is_in_an_archive_nothing_but_a_sentence_comes_out(course, tmp_path, changes, end):
    raw = bytearray(SOUND)
    for place, piece in changes:
        raw[place : place + len(piece)] = piece
    path = tmp_path / "class.zip"
    path.write_bytes(raw[:end])
    os.utime(path, ns=(0, zlib.crc32(raw)))
    for candidate in find_submissions([path], course):
        with contextlib.suppress(NngradeError):
            assert len(read_bytes(candidate.path)) < 10**6
    assert [one.name for one in tmp_path.iterdir()] == ["class.zip"]
