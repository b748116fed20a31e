"""How much students are told."""

from __future__ import annotations

import pytest

from nngrade.course.options import LEVELS
from nngrade.formats.feedback import as_told
from tests.formats.conftest import a_submission


@pytest.mark.parametrize("level", LEVELS)
def test_the_score_is_the_same_whatever_is_told(level):
    assert as_told(a_submission(), level).score == 2.5
