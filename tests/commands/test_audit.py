"""`nngrade audit`: exit codes, files, options."""

from __future__ import annotations

import json

import pytest

from tests.conftest import nngrade
from tests.helpers import let_shifted_change_its_arguments


@pytest.mark.slow
def test_an_audit_on_the_command_line(new_course, tmp_path):
    done = nngrade(
        new_course.root, "audit", "--fast", "--jobs", "1", "--json", "a.json", "--html", "a.html"
    )
    assert "The gates hold" in done.stdout
    document = json.loads((new_course.root / "a.json").read_text())
    assert document["holds"] is True
    assert [one["stage"] for one in document["stages"]] == [one.name for one in new_course.stages]
    assert "<h1>Audit of the checks</h1>" in (new_course.root / "a.html").read_text()

    path = new_course.stages[0].folder / "checks.py"
    let_shifted_change_its_arguments(path)
    done = nngrade(new_course.root, "audit", "stage01", "--fast", "--jobs", "1", ok=False)
    assert done.returncode == 1
    assert "misconception shifted/in_place" in done.stdout
    done = nngrade(new_course.root, "audit", "stage01", "--luck", "3", ok=False)
    assert "misconception shifted/in_place" in done.stdout
    assert "caught with 0 of 3 seeds" in done.stdout
    done = nngrade(new_course.root, "audit", "--luck", "3", "--fast", ok=False)
    assert done.returncode == 2
    done = nngrade(new_course.root, "audit", "stage01", "--update-readme", ok=False)
    assert done.returncode == 2
    assert "all stages" in done.stderr
