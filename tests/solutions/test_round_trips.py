"""A right notebook keeps its points whatever editors, services and formatters did to it.

Each form is a way in which notebooks reach a grader. Those that stand for a service (Colab, Kaggle
...) add the metadata that it adds; those that name a program run it.
"""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.grading.grader import Grader

pytestmark = pytest.mark.slow

Notebook = dict[str, Any]
Form = Callable[[Notebook, Path], bytes]
# Loops, branches, several functions that call each other, and given code.
STAGE = "stage03_xor"
FORMS: dict[str, Form] = {}


def form(made: Callable[..., Any]) -> Callable[..., Any]:
    """Register a form: a function that changes a notebook, or returns the bytes of a file."""

    parameters = signature(made).parameters.values()
    wanted = sum(one.default is one.empty for one in parameters)

    def apply(notebook: Notebook, folder: Path) -> bytes:
        notebook = copy.deepcopy(notebook)
        found = made(*(notebook, folder)[:wanted])
        if isinstance(found, bytes):
            return found
        return json.dumps(found if found is not None else notebook).encode()

    FORMS[made.__name__.replace("_", " ")] = apply
    return made


def code_cells(notebook: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def text_of(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def rewritten(notebook: Notebook, change: Callable[[str], str]) -> None:
    for cell in code_cells(notebook):
        cell["source"] = change(text_of(cell))


def cell(source: str, **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
        **more,
    }


# As the file is written.


@form
def as_it_is(notebook):
    pass


@form
def with_a_byte_order_mark(notebook):
    return b"\xef\xbb\xbf" + json.dumps(notebook).encode()


@form
def in_utf_16(notebook):
    return json.dumps(notebook, ensure_ascii=False).encode("utf-16")


@form
def with_crlf_in_the_file(notebook):
    return json.dumps(notebook, indent=1).replace("\n", "\r\n").encode()


@form
def with_crlf_in_the_cells(notebook):
    for one in notebook["cells"]:
        one["source"] = text_of(one).replace("\n", "\r\n")


@form
def with_cr_in_the_cells(notebook):
    for one in notebook["cells"]:
        one["source"] = text_of(one).replace("\n", "\r")


@form
def with_nothing_but_ascii(notebook):
    return json.dumps(notebook, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


@form
def with_sources_as_lists_of_lines(notebook):
    for one in notebook["cells"]:
        one["source"] = text_of(one).splitlines(True)


def in_version(notebook: Notebook, major: int, minor: int) -> bytes:
    node = nbformat.reads(json.dumps(notebook), 4)
    for one in node.cells:
        one.pop("id", None)
    node.nbformat_minor = minor if major == 4 else 4
    return json.dumps(node if major == 4 else nbformat.convert(node, major)).encode()


for major, minor in ((2, 0), (3, 0), (4, 0), (4, 1), (4, 2), (4, 4)):

    @form
    def of_version(notebook, _folder, major=major, minor=minor):
        return in_version(notebook, major, minor)

    FORMS[f"in version {major}.{minor} of the format"] = FORMS.pop("of version")


# As services and editors save it.

SERVICES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Colab": (
        {"colab": {"provenance": [], "toc_visible": True}, "accelerator": "GPU"},
        {"id": "aBcDeF123", "colab": {"base_uri": "https://localhost"}, "outputId": "x-1"},
    ),
    "VS Code": (
        {"vscode": {"interpreter": {"hash": "0" * 64}}},
        {"vscode": {"languageId": "python"}},
    ),
    "Kaggle": (
        {"kaggle": {"accelerator": "none", "dataSources": [], "isGpuEnabled": False}},
        {"_uuid": "8f2839f25d086af736a60e9eeb907d3b93b6e0e5", "trusted": True},
    ),
    "Deepnote": (
        {"deepnote": {}, "deepnote_notebook_id": "1", "deepnote_execution_queue": []},
        {"cell_id": "00000-1", "deepnote_cell_type": "code", "execution_millis": 2},
    ),
    "Databricks": (
        {"application/vnd.databricks.v1+notebook": {"language": "python"}},
        {"application/vnd.databricks.v1+cell": {"nuid": "1", "title": "", "inputWidgets": {}}},
    ),
    "SageMaker": ({"instance_type": "ml.t3.medium", "availableInstances": []}, {"tags": []}),
    "DataSpell": (
        {"language_info": {"name": "python", "pygments_lexer": "ipython2", "version": "2.7.6"}},
        {"collapsed": False, "pycharm": {"name": "#%%\n"}},
    ),
    "JupyterLite": (
        {
            "kernelspec": {
                "name": "python",
                "display_name": "Python (Pyodide)",
                "language": "python",
            }
        },
        {"trusted": True},
    ),
    "RISE": (
        {"rise": {"theme": "sky"}, "celltoolbar": "Slideshow"},
        {"slideshow": {"slide_type": "fragment"}},
    ),
    "papermill": (
        {"papermill": {"parameters": {}, "duration": 1.0, "exception": None}},
        {"papermill": {"status": "completed", "exception": False}, "tags": ["parameters"]},
    ),
}
for service, (of_notebook, of_cell) in SERVICES.items():

    @form
    def from_service(notebook, _folder, of_notebook=of_notebook, of_cell=of_cell):
        notebook["metadata"] = {**notebook["metadata"], **of_notebook}
        for one in notebook["cells"]:
            one["metadata"] = {**one.get("metadata", {}), **of_cell}

    FORMS[f"from {service}"] = FORMS.pop("from service")

    @form
    def from_service_without_ids(notebook, _folder, of_notebook=of_notebook, of_cell=of_cell):
        notebook["metadata"] = of_notebook
        for one in notebook["cells"]:
            one["metadata"] = of_cell
            one.pop("id", None)

    FORMS[f"from {service}, which dropped ids"] = FORMS.pop("from service without ids")


# As students change it.


@form
def with_a_note_above_each_cell(notebook):
    made = []
    for number, one in enumerate(notebook["cells"]):
        made += [
            {"cell_type": "markdown", "id": f"n{number}", "metadata": {}, "source": "Hm."},
            one,
        ]
    notebook["cells"] = made


@form
def with_all_code_in_one_cell(notebook):
    text = "\n\n".join(map(text_of, code_cells(notebook)))
    text = re.sub(r"^plt\.show\(\)$", "", text, flags=re.MULTILINE)
    notebook["cells"] = [cell(text, id="all")]


@form
def with_tests_above_their_tasks(notebook):
    cells = notebook["cells"]
    for number in range(1, len(cells)):
        if str(cells[number].get("id", "")).startswith("tests-"):
            cells[number - 1], cells[number] = cells[number], cells[number - 1]


@form
def with_answers_at_the_end(notebook):
    tasks = [one for one in notebook["cells"] if str(one.get("id", "")).startswith("task-")]
    notebook["cells"] = [one for one in notebook["cells"] if one not in tasks] + tasks


@form
def with_answers_in_new_cells(notebook):
    for number, one in enumerate(list(notebook["cells"])):
        if str(one.get("id", "")).startswith("task-"):
            notebook["cells"].append(cell(text_of(one), id=f"new{number}"))
            one["source"] = "# see below"


@form
def with_the_untouched_stubs_below(notebook):
    blank = [one for one in BLANK["cells"] if str(one.get("id", "")).startswith("task-")]
    notebook["cells"] += [{**one, "id": f"copy{n}"} for n, one in enumerate(blank)]


@form
def with_answers_as_markdown_cells(notebook):
    for one in notebook["cells"]:
        if str(one.get("id", "")).startswith("task-"):
            one["cell_type"] = "markdown"
            one.pop("outputs", None)
            one.pop("execution_count", None)


@form
def without_prose_and_tests(notebook):
    notebook["cells"] = [
        one for one in code_cells(notebook) if not str(one.get("id", "")).startswith("tests-")
    ]


@form
def without_anything_but_the_answers(notebook):
    notebook["cells"] = [
        one for one in notebook["cells"] if str(one.get("id", "")).startswith("task-")
    ]


@form
def without_ids(notebook):
    for one in notebook["cells"]:
        one.pop("id", None)
        one["metadata"] = {}


@form
def with_outputs_and_pictures(notebook):
    picture = {"image/png": "iVBORw0KGgo=" * 1000, "text/plain": ["<Figure>"]}
    output = {"output_type": "display_data", "data": picture, "metadata": {}}
    for one in code_cells(notebook):
        one["outputs"], one["execution_count"] = [output] * 3, 3


@form
def with_trailing_blanks(notebook):
    rewritten(notebook, lambda text: text.replace("\n", "  \n") + "\n\n\n")


@form
def with_tabs(notebook):
    rewritten(notebook, lambda text: text.replace("    ", "\t"))


@form
def with_cells_indented(notebook):
    rewritten(notebook, lambda text: text if '"""' in text else textwrap.indent(text, "    "))


@form
def with_prompts(notebook):
    def prompted(text: str) -> str:
        lines = text.split("\n")
        return "\n".join((">>> " if line[:1].strip() else "... ") + line for line in lines)

    for one in code_cells(notebook):
        if str(one.get("id", "")).startswith("task-"):
            one["source"] = prompted(text_of(one))


@form
def with_numbered_prompts(notebook):
    for number, one in enumerate(code_cells(notebook)):
        if str(one.get("id", "")).startswith("task-"):
            first, *rest = text_of(one).split("\n")
            one["source"] = "\n".join(
                [f"In [{number}]: {first}", *(f"   ...: {line}" for line in rest)]
            )


for magic in ("%%time", "%%timeit -n 1", "%%capture", "%%prun", "%%time\n%%capture out", "%%memit"):

    @form
    def under_magic(notebook, _folder, magic=magic):
        for one in code_cells(notebook):
            if str(one.get("id", "")).startswith("task-"):
                one["source"] = f"{magic}\n{text_of(one)}"

    FORMS[f"under {' '.join(magic.split())}"] = FORMS.pop("under magic")


@form
def with_line_magics(notebook):
    rewritten(notebook, lambda text: f"%matplotlib inline\n!pip list\n{text}\nnp.dot?")


@form
def with_types(notebook):
    rewritten(notebook, lambda text: f"from __future__ import annotations\n{text}")


@form
def with_directives(notebook):
    rewritten(notebook, lambda text: f"#| export\n#| echo: false\n{text}")


@form
def in_a_module_of_its_own(notebook):
    tasks = [one for one in notebook["cells"] if str(one.get("id", "")).startswith("task-")]
    given = [one for one in notebook["cells"] if str(one.get("id", "")).startswith("given-")]
    body = "\n\n\n".join(map(text_of, (*given, *tasks)))
    for one in tasks:
        one["source"] = "# in answers.py"
    notebook["cells"] += [cell(f"%%writefile answers.py\n{body}"), cell("from answers import *")]


@form
def with_scratch_cells(notebook):
    notebook["cells"] += [
        cell("np.seterr(all='raise')"),
        cell("x = np.arange(3)\nx / 0"),
        cell("print(undefined)"),
        cell("sum = sum([1, 2])"),
    ]


# As programs write it.


def formatted(notebook: Notebook, folder: Path, *command: str) -> None:
    """Run a formatter over all code cells, each as a file of its own."""
    paths = []
    for number, one in enumerate(code_cells(notebook)):
        paths.append(folder / f"cell{number:03}.py")
        paths[-1].write_text(text_of(one) + "\n")
    done = subprocess.run(
        [sys.executable, "-m", *command, *map(str, paths)], capture_output=True, text=True
    )
    assert done.returncode in (0, 1), done.stderr
    changed = [path.read_text() for path in paths]
    assert changed != [text_of(one) + "\n" for one in code_cells(notebook)]
    for one, text in zip(code_cells(notebook), changed, strict=True):
        one["source"] = text.rstrip("\n")


FORMATTERS = {
    "black": ("black", "-q", "--line-length", "60"),
    "black with short lines": ("black", "-q", "--line-length", "30", "--skip-string-normalization"),
    "ruff": ("ruff", "format", "-q", "--line-length", "50"),
    "autopep8": ("autopep8", "--in-place", "--aggressive", "--aggressive", "--max-line-length=60"),
    "yapf": ("yapf", "--in-place", "--style", "google"),
    "yapf in another style": ("yapf", "--in-place", "--style", "{based_on_style: facebook}"),
    "isort and its comments": ("isort", "-q", "--add-import", "import os"),
    "pyupgrade": ("pyupgrade", "--py311-plus"),
}
for program, command in FORMATTERS.items():

    @form
    def by_formatter(notebook, folder, command=command):
        if command[0] == "pyupgrade":
            rewritten(notebook, lambda text: text + "\n'{}'.format(set([1]))")
        formatted(notebook, folder, *command)

    FORMS[f"formatted by {program}"] = FORMS.pop("by formatter")


for target in (
    "py:percent",
    "py:light",
    "py:sphinx",
    "py:hydrogen",
    "py:nomarker",
    "md",
    "md:myst",
    "Rmd",
):

    @form
    def through_jupytext(notebook, _folder, target=target):
        text = jupytext.writes(nbformat.reads(json.dumps(notebook), 4), fmt=target)
        return nbformat.writes(jupytext.reads(text, fmt=target)).encode()

    FORMS[f"through jupytext's {target}"] = FORMS.pop("through jupytext")


def given_to(notebook: Notebook, folder: Path, *program: str) -> Path:
    """Write the notebook, and run a program on it; return where it was written."""
    path = folder / "one.ipynb"
    path.write_text(json.dumps(notebook))
    command = [sys.executable, "-m", *program, str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


@form
def by_nbstripout(notebook, folder):
    return given_to(notebook, folder, "nbstripout", "--drop-empty-cells").read_bytes()


@form
def by_nbconvert_without_outputs(notebook, folder):
    return given_to(notebook, folder, "nbconvert", "--clear-output", "--inplace").read_bytes()


@form
def by_nbconvert_as_a_script_and_back(notebook, folder):
    path = given_to(notebook, folder, "nbconvert", "--to", "script")
    (script,) = (one for one in folder.iterdir() if one != path)
    return nbformat.writes(jupytext.reads(script.read_text(), fmt="py")).encode()


BLANK: Notebook = {}


@pytest.fixture(scope="module")
def right(real_course: Course) -> Notebook:
    stage = real_course.stage(STAGE)
    blank = untouched(real_course, stage)
    BLANK.update(copy.deepcopy(blank))
    filled: Notebook = json.loads(notebook_text(fill(blank, stage, solutions(stage))))
    return filled


def test_there_are_sixty_forms_at_least() -> None:
    assert len(FORMS) >= 60


@pytest.mark.parametrize("name", FORMS)
def test_a_right_notebook_keeps_its_points(
    real_course: Course, right: Notebook, grader: Grader, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "handed-in.ipynb"
    path.write_bytes(FORMS[name](right, tmp_path))
    result = grader.grade(path, real_course.stage(STAGE), "ann")
    lost = [f"{one.id}: {one.message}" for one in result.lost]
    assert not lost, "\n".join([*lost, *result.notes])
    assert result.score == result.max_score
