"""Figures in JupyterLab, in Chromium: a screen reader meets each with its description."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nngrade.authoring.specimens import untouched
from nngrade.course.stages import Course
from tests.browser import NEEDS_CHROMIUM
from tests.live.conftest import Lab

sync = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = sync.expect

pytestmark = [pytest.mark.browser, NEEDS_CHROMIUM]
STAGE = "stage04_mlp_forward"


@pytest.mark.thorough
@pytest.mark.parametrize("width", [1300, 390])
def test_a_figure_has_its_description_before_and_after_its_cell_has_run(
    lab: Lab, new_page: Callable[..., Any], real_course: Course, width: int
) -> None:
    stage = real_course.stage(STAGE)
    content = untouched(real_course, stage)
    first = next(cell for cell in content["cells"] if cell.get("outputs"))
    above = content["cells"][: content["cells"].index(first)]
    content["cells"] = [*(cell for cell in above if cell["cell_type"] == "code"), first]
    text = "".join(first["outputs"][0]["data"]["text/plain"])
    page = new_page(viewport={"width": width, "height": 900})
    notebook = lab.open(page, content, stage)  # a new file, which JupyterLab does not trust
    sources = []
    for _ in range(2):
        image = notebook.cell(first["id"]).get_by_role("img", name=text, exact=True)
        expect(image).to_have_count(1)
        expect(notebook.cell(first["id"]).locator("img:not([alt])")).to_have_count(0)
        assert image.evaluate("one => one.complete && one.naturalWidth > 0")
        box, area = image.bounding_box(), image.locator("xpath=..").bounding_box()
        assert box["width"] <= area["width"] + 1
        sources.append(image.get_attribute("src"))
        notebook.run_all()
        assert notebook.errors() == []
    # It was a new picture that the second look found.
    assert sources[0] != sources[1]
