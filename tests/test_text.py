"""Numbers and lists for people."""

from __future__ import annotations

import pytest

from nngrade.text import listed, short_numbers


@pytest.mark.parametrize(
    ("text", "shorter"),
    [
        ("it is 0.30000000000000004", "it is 0.3"),
        ("x is 1.6048093898414613e-06, y is 2.5", "x is 1.60481e-06, y is 2.5"),
        ("-12.345678901 and [0.12345678, 1]", "-12.3457 and [0.123457, 1]"),
        ("1.0, 100, 3.14159, 0.001", "1.0, 100, 3.14159, 0.001"),
        # What is different stays different.
        ("0.30000000000000004, not 0.3", "0.30000000000000004, not 0.3"),
        ("1.00000001 and 1.00000002", "1.00000001 and 1.00000002"),
        ("the same twice: 0.12345678, 0.12345678", "the same twice: 0.123457, 0.123457"),
        # No numbers by themselves.
        ("version 1.26.4123456", "version 1.26.4123456"),
        ("v1.23456789 x1.23456789", "v1.23456789 x1.23456789"),
        ("array([0.33333333, 0.66666667])", "array([0.333333, 0.666667])"),
    ],
)
def test_numbers_have_six_digits(text: str, shorter: str) -> None:
    assert short_numbers(text) == shorter


def test_very_many_numbers_take_no_long_time() -> None:
    text = " ".join(f"{number / 7919:.12f}" for number in range(1, 60_000))
    assert len(short_numbers(text)) < len(text)


def test_words_stand_in_a_row():
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a or b"
    assert listed(iter("abc"), "and") == "a, b and c"
