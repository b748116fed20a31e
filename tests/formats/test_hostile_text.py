"""All formats at once: nothing that a submission says gets out of its place."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from nngrade.formats import csv as csv_format
from nngrade.formats import github, junit, markdown
from nngrade.formats.html import render as feedback_page
from tests.formats.conftest import check, submission, ungraded
from tests.helpers import OURS, Page, Rendered, commands_in, require_junit, rows

MARKS = [
    *"aw1 :/@#<>&\"'`*_~|\\$[](){}!-+=%,\n\r\t\x0b\x1b\x85\u2028\ud800\ufffe",
    "www.", "https://", "::", "##[", "<!--", "-->", "]]>", "~~~", "```", "&lt;", "@x", "#1", "- ",
    "1. ", "> ", "---", "<details>", "</details>", "%0A",
]  # fmt: skip


ANYTHING = st.lists(st.sampled_from(MARKS), max_size=20).map("".join)


@settings(max_examples=60, deadline=None)
@given(name=ANYTHING, message=ANYTHING, description=ANYTHING)
def test_nothing_that_a_submission_says_gets_out_of_its_place(name, message, description):
    lost = check("x", message=message, description=description, hint=name, example=message)
    two = [submission(name, lost, notes=(description,)), replace(ungraded(), error=message)]
    for results in (two, two[:1], two[1:]):
        page = Rendered(markdown.render(results))
        assert set(page.elements) <= OURS
        assert page.open == []
        Page(feedback_page(results))
        require_junit(junit.render(results))
        log = github.render(results)
        assert len(commands_in(log)) == len(re.findall(r"\r\n|\r|\n", log))
        for row in rows(csv_format.render(results)):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
