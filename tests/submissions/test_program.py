"""Every notebook that a student can produce is graded, or its loss is told with a reason."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import pytest

from nngrade.authoring.specimens import fill, untouched
from nngrade.submissions.notebook_file import NotebookCell, NotebookFile
from nngrade.submissions.program import recover
from tests.conftest import cell_of, check_of

WRONG = "def total(values):\n    return 0.0"


def code(source: str, **extra: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
        **extra,
    }


def position(notebook: dict[str, Any], identifier: str) -> int:
    return notebook["cells"].index(cell_of(notebook, identifier))


# Each takes a right notebook and does to it what students do; the grade must stay the same.


def nothing(notebook):
    return notebook


def ids_removed(notebook):
    for cell in notebook["cells"]:
        cell.pop("id")
    notebook["nbformat_minor"] = 4
    return notebook


def all_ids_and_metadata_removed(notebook):
    """As after a trip through Colab, and through a converter."""
    for cell in notebook["cells"]:
        cell.pop("id")
        cell["metadata"] = {"colab": {"base_uri": "https://localhost:8080/"}, "id": "xYz"}
    notebook["metadata"] = {"colab": {"provenance": []}, "accelerator": "GPU"}
    return notebook


def ids_duplicated(notebook):
    for cell in notebook["cells"]:
        cell["id"] = "same"
    return notebook


def vs_code_metadata(notebook):
    for cell in notebook["cells"]:
        cell["metadata"]["vscode"] = {"languageId": "python"}
        cell["metadata"].pop("nbgrader", None)
    return notebook


def nbformat_3(notebook):
    cells = []
    for cell in notebook["cells"]:
        old = {**cell, "metadata": {}}
        old.pop("id")
        if cell["cell_type"] == "code":
            old |= {"input": old.pop("source"), "language": "python", "prompt_number": 1}
        cells.append(old)
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}


def given_and_test_cells_deleted(notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"].startswith("task-")]
    return notebook


def cells_reversed(notebook):
    notebook["cells"].reverse()
    return notebook


def moved_to_the_end(notebook):
    notebook["cells"].append(notebook["cells"].pop(position(notebook, "task-total")))
    return notebook


def copied(notebook):
    where = position(notebook, "task-total")
    notebook["cells"].insert(where, copy.deepcopy(notebook["cells"][where]))
    return notebook


def a_wrong_attempt_above(notebook):
    notebook["cells"].insert(position(notebook, "task-total"), code(WRONG))
    return notebook


def an_untouched_copy_below(notebook, stub=None):
    stub = copy.deepcopy(stub or {})
    notebook["cells"].append(stub)
    return notebook


def solved_in_a_new_cell(notebook):
    where = position(notebook, "task-total")
    notebook["cells"].insert(where, code("".join(notebook["cells"][where]["source"])))
    del notebook["cells"][where + 1]
    return notebook


def solved_in_a_test_cell(notebook):
    answer = "".join(cell_of(notebook, "task-total")["source"])
    del notebook["cells"][position(notebook, "task-total")]
    cell = cell_of(notebook, "tests-total")
    cell["source"] = answer + "\n" + "".join(cell["source"])
    return notebook


def split_in_two(notebook):
    cell = cell_of(notebook, "task-total")
    where = position(notebook, "task-total")
    notebook["cells"].insert(where, code("def _add(values):\n    return float(sum(values))"))
    cell["source"] = ["def total(values):\n", "    return _add(values)"]
    return notebook


def helper_below_its_use(notebook):
    cell_of(notebook, "task-total")["source"] = "def total(values):\n    return _late(values)"
    notebook["cells"].append(code("def _late(values): return float(sum(values))"))
    return notebook


def retyped_as_markdown(notebook):
    cell = cell_of(notebook, "task-total")
    cell["cell_type"] = "markdown"
    cell.pop("outputs")
    cell.pop("execution_count")
    return notebook


def visible_tests_edited(notebook):
    cell_of(notebook, "tests-total")["source"] = "assert total([1]) == 'nonsense'"
    return notebook


def given_cell_broken(notebook):
    given = next(cell for cell in notebook["cells"] if cell["id"].startswith("given-"))
    given["source"] = "import numpy as np\ndef scaled(values):\n    raise RuntimeError"
    return notebook


def import_added_to_a_given_cell(notebook):
    given = next(cell for cell in notebook["cells"] if cell["id"].startswith("given-"))
    given["source"] = "import math\nZERO = 0.0\n" + "".join(given["source"])
    cell_of(notebook, "task-total")["source"] = (
        "def total(values):\n    return math.fsum(values) + ZERO"
    )
    return notebook


def helper_in_a_demo_cell(notebook):
    demo = next(cell for cell in notebook["cells"] if cell["id"].startswith("demo-"))
    demo["source"] = "def add(v):\n    return float(sum(v))\nprint(add([1.0]))"
    cell_of(notebook, "task-total")["source"] = "def total(values):\n    return add(values)"
    return notebook


def magics(notebook):
    cell = cell_of(notebook, "task-total")
    source = "".join(cell["source"])
    cell["source"] = (
        f"%matplotlib inline\n!pip install numpy\n{source}\n\n%timeit total([1])\ntotal?"
    )
    notebook["cells"].insert(0, code("%%bash\nrm -rf /"))
    notebook["cells"].insert(0, code("%%time\nx = 1"))
    return notebook


def cell_magic_above_the_answer(notebook):
    cell = cell_of(notebook, "task-total")
    cell["source"] = "%%time\n" + "".join(cell["source"])
    return notebook


def a_syntax_error_elsewhere(notebook):
    notebook["cells"].insert(0, code("this is (not Python"))
    return notebook


def an_exception_elsewhere(notebook):
    notebook["cells"].insert(0, code("1 / 0"))
    notebook["cells"].insert(0, code("import sys; sys.exit(1)"))
    return notebook


def a_plot_above_the_helper(notebook):
    cell = cell_of(notebook, "task-total")
    cell["source"] = "plt.plot([1, 2])\n" + "".join(cell["source"])
    return notebook


def function_overwritten_by_its_result(notebook):
    notebook["cells"].append(code("total = total(np.arange(3.0))"))
    return notebook


def carriage_returns(notebook):
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    return notebook


def sources_as_one_string(notebook):
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def odd_cells(notebook):
    notebook["cells"] += [None, 7, {}, {"cell_type": "heading", "source": 3}, code(""), code([1])]
    notebook["cells"].append({"cell_type": "code", "metadata": [], "source": None, "id": 5})
    return notebook


def outputs_full_of_anything(notebook):
    for cell in notebook["cells"]:
        cell["outputs"] = [{"output_type": "display_data", "data": {"image/png": "A" * 10_000}}]
    return notebook


def lambda_for_def(notebook):
    cell_of(notebook, "task-total")["source"] = "total = lambda values: float(sum(values))"
    return notebook


HARMLESS = [
    nothing, ids_removed, all_ids_and_metadata_removed, ids_duplicated, vs_code_metadata,
    nbformat_3, given_and_test_cells_deleted, cells_reversed, moved_to_the_end, copied,
    a_wrong_attempt_above, solved_in_a_new_cell, solved_in_a_test_cell, split_in_two,
    helper_below_its_use, retyped_as_markdown, visible_tests_edited, given_cell_broken,
    import_added_to_a_given_cell, helper_in_a_demo_cell, magics, cell_magic_above_the_answer,
    a_syntax_error_elsewhere, an_exception_elsewhere, a_plot_above_the_helper,
    function_overwritten_by_its_result, carriage_returns, sources_as_one_string, odd_cells,
    outputs_full_of_anything, lambda_for_def,
]  # fmt: skip


@pytest.mark.parametrize("change", HARMLESS, ids=lambda change: change.__name__)
def test_a_right_notebook_stays_right_whatever_is_done_to_it(right, grade, change):
    result = grade(change(right))
    assert result.score == result.max_score, [(one.id, one.message) for one in result.lost]


def test_a_stub_below_an_attempt_does_not_hide_it(right, grade, course, stage):
    stub = cell_of(untouched(course, stage), "task-total")
    result = grade(an_untouched_copy_below(right, stub))
    assert result.score == result.max_score
    assert any("untouched copy" in note for note in result.notes)


def test_the_last_of_several_definitions_counts_and_the_result_says_so(right, grade):
    right["cells"].append(code(WRONG))
    result = grade(right)
    assert check_of(result, "total.any_length").status == "failed"
    assert any("several cells" in note and "total" in note for note in result.notes)


def test_a_last_definition_that_does_not_parse_does_not_count(right, grade):
    right["cells"].append(code("def total(values:\n    return 0"))
    assert grade(right).score == 6


def test_reading_a_markdown_cell_as_code_is_noted(right, grade):
    assert any("markdown" in note for note in grade(retyped_as_markdown(right)).notes)


def test_a_changed_given_cell_is_noted(right, grade):
    assert any("belongs to the course" in note for note in grade(given_cell_broken(right)).notes)


def test_an_untouched_notebook_gets_nothing_and_is_told_so(course, stage, grade):
    result = grade(untouched(course, stage))
    assert result.score == 0
    assert result.status == "graded"
    first = check_of(result, "total.visible_tests")
    assert (first.status, first.message) == ("failed", "total is not done yet")
    assert check_of(result, "total.any_length").status == "skipped"


def test_a_syntax_error_in_a_task_is_told_with_its_line_and_costs_only_that_task(
    course, stage, right, grade
):
    answers = {"total": "def total(values):\n    return sum(values))"}
    result = grade(fill(right, stage, answers))
    assert result.score == 3
    first = check_of(result, "total.visible_tests")
    assert "cannot be read as Python" in first.message
    assert "line 2" in first.message


def test_a_task_whose_cell_is_gone_is_told(right, grade):
    del right["cells"][position(right, "task-total")]
    result = grade(right)
    assert result.score == 3
    assert "no cell of the notebook defines it" in check_of(result, "total.visible_tests").message


def test_a_cell_that_stops_above_the_answer_is_told(stage, right, grade):
    answers = {"total": "if undefined:\n    def total(values):\n        return 1"}
    result = grade(fill(right, stage, answers))
    message = check_of(result, "total.visible_tests").message
    assert "NameError" in message
    assert "line 1" in message


def test_code_in_a_markdown_cell_that_is_no_task_is_left_alone(right, grade):
    right["cells"].append({"cell_type": "markdown", "metadata": {}, "source": WRONG})
    assert grade(right).score == 6


@pytest.mark.parametrize(
    "source",
    ["x = 1\n" * 50_000, "values = [" + "1234567890, " * 20_000 + "]"],
    ids=["lines", "numbers"],
)
def test_a_cell_with_more_code_than_anybody_reads_is_left_out_and_noted(right, grade, source):
    right["cells"].insert(0, code(source))
    result = grade(right)
    assert result.score == 6
    assert any("Cell 1 is left out" in note for note in result.notes)


def test_many_cells_together_may_not_hold_too_much_code(right, grade):
    right["cells"] += [code("x = 1\n" * 16_000) for _ in range(8)]
    result = grade(right)
    assert result.score == 6
    assert sum("too much code" in note for note in result.notes) >= 3


@pytest.mark.parametrize(
    "source",
    [
        "f = lambda: 1" + " + 1" * 900,
        "no Python (" + "\n" * 90_000,
        "no Python " + " " * 90_000 + "= !",
        "x = 1\n" * 10_000 + "%magic\n" * 5_000,
        "x = 1\n" * 16_000,
        "a = 1; " * 12_000,
        "".join(f"v{n} = " for n in range(4_000)) + "f(" + "1, " * 20_000 + ")",
        "%pwd\n" * 19_000,
    ],
    ids=["deep", "blank lines", "spaces", "magics", "lines", "one line", "targets", "only magics"],
)
def test_a_cell_that_is_hard_to_read_does_not_keep_the_others_from_being_read(right, stage, source):
    given = next(cell for cell in right["cells"] if cell["id"].startswith("given-"))
    given["source"] = source
    right["cells"].insert(0, code(source))
    notebook = NotebookFile(
        tuple(
            NotebookCell(number, one["cell_type"], "".join(one["source"]), frozenset([one["id"]]))
            for number, one in enumerate(({"id": "", **one} for one in right["cells"]), 1)
        ),
        None,
    )
    assert "total" in recover(notebook, stage.lesson).attempted


def test_remarks_of_python_on_a_students_code_are_not_the_graders(right, grade):
    right["cells"].append(code("x = 1or 2\ny = '\\alpha'"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert grade(right).score == 6


def test_a_note_about_each_of_hundreds_of_cells_is_not_made(right, grade):
    right["cells"][:0] = [code(f"input({number})") for number in range(200)]
    result = grade(right)
    assert result.score == 6
    assert result.notes[-1] == "There are 170 more notes like these."
