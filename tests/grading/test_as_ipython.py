"""What is right in a student's notebook is right here, however it is written."""

from __future__ import annotations

import pytest

from nngrade.authoring.specimens import fill
from tests.conftest import check_of

TOTAL = "def total(values):\n    return float(np.sum(values))\n"
INDENTED = "    def total(values):\n        return float(np.sum(values))\n"
PROMPTS = ">>> def total(values):\n...     return float(np.sum(values))\n...\n"
NUMBERED = "In [3]: def total(values):\n   ...:     return float(np.sum(values))\n   ...:\n"
MODULE = f"import numpy as np\n\n{TOTAL}"


def with_cells(notebook, *sources, above=False):
    """The notebook with cells of the student's own below the others, or above them."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"own-{number}",
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(sources)
    ]
    there = notebook["cells"]
    return {**notebook, "cells": [*cells, *there] if above else [*there, *cells]}


def with_given(notebook, source):
    """The notebook with something added to the first cell of given code."""
    cells = [dict(cell) for cell in notebook["cells"]]
    first = next(cell for cell in cells if cell["cell_type"] == "code")
    first["source"] = f"{''.join(first['source'])}\n{source}"
    return {**notebook, "cells": cells}


@pytest.mark.parametrize(
    "source",
    [
        INDENTED,
        f"\n\n{INDENTED}",
        INDENTED.replace("    ", "\t"),
        PROMPTS,
        PROMPTS.replace(">>>", "    >>>").replace("...", "    ..."),
        NUMBERED,
        f"%%prun\n{TOTAL}",
        f"%%time\n%%capture out\n{TOTAL}",
        f"%%memit\n{INDENTED}",
        f"%%snakeviz -t\n{TOTAL}",
        f"%matplotlib inline\n%load_ext autoreload\n{TOTAL}",
        f"!pip install numpy\n{TOTAL}np.sum?",
        f"files = !ls\n{TOTAL}",
        f"%config InlineBackend.figure_format = 'retina'\n{TOTAL}",
        f"get_ipython().run_line_magic('matplotlib', 'inline')\n{TOTAL}",
        "from typing import Callable\ntotal: Callable = lambda values: float(np.sum(values))",
        "total, other = (lambda values: float(np.sum(values))), 3",
        "[total, other] = [lambda values: float(np.sum(values)), None]",
        "(total := lambda values: float(np.sum(values)))",
        f"for _ in range(1):\n{INDENTED}",
        f"if True:\n{INDENTED}else:\n    total = None",
        f"while True:\n{INDENTED}    break",
        f"try:\n    import torch\nexcept ImportError:\n{INDENTED}",
        "match 1:\n    case _:\n        total = lambda values: float(np.sum(values))",
        "def make():\n    return (lambda v: float(np.sum(v))), 1\ntotal, n = make()",
        "ways = {'sum': lambda v: float(np.sum(v))}\ntotal = ways['sum']",
        f"exec({TOTAL!r})",
        "globals()['total'] = lambda values: float(np.sum(values))",
        "class Sums:\n    @staticmethod\n    def total(v):\n        return float(np.sum(v))\n"
        "total = Sums.total",
        f"{TOTAL}total = total(np.ones(2))",
        f"{TOTAL}print(total(np.ones(2)))\ntotal: float = total(np.ones(2))",
    ],
)
def test_a_function_counts_however_a_cell_defines_it(stage, right, grade, source):
    assert grade(fill(right, stage, {"total": source})).score == 6


@pytest.mark.parametrize(
    "cells",
    [
        [f"%%writefile sums.py\n{MODULE}", "from sums import total"],
        [f"%%writefile sums.py\n{MODULE}", "from sums import *"],
        [f"%%writefile ./sums.py\n{MODULE}", "import sums\ntotal = sums.total"],
        [f"%%file sums.py\n{MODULE}", "from sums import total as total"],
        [
            "%%writefile sums.py\nimport numpy as np\n",
            f"%%writefile -a sums.py\n{TOTAL}",
            "from sums import *",
        ],
        [f"%%writefile sums.py\n{MODULE}", "%run sums.py"],
    ],
)
def test_a_module_that_a_cell_writes_can_be_imported(stage, right, grade, cells):
    notebook = with_cells(fill(right, stage, {"total": "# see below"}), *cells)
    assert grade(notebook).score == 6


def test_an_error_in_a_module_of_several_cells_names_no_line_of_one(stage, right, grade):
    head, tail = (
        "%%writefile sums.py\nX = 1\n",
        "%%writefile -a sums.py\ndef total(v):\n    v[99]\n",
    )
    notebook = with_cells(
        fill(right, stage, {"total": "# below"}), head, tail, "from sums import total"
    )
    message = check_of(grade(notebook), "total.any_length").message
    assert message.startswith("In your code, entry number 99 is asked for")
    assert "line" not in message


def test_an_error_in_a_written_module_is_told_with_cell_and_line(stage, right, grade):
    broken = "%%writefile sums.py\ndef total(values):\n    return values[99]\n"
    notebook = with_cells(
        fill(right, stage, {"total": "# below"}), broken, "from sums import total"
    )
    number = len(notebook["cells"]) - 1
    message = check_of(grade(notebook), "total.any_length").message
    assert f"In your cell number {number}, line 3" in message


@pytest.mark.parametrize(
    "scratch",
    [
        "total = total(np.ones(3))",
        "total = np.array(total(np.ones(3)))",
        "total = 3.0",
        "total: float = total(np.ones(3))",
        "total, other = total(np.ones(3)), 1",
        "for total in [1.0, 2.0]:\n    pass",
        "helper = helper(np.ones(3))",
        "sum = sum([1, 2])",
        "np.seterr(all='raise')",
        "import warnings\nwarnings.simplefilter('error')",
        "import sys\nsys.setrecursionlimit(60)",
        "np.random.seed(0)\nnp.set_printoptions(precision=1)",
    ],
)
def test_what_a_scratch_cell_does_with_a_name_costs_nothing(stage, right, grade, scratch):
    helped = (
        "def helper(values):\n    return sum(float(value) for value in values)\n\n\n"
        "def total(values):\n    np.exp(np.float64(1000.0))\n    np.array([1.0]) / 0\n"
        "    return helper(values)\n"
    )
    calling = "def shifted(values, by):\n    total(values)\n    return values + by\n"
    answers = {"total": helped, "shifted": calling}
    assert grade(with_cells(fill(right, stage, answers), scratch)).score == 6


def test_a_correction_further_down_counts(stage, right, grade):
    wrong = fill(right, stage, {"total": "def total(values):\n    return 0.0"})
    assert grade(with_cells(wrong, "# in a loop\nfor _ in [1]:\n" + INDENTED)).score == 6


def test_a_helper_further_down_counts(stage, right, grade):
    helped = fill(right, stage, {"total": "def total(values):\n    return helper(values)"})
    assert grade(with_cells(helped, "def helper(v):\n    return float(np.sum(v))")).score == 6


@pytest.mark.parametrize(
    "added",
    [
        "EPS = np.finfo(float).eps",
        "EPS: float = 1e-12 * 2",
        "EPS, MORE = 1e-12, np.zeros(3)",
        "import math; EPS = math.pi",
        "if True:\n    EPS = 1.0",
        "rng = np.random.default_rng(0)\nEPS = rng.normal()",
        "@np.vectorize\ndef EPS(x):\n    return x",
    ],
)
def test_a_constant_beside_the_imports_counts(stage, right, grade, added):
    using = "def total(values):\n    EPS\n    return float(np.sum(values))"
    assert grade(with_given(fill(right, stage, {"total": using}), added)).score == 6


@pytest.mark.parametrize("odd", ["N = " + "9" * 5_000, "N = " + "-" * 2_000 + "1"])
def test_what_python_cannot_write_down_costs_nothing(stage, right, grade, odd):
    assert grade(with_given(right, odd)).score == 6


def test_the_lines_of_an_edited_cell_are_those_of_the_notebook(stage, right, grade):
    added = "LIMIT = 3\n\n\ndef helper(values):\n    return values[99]"
    notebook = with_given(
        fill(right, stage, {"total": "def total(v):\n    return helper(v)"}), added
    )
    line = "".join(notebook["cells"][1]["source"]).split("\n").index("    return values[99]") + 1
    message = check_of(grade(notebook), "total.any_length").message
    assert f", line {line}" in message


def test_what_a_demo_imports_is_there_for_functions(new_course, stage, right, grade):
    """The small course draws nothing, so a name of its own demo stands for pyplot."""
    result = grade(
        fill(right, stage, {"total": "def total(values):\n    return total_of_demo + 1.0"})
    )
    message = check_of(result, "total.any_length").message
    assert "total_of_demo comes from a cell of the course that is not run" in message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            "from nosuchlibrary.special import expit\n\n\ndef total(v):\n    return expit(1.0)",
            "expit is imported from nosuchlibrary",
        ),
        (
            "import nosuchlibrary as ns\n\n\ndef total(values):\n    return ns.sum(values)",
            "ns is imported from nosuchlibrary",
        ),
        (
            "def total(values):\n    import nosuchlibrary\n    return 1.0",
            "nosuchlibrary is not installed where notebooks are graded; use NumPy instead",
        ),
        (
            "half = 1 / 0\n\n\ndef total(values):\n    return half",
            "half is made in cell",
        ),
        (
            "<<<<<<< HEAD\ndef total(values):\n    return 1.0\n=======\n"
            "def total(values):\n    return 2.0\n>>>>>>> main",
            "line 1: <<<<<<< is a marker of a merge",
        ),
        ("async def total(values):\n    return 1.0", "delete `async` before its `def`"),
    ],
)
def test_messages_say_what_differs_from_the_notebook(stage, right, grade, answer, words):
    assert (
        words in check_of(grade(fill(right, stage, {"total": answer})), "total.any_length").message
    )
