"""The table of an audit in solutions/README.md."""

from __future__ import annotations

import pytest

from nngrade.audit.run import audit
from nngrade.audit.summary import BEGIN, END, replace_table
from nngrade.audit.task import Plan
from nngrade.errors import NngradeError


def test_the_table_goes_between_its_marks(course, tmp_path):
    findings = list(audit(course, course.stages[:1], Plan.fast(), 1))
    readme = tmp_path / "README.md"
    readme.write_text(f"Before.\n\n{BEGIN}\nold\n{END}\n\nAfter.\n")
    assert replace_table(readme, findings)
    text = readme.read_text()
    assert text.startswith(f"Before.\n\n{BEGIN}\n\n| stage | tasks |")
    assert text.endswith(f"|\n\n{END}\n\nAfter.\n")
    assert "old" not in text
    assert not replace_table(readme, findings)
    readme.write_text("No marks.")
    with pytest.raises(NngradeError, match="add them"):
        replace_table(readme, findings)
