"""Where the cells of a notebook stand in its file."""

from __future__ import annotations

import json

import pytest

from nngrade.authoring.specimens import untouched
from nngrade.course.stages import Course
from nngrade.formats.cell_lines import cell_lines


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_lines_of_cells_are_those_of_their_sources(tmp_path, course: Course, indent):
    notebook = untouched(course, course.stages[0])
    notebook["cells"][0]["source"] = "".join(notebook["cells"][0]["source"])
    notebook = {"metadata": {"cells": ["not these"]}, **notebook}
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(notebook, indent=indent))
    lines = path.read_text().splitlines()
    found = cell_lines(path)
    assert len(found) == len(notebook["cells"])
    for line, cell in zip(found, notebook["cells"], strict=True):
        source = cell["source"] if isinstance(cell["source"], str) else cell["source"][0]
        assert json.dumps(source) in lines[line - 1]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"cells": 3}', '{"cells": [}', "[" * 100_000, '{"cells": [1]}']
)
def test_a_file_without_cells_has_no_lines(tmp_path, text):
    path = tmp_path / "x.ipynb"
    path.write_text(text)
    assert cell_lines(path) == []
    assert cell_lines(tmp_path / "missing.ipynb") == []
