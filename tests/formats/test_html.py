"""The feedback page: one well-formed file."""

from __future__ import annotations

import pytest

from nngrade.formats.html import render as feedback_page
from tests.formats.conftest import a_class, a_submission, check, submission, ungraded
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


def test_code_in_a_reason_is_code_and_nothing_else() -> None:
    one = check("a", message='line 2 (`x < y & "<b>"`), a `', hint="`np.sum`")
    text = feedback_page([submission("ann", one)])
    assert '<div class="why">line 2 (<code>x &lt; y &amp; &#34;&lt;b&gt;&#34;</code>), a `' in text
    assert "Hint: <code>np.sum</code>" in text


def test_the_feedback_page_says_what_a_student_is_told():
    text = " ".join(Page(feedback_page([a_submission()])).text.split())
    for words in (
        "2.5 of 8 points", "Points were lost in total (5.5).", "off by 1", "An average is taken.",
        "Hint: Is it?",
        "A note </failure>", "About right.", "timeout:",
    ):  # fmt: skip
        assert words in text
