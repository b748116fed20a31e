"""Plotting code where matplotlib is not installed: it gives the same points as where it is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Course, Stage

from ..conftest import ROOT
from ..environments import python_without, run

pytestmark = pytest.mark.thorough

GONE = ("matplotlib", "mpl_toolkits", "pylab", "cycler", "PIL", "kiwisolver", "contourpy")


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python in which no process can import matplotlib."""
    return python_without(tmp_path_factory.mktemp("without") / "venv", *GONE)


# Each is set in front of a right answer, to be run with it.
IN_CELLS = {
    "as everybody does": """
        import matplotlib.pyplot as plt
        from matplotlib import cm
        %matplotlib inline
        %config InlineBackend.figure_format = "retina"
    """,
    "the course's own plots": """
        import numpy as np
        from nndata import plots
        X = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]])
        plots.plot_decision_boundary(lambda Z: (Z[:, 0] > 1).astype(int), X, np.array([0, 1, 1]))
        plots.plot_history({"loss": [3.0, 2.0, 1.0]}, first=0)
        plots.plot_confusion(np.eye(3, dtype=int), ["one", "two", "three"])
        plots.show_digits(np.zeros((4, 64)), [1, 2, 3, 4], [1, 2, 3, 3])
    """,
    "many kinds of plot": """
        import numpy as np
        import matplotlib as mpl
        import matplotlib.pyplot as plt
        from matplotlib.figure import Figure
        from mpl_toolkits.mplot3d import Axes3D
        figure, axes = plt.subplots(2, 3, sharex=True, figsize=(8, 4))
        assert isinstance(figure, Figure) and axes.shape == (2, 3)
        assert plt.subplots(1, 3)[1].shape == plt.figure().subplots(3).shape == (3,)
        assert plt.subplots(squeeze=False)[1].shape == (1, 1)
        for ax in axes.flat:
            ax.spines[["top", "right"]].set_visible(False)
            for side in ax.spines.values():
                side.set_linewidth(0.5)
        line, = axes[0, 0].plot([1, 2], [3, 4], "r-", label="a")
        two, three = axes[0, 0].plot([1, 2], [3, 4], "r-", [1, 2], [5, 6])
        assert len(axes[0, 1].plot(np.zeros((4, 3)))) == 3
        line.set_data([1], [2])
        n, bins, patches = plt.hist(np.arange(20.0), bins=5, density=True)
        assert n.shape == (5,) and bins.shape == (6,) and len(patches) == 5
        n, bins, patches = plt.hist([np.arange(20.0), np.arange(9.0)])
        assert len(n) == len(patches) == 2
        assert len(plt.bar([1, 2, 3], 1.0)) == 3
        wedges, texts = plt.pie([1, 2])
        handles, labels = axes[0, 0].get_legend_handles_labels()
        low, high = axes[1, 2].get_xlim()
        assert low < high
        image = plt.imshow(np.zeros((3, 3)), cmap=plt.cm.gray)
        bar = figure.colorbar(image, ax=axes[1, 0])
        bar.ax.set_ylabel("x")
        colours = plt.rcParams["axes.prop_cycle"].by_key()["color"]
        assert len(colours) == 10
        assert len(plt.cm.viridis(0.3)) == 4
        assert mpl.colormaps["viridis"](np.linspace(0, 1, 5)).shape == (5, 4)
        with plt.style.context("ggplot"), plt.rc_context({"font.size": 9}):
            plt.title("a"); plt.xlabel(r"$x$"); plt.legend(); plt.tight_layout()
        plt.rcParams["figure.figsize"] = (3, 2)
        left, right = plt.subplot_mosaic("AB")[1].values()
        assert sorted(plt.subplot_mosaic([["x", "y"], ["x", "z"]])[1]) == ["x", "y", "z"]
        both = np.array([left, right])
        assert both.shape == (2,)
        place = axes[0, 0].get_position()
        figure.add_axes([place.x0 + 0.1, place.y0 * 2, 0.1, 0.1])
        assert plt.show() is None
        plt.close("all")
    """,
    "names that a figure takes": """
        import matplotlib.pyplot as plt
        def later():
            return 1
    """,
}  # fmt: skip

# Functions that plot as they compute, or answer with what plotting gave.
IN_FUNCTIONS = {
    "plots as it computes": """
        import matplotlib.pyplot as plt
        def total(values):
            figure, (left, right) = plt.subplots(1, 2)
            line, = left.plot(values)
            right.set_title(f"{len(values)} values")
            plt.close(figure)
            return float(values.sum())
    """,
    "imports where it is needed": """
        def total(values):
            import matplotlib.pyplot as plt
            from matplotlib.colors import ListedColormap
            plt.scatter(values, values, c=values, cmap=ListedColormap(["r", "b"]))
            plt.savefig("figure.png")
            return float(values.sum())
    """,
    "counts with a histogram": """
        import matplotlib.pyplot as plt
        import numpy as np
        def total(values):
            counts, edges, _ = plt.hist(values, bins=3)
            plt.clf()
            return float(values.sum() + counts.sum() - len(values))
    """,
    "answers with a figure": """
        import matplotlib.pyplot as plt
        def total(values):
            return plt.figure()
    """,
    "answers with axes": """
        import matplotlib.pyplot as plt
        def total(values):
            return plt.subplots()[1]
    """,
    "answers with lines": """
        import matplotlib.pyplot as plt
        def total(values):
            return plt.plot(values)
    """,
    "answers with nothing": """
        import matplotlib.pyplot as plt
        def total(values):
            plt.plot(values)
            return plt.show()
    """,
    "stands above a figure of its name": """
        import matplotlib.pyplot as plt
        def total(values):
            return float(values.sum())
        total, ax = plt.subplots()
    """,
    "is wrong besides": """
        import matplotlib.pyplot as plt
        def total(values):
            plt.plot(values)
            return float(values.max())
    """,
}


