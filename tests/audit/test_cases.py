"""Answers that are tried: the untouched stub among them."""

from __future__ import annotations

import numpy as np
import pytest

from nngrade.audit.cases import namespace_of, stub


def test_the_untouched_stub_raises(stage):
    namespace = namespace_of(stage, stub(stage, "total"))
    with pytest.raises(NotImplementedError):
        namespace["total"](np.ones(2))
    assert namespace["scaled"]([1.0]) == 2  # given code is there
