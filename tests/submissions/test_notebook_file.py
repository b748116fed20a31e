"""Files that may be notebooks: each is read, or refused with a reason."""

from __future__ import annotations

import json
import os

import pytest

from nngrade.course.notebook import notebook_text
from nngrade.errors import SubmissionError


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\0\0", "empty"),
        (b"not json", "not a notebook"),
        (b"[]", "without cells"),
        (b'{"a": 1}', "without cells"),
        (b'{"cells": 3}', "without cells"),
        (b'{"cells": [', "cut off"),
        (b"PK\x03\x04rest", "zip"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"<<<<<<< HEAD\n{}\n=======\n>>>>>>> main\n", "web page|conflict"),
        (b'{"cells": [\n<<<<<<< HEAD\n=======\n>>>>>>> main\n]}', "conflict"),
        (b"[" * 200_000, "not a notebook"),
        (b"\xff\xfe" + "{".encode("utf-16-le"), "not a notebook"),
    ],
    ids=lambda value: repr(value[:12]),
)
def test_a_file_that_is_no_notebook_is_refused_with_the_reason(grade, content, words):
    with pytest.raises(SubmissionError, match=words):
        grade(content)


def test_a_notebook_without_cells_is_listed(grade):
    with pytest.raises(SubmissionError, match="it has no cell of the course"):
        grade('{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}')


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_are_read(right, grade, encoding):
    assert grade(notebook_text(right).encode(encoding)).score == 6


def test_bytes_that_are_no_utf8_cost_nothing_else(right, grade):
    raw = notebook_text(right).encode().replace(b"Adding things up", b"Adding \xff\xfe up")
    assert grade(raw).score == 6


def test_numbers_of_any_length_are_no_obstacle(right, grade):
    raw = json.dumps(right).replace('"nbformat": 4', '"nbformat": ' + "4" * 100_000)
    assert grade(raw).score == 6


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_that_is_called_a_notebook_does_not_hang(grader, stage, tmp_path):
    path = tmp_path / "pipe.ipynb"
    os.mkfifo(path)
    with pytest.raises(SubmissionError, match="not a regular file"):
        grader.grade(path, stage, "ann")


def test_a_huge_file_is_refused(grader, stage, tmp_path):
    path = tmp_path / "huge.ipynb"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    with pytest.raises(SubmissionError, match="200 MiB is more"):
        grader.grade(path, stage, "ann")
