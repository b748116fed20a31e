"""When a file in a watched folder is complete."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nngrade.course.stages import Course
from nngrade.watching.arrivals import PATIENCE, SETTLE, Arrivals
from tests.helpers import STAGE
from tests.watching.conftest import NAME, Clock, put


@pytest.fixture
def look(course: Course, inbox: Path, clock: Clock) -> Callable[[float], set[str]]:
    """Let time go by, look, and say which files are complete."""
    arrivals = Arrivals(inbox, clock)

    def after(seconds: float) -> set[str]:
        clock.now += seconds
        arrivals.look(course)
        return {str(found.path.relative_to(inbox)) for found, _ in arrivals.complete()}

    return after


def test_a_file_is_complete_when_it_is_at_rest(look, inbox, blank_text):
    path = put(inbox, "ann", blank_text)
    name = f"ann/{STAGE}/{NAME}"
    assert look(0) == set()
    assert look(SETTLE) == {name}
    with path.open("a") as file:
        file.write("\n")
    assert look(SETTLE) == set()
    assert look(SETTLE) == {name}


def test_half_a_file_is_waited_for(look, inbox, blank_text):
    path = inbox / "ann.ipynb"
    for share in (4, 3, 2):
        path.write_text(blank_text[: len(blank_text) // share])
        assert look(PATIENCE - 1) == set()
    path.write_text(blank_text)
    assert look(0) == set()
    assert look(SETTLE) == {"ann.ipynb"}


def test_a_file_that_stays_broken_is_taken_for_what_it_is(look, inbox):
    (inbox / "ann.ipynb").write_text("{")
    (inbox / "class.zip").write_bytes(b"PK\3\4 and then nothing")
    assert look(0) == set()
    assert look(PATIENCE - 1) == set()
    assert look(1) == {"ann.ipynb", "class.zip"}


def test_a_file_that_is_written_in_the_place_of_another_is_another(look, inbox, blank_text):
    path = put(inbox, "ann", blank_text)
    before = path.stat()
    look(0)
    assert look(SETTLE)
    put(inbox, "ann", blank_text.replace("a", "b", 1))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert look(0) == set()


def test_when_it_was_handed_in_belongs_to_a_file(look, inbox, blank_text):
    path = put(inbox, "ann", blank_text)
    look(0)
    assert look(SETTLE)
    path.with_name("timestamp.txt").write_text("2026-11-01 10:00:00 UTC")
    assert look(0) == set()


def test_hidden_files_links_and_empty_folders(look, inbox, blank_text, tmp_path):
    (inbox / ".hidden").mkdir()
    (inbox / ".hidden/ann.ipynb").write_text(blank_text)
    (inbox / ".ann.ipynb").write_text(blank_text)
    (inbox / "ann.ipynb.part").write_text(blank_text)
    assert look(0) == look(2 * PATIENCE) == set()
    (tmp_path / "secret.ipynb").write_text(blank_text)
    (inbox / "bob.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (inbox / "all").symlink_to(tmp_path)
    look(0)
    assert look(PATIENCE) == {"bob.ipynb"}, "which is said to be a link"