def small_class(course: Course, stage: Stage, folder: Path) -> None:
    blank, right = untouched(course, stage), solutions(stage)
    for number, prelude in enumerate(IN_CELLS.values()):
        answers = {**right, "total": textwrap.dedent(prelude) + right["total"]}
        write_specimen(Specimen(f"cell{number}", stage, fill(blank, stage, answers)), folder)
    for number, answer in enumerate(IN_FUNCTIONS.values()):
        answers = {**right, "total": textwrap.dedent(answer)}
        write_specimen(Specimen(f"function{number}", stage, fill(blank, stage, answers)), folder)


def real_class(course: Course, stage: Stage, folder: Path) -> None:
    blank, right = untouched(course, stage), solutions(stage)
    first, last = next(iter(right)), list(right)[-1]
    for number, prelude in enumerate(IN_CELLS.values()):
        text = textwrap.dedent(prelude)
        answers = {**right, first: text + right[first], last: text + right[last]}
        write_specimen(Specimen(f"real{number}", stage, fill(blank, stage, answers)), folder)
    write_specimen(Specimen("untouched", stage, blank), folder)


def graded(python: Path | str, course: Course, submitted: Path) -> str:
    """All results as JSON, without how long it took and where things are."""
    done = run(
        python, "grade", submitted, "--json", "-", "--sandbox", "weak", "--data", "digits",
        cwd=course.root, NNGRADE_SECRET="a secret of this test",
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    assert len(document["submissions"]) == len(list(submitted.iterdir()))
    for one in document["submissions"]:
        assert one["status"] == "graded", one
    return re.sub(r'("seconds": )[^,\n]+', r"\1-", done.stdout)


def scores(results: str) -> dict[str, float]:
    document = json.loads(re.sub(r'(": )-(?=[,\n])', r"\g<1>0", results))
    return {one["student"]: one["score"] for one in document["submissions"]}


def test_plotting_notebooks_get_the_same_results_without_matplotlib(
    without: Path, course: Course, stage: Stage, tmp_path: Path
) -> None:
    small_class(course, stage, tmp_path / "submitted")
    here = graded(sys.executable, course, tmp_path / "submitted")
    there = graded(without, course, tmp_path / "submitted")
    assert there == here
    got = scores(here)
    # Nobody lost anything for a plot, in either place.
    assert {got[f"cell{number}"] for number in range(len(IN_CELLS))} == {6}
    assert [got[f"function{n}"] == 6 for n in range(len(IN_FUNCTIONS))] == [
        not any(word in name for word in ("answers", "wrong")) for name in IN_FUNCTIONS
    ]


def test_plotting_notebooks_of_a_real_stage_get_the_same_results_without_matplotlib(
    without: Path, real_course: Course, tmp_path: Path
) -> None:
    stage = real_course.stages[0]
    real_class(real_course, stage, tmp_path / "submitted")
    here = graded(sys.executable, real_course, tmp_path / "submitted")
    assert graded(without, real_course, tmp_path / "submitted") == here
    assert scores(here) == {**{f"real{n}": 20 for n in range(len(IN_CELLS))}, "untouched": 0}


@pytest.mark.parametrize("name", IN_CELLS)
def test_the_code_of_these_notebooks_runs_with_both(name: str, without: Path) -> None:
    """The asserts in them hold: in a notebook, a cell that fails costs nothing."""
    code = re.sub(r"^%.*$", "", textwrap.dedent(IN_CELLS[name]), flags=re.MULTILINE)
    install = "from nngrade.worker import plot_stand_in; plot_stand_in.install()\n"
    for python, expected in ((sys.executable, "file"), (without, "stand-in")):
        tell = "\nimport matplotlib; print(matplotlib.__spec__.origin)"
        done = subprocess.run(
            [python, "-c", install + code + tell],
            env={
                "PATH": "/usr/bin:/bin", "MPLBACKEND": "Agg", "PYTHONWARNINGS": "ignore",
                "PYTHONPATH": f"{ROOT / 'autograder'}:{ROOT / 'datasets'}",
            },
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert (done.stdout.strip() == "stand-in") == (expected == "stand-in")


def test_what_student_code_may_import_is_no_wider_for_it(without: Path) -> None:
    """Only the names of matplotlib are served; nothing is opened, and others are missing still."""
    code = """
import sys
from nngrade.worker import plot_stand_in
before = len(sys.meta_path)
plot_stand_in.install()
assert len(sys.meta_path) == before + 1
opened = []
sys.addaudithook(lambda event, arguments: opened.append(event) if event == "open" else None)
import matplotlib.pyplot as plt
import matplotlib.no_such_part
plt.hist([1.0, 2.0]); plt.savefig("figure.png"); plt.imread("/etc/passwd")
assert not opened, opened
for name in ("PIL", "matplotlib_of_mine", "scipy_of_mine", "kiwisolver"):
    try:
        __import__(name)
    except ImportError:
        continue
    raise AssertionError(name)
"""
    environment = {"PATH": "/usr/bin:/bin"}
    done = subprocess.run([without, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# Of the lessons with figures and no long training.
@pytest.mark.parametrize("name", ["stage03_xor", "stage04_mlp_forward", "stage05_backprop"])
def test_every_figure_of_a_lesson_is_plotted_into_nothing(
    name: str, without: Path, real_course: Course
) -> None:
    cells = real_course.stage(name).lesson.of_kind("given", "task", "demo")
    code = ["from nngrade.worker import plot_stand_in; plot_stand_in.install()"]
    code += [cell.source for cell in cells]
    done = subprocess.run(
        [without, "-c", "\n\n".join(code)],
        env={"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert any("plt." in line for line in code)
