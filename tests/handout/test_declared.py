"""What students and graders install, as the project declares it."""

from __future__ import annotations

import tomllib

from packaging.requirements import Requirement

from nngrade.handout.pins import core, ranges

from ..conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_a_range_is_that_of_the_core_or_of_an_extra() -> None:
    plots, numpy = PROJECT["optional-dependencies"]["plots"], "numpy>=1.26"
    assert ranges(["numpy", "matplotlib", "something-else"]) == [*plots, numpy, "something-else"]
    assert numpy in PROJECT["dependencies"]


def test_the_core_is_what_is_asked_for_without_an_extra() -> None:
    assert core() == {Requirement(one).name for one in PROJECT["dependencies"]}
