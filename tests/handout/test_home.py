"""Links of a hand-out to Colab and Binder."""

from __future__ import annotations

import json
import sys

import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.stages import Stage
from nngrade.errors import NngradeError
from nngrade.handout.contents import handout_files
from nngrade.handout.home import Home
from tests.handout.conftest import NOTEBOOK

HOME = Home("ada/course", "main")


def test_links_to_colab_and_binder_are_there_where_asked_only(files, course):
    linked = handout_files(course, course.stages, HOME)
    assert not any(b"colab" in content for content in files.values())
    assert ".binder/requirements.txt" not in files
    colab = f"https://colab.research.google.com/github/ada/course/blob/main/{NOTEBOOK}"
    binder = "https://mybinder.org/v2/gh/ada/course/main?urlpath=lab%2Ftree%2Fassignments%2F"
    for text in (linked["README.md"].decode(), linked[NOTEBOOK].decode()):
        assert colab in text
        assert binder in text
    assert linked[".binder/requirements.txt"] == b"-r ../requirements.txt\n"
    assert linked[".binder/runtime.txt"].decode() == "python-{}.{}\n".format(*sys.version_info)


def test_a_notebook_with_links_gets_all_its_points_and_no_remark(course, stage: Stage, grade):
    linked = json.loads(handout_files(course, course.stages, HOME)[NOTEBOOK])
    result = grade(fill(linked, stage, solutions(stage)))
    assert (result.score, result.max_score) == (6, 6)
    assert result.notes == grade(fill(untouched(course, stage), stage, solutions(stage))).notes


@pytest.mark.parametrize("address", ["ada/course", "https://github.com/ada/course.git"])
def test_a_repository_may_be_named_or_given_by_its_address(address):
    assert Home.of(address, "main") == HOME


@pytest.mark.parametrize(
    ("address", "branch"), [("course", "main"), ("a/b/c", "main"), ('a/b"', "main"), ("a/b", "x y")]
)
def test_what_is_no_repository_is_refused(address, branch):
    with pytest.raises(NngradeError, match=r"no repository on GitHub|no name of a branch"):
        Home.of(address, branch)
