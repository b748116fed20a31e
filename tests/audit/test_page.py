"""The page and the document of an audit."""

from __future__ import annotations

import json

from nngrade.audit.page import render_audit
from nngrade.audit.summary import as_document
from tests.audit.conftest import audited
from tests.helpers import let_shifted_change_its_arguments


def test_the_page_and_the_document_show_diffs_and_escape_them(new_course):
    path = new_course.stages[0].folder / "checks.py"
    let_shifted_change_its_arguments(path)
    findings = [audited(new_course)]
    page = render_audit(findings)
    assert "values.__iadd__(by)" in page
    assert "The gates do not hold" in page
    assert page.count("<section") == page.count("</section>")
    document = json.loads(json.dumps(as_document(findings)))
    assert document["holds"] is False
    (check, *_) = document["stages"][0]["tasks"][1]["checks"]
    assert {"share", "verdict", "points", "alone"} <= set(check)
