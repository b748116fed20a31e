"""Whose a notebook is, by its place alone."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from nngrade.course.stages import Course
from nngrade.submissions.owners import owners_of, same_spelling

ROOT = Path("/searched/here")
STAGE = "stage01_sums"


def owners(course: Course, *relative: str, alone: bool = False) -> list[str | None]:
    return owners_of([(ROOT / one, ROOT) for one in relative], course, alone)


@pytest.mark.parametrize(
    ("paths", "students"),
    [
        # nbgrader's tree, from its top, and from one student's folder.
        ([f"ann/{STAGE}/{STAGE}.ipynb", f"bob/{STAGE}/hw.ipynb"], ["ann", "bob"]),
        ([f"{STAGE}/{STAGE}.ipynb", f"{STAGE}/old/try.ipynb"], ["here", "here"]),
        ([f"week1/ann/{STAGE}/x.ipynb", f"week1/bob/{STAGE}/x.ipynb"], ["ann", "bob"]),
        # Folders name students, whatever the files are called.
        (["ann/hw1.ipynb", "bob/hw1.ipynb"], ["ann", "bob"]),
        (["ann/Untitled3.ipynb", "bob/Untitled3.ipynb"], ["ann", "bob"]),
        ([f"ann/Copy of {STAGE}.ipynb", f"bob/Copy of {STAGE}.ipynb"], ["ann", "bob"]),
        (["ann/work/x.ipynb", "bob/x.ipynb"], ["ann", "bob"]),
        (["ann/v1/x.ipynb", "ann/v2/x.ipynb", "bob/v1/x.ipynb"], ["ann", "ann", "bob"]),
        (["ann/my_tests.ipynb", "ann/answers.ipynb", "bob/x.ipynb"], ["ann", "ann", "bob"]),
        # The stage above the students, or the group above them.
        ([f"{STAGE}/ann/x.ipynb", f"{STAGE}/bob/x.ipynb"], ["ann", "bob"]),
        ([f"{STAGE}/ann/sub/x.ipynb", f"{STAGE}/bob/x.ipynb"], ["ann", "bob"]),
        (["s1/ann/x.ipynb", "s1/bob/x.ipynb", "s2/cem/x.ipynb"], ["ann", "bob", "cem"]),
        (["s1/ann/x.ipynb", "s1/bob/x.ipynb"], ["ann", "bob"]),
        # Files name students where nothing else does.
        (["ann.ipynb", "bob.ipynb"], ["ann", "bob"]),
        ([f"{STAGE}/ann.ipynb", f"{STAGE}/bob.ipynb"], ["ann", "bob"]),
        (["w1/ann.ipynb", "w1/bob.ipynb", "w2/ann.ipynb", "w2/bob.ipynb"], ["ann", "bob"] * 2),
        # One student's folder, with copies.
        ([f"{STAGE}.ipynb", f"{STAGE} (1).ipynb", f"{STAGE}-Copy1.ipynb"], ["here"] * 3),
        ([f"{STAGE}.ipynb", f"{STAGE}__20261101.ipynb"], ["here"] * 2),
        # What cannot be told is not guessed.
        (["hw1.ipynb", "Untitled3.ipynb"], [None, None]),
        (["homework 2.ipynb", "ann.ipynb"], [None, "ann"]),
        ([f"{STAGE}_ann.ipynb", f"{STAGE}_bob.ipynb"], [None, None]),
    ],
)
def test_a_place_names_the_student_or_nobody(
    course: Course, paths: list[str], students: list[str | None]
) -> None:
    assert owners(course, *paths) == students
    assert owners(course, *reversed(paths)) == students[::-1], "the order must not matter"


@pytest.mark.parametrize(
    ("path", "student"),
    [("hw1.ipynb", "hw1"), (f"{STAGE}.ipynb", "here"), ("ann/x.ipynb", "ann")],
)
def test_of_a_single_notebook_nobody_need_be_known(course: Course, path: str, student: str) -> None:
    assert owners(course, path, alone=True) == [student]


def test_the_stage_itself_may_be_what_is_searched(course: Course) -> None:
    root = Path("/class") / STAGE
    found = [(root / "ann/x.ipynb", root), (root / "bob/x.ipynb", root)]
    assert owners_of(found, course, False) == ["ann", "bob"]
    root = Path("/class/ann") / STAGE
    assert owners_of([(root / f"{STAGE}.ipynb", root)], course, False) == ["ann"]


def test_an_archive_stands_for_a_folder(course: Course) -> None:
    found = [(ROOT / "ann.zip/x.ipynb", ROOT), (ROOT / "bob.zip/x.ipynb", ROOT)]
    assert owners_of(found, course, False) == ["ann", "bob"]


def test_unicode_forms_of_a_name_are_one_student(course: Course) -> None:
    forms = [unicodedata.normalize(form, "zoë") for form in ("NFC", "NFD")]
    found = owners(course, f"{forms[0]}/a.ipynb", f"{forms[1]}/{STAGE}/a.ipynb")
    assert found == [forms[0], forms[0]]


def test_names_that_differ_in_case_only_are_told() -> None:
    wrong = same_spelling(["Ann", "ann", "bob"])
    assert set(wrong) == {"Ann", "ann"}
    assert "Ann and ann differ in upper and lower case only" in wrong["Ann"]
