"""The feedback page: one well-formed file."""

from __future__ import annotations

import pytest

from nngrade.formats.html import render as feedback_page
from tests.formats.conftest import a_class, a_submission, ungraded
from tests.helpers import Page


@pytest.mark.parametrize(
    "results", [[], a_class(), [a_submission()], [ungraded()]], ids=["none", "all", "one", "bad"]
)
def test_the_feedback_page_is_well_formed_and_loads_nothing(results):
    text = feedback_page(results)
    page = Page(text)
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert page.labels <= page.ids
    assert not {"script", "link", "img", "iframe"} & set(page.elements)
    assert "url(" not in text
    assert "@import" not in text
    assert page.elements.count("h1") == 1


def test_the_feedback_page_says_what_a_student_is_told():
    text = " ".join(Page(feedback_page([a_submission()])).text.split())
    for words in (
        "2.5 of 8 points", "Points were lost in total (5.5).", "off by 1", "An average is taken.",
        "Hint: Is it?",
        "A note </failure>", "About right.", "timeout:",
    ):  # fmt: skip
        assert words in text
