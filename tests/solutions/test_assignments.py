"""The committed assignments: what the lessons say, valid, and without names of what is hidden."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import nbconvert
import nbformat
from bs4 import BeautifulSoup

from nngrade.authoring.build import differences
from nngrade.authoring.pictures import LARGEST_NOTEBOOK, draws
from nngrade.authoring.specimens import untouched
from nngrade.course.naming import cell_ids
from nngrade.course.stages import Course


def test_the_committed_assignments_are_what_the_lessons_say(real_course: Course):
    assert [str(one) for one in differences(real_course, real_course.stages)] == []


def test_notebooks_are_valid_and_run_on_any_python_kernel(real_course: Course):
    for stage in real_course.stages:
        notebook = nbformat.from_dict(untouched(real_course, stage))
        nbformat.validate(notebook)
        assert notebook.metadata.kernelspec.name == "python3"
        assert all("lines_to" not in key for cell in notebook.cells for key in cell.metadata)


def test_ids_name_nothing_that_is_hidden(real_course: Course):
    for stage in real_course.stages:
        notebook = untouched(real_course, stage)
        for cell in notebook["cells"]:
            cell.pop("outputs", None)  # pictures, whose letters mean nothing
        text = json.dumps(notebook)
        for check in stage.checks:
            if check.function is not None:
                assert check.name not in text


def test_every_figure_has_its_picture(real_course: Course):
    for stage in real_course.stages:
        figures = {name for cell, name in cell_ids(stage.lesson).items() if draws(cell)}
        cells = untouched(real_course, stage)["cells"]
        assert figures == {cell["id"] for cell in cells if cell.get("outputs")}
        assert len(figures) >= real_course.options.stages.figures
        path = real_course.assignments / stage.name / f"{stage.name}.ipynb"
        assert path.stat().st_size <= LARGEST_NOTEBOOK


def pictures(real_course: Course) -> Iterator[tuple[str, str, str]]:
    """Stage, cell and description of each picture."""
    for stage in real_course.stages:
        for cell in untouched(real_course, stage)["cells"]:
            for output in cell.get("outputs", ()):
                yield stage.name, cell["id"], "".join(output["data"].get("text/plain", ""))


def test_every_picture_is_described_in_a_few_plain_sentences(real_course: Course):
    texts = list(pictures(real_course))
    assert len(texts) > 80
    for *place, text in texts:
        assert text.endswith("."), place
        assert len(re.findall(r"[.!?](?= |$)", text)) <= 6, place
        assert 30 <= len(text) <= 320, (place, len(text))
        assert not set("$\\{}_^") & set(re.sub(r"\b[a-z]+_[a-z_]+\b", "", text)), (place, text)
    assert len({text for *_, text in texts}) == len(texts)


def test_a_page_made_of_a_notebook_describes_every_picture(real_course: Course):
    for stage in real_course.stages:
        path = real_course.assignments / stage.name / f"{stage.name}.ipynb"
        page, _ = nbconvert.HTMLExporter().from_filename(str(path))
        soup = BeautifulSoup(page, "html.parser")
        shown = [one["alt"] for one in soup.select(".jp-OutputArea-output img")]
        assert shown == [text for name, _, text in pictures(real_course) if name == stage.name]
        assert "No description has been provided" not in page


def test_all_figures_have_one_style(real_course: Course):
    """Each stage sets it, in the cell that imports matplotlib; none has another."""
    for stage in real_course.stages:
        sources = [cell.source for cell in stage.lesson.of_kind("given", "demo")]
        (first,) = (one for one in sources if "import matplotlib.pyplot as plt" in one)
        assert sum(one.count("plots.use_style()") for one in sources) == 1, stage.name
        assert "plots.use_style()" in first.partition("plots.show(")[0]
        assert not any("rcParams" in one or "style.use" in one for one in sources)
