"""What a command says where the packages of an extra are not installed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from nngrade.authoring.build import build
from nngrade.authoring.specimens import Specimen, fill, solutions, untouched, write_specimen
from nngrade.course.stages import Course
from nngrade.errors import NngradeError
from nngrade.extras import EXTRAS, install_command, is_importable, require

from ..conftest import ROOT
from ..environments import python_without, run

SUPPORTED = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the core alone."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    return python_without(folder, *(one.module for one in EXTRAS.values()), "nbformat", "dask")


@pytest.fixture
def submitted(new_course: Course) -> Path:
    stage = new_course.stages[0]
    notebook = fill(untouched(new_course, stage), stage, solutions(stage))
    write_specimen(Specimen("ann", stage, notebook), new_course.root / "submitted")
    return new_course.root / "submitted"


DASK = ("--executor", "dask", "--scheduler", "tcp://127.0.0.1:1")


@pytest.mark.parametrize(
    ("arguments", "extras"),
    [
        (("build",), ("gradebook",)),
        (("build", "--check"), ("gradebook",)),
        (("grade", "submitted", "--gradebook"), ("gradebook",)),
        (("regrade",), ("gradebook",)),
        (("watch", "submitted", "--gradebook", "--once"), ("gradebook",)),
        (("handout", "given"), ("gradebook", "lab", "plots")),
        (("grade", "submitted", *DASK), ("cluster",)),
    ],
    ids=lambda one: " ".join(one),
)
def test_a_missing_extra_is_a_sentence_with_the_command_that_installs_it(
    arguments: tuple[str, ...],
    extras: tuple[str, ...],
    bare: Path,
    new_course: Course,
    submitted: Path,
) -> None:
    before = set(new_course.root.rglob("*"))
    done = run(bare, *arguments, cwd=new_course.root)
    assert done.returncode == 2
    assert f'install with: pip install "nngrade[{",".join(extras)}]"' in done.stderr
    assert done.stderr.startswith("nngrade: ")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert set(new_course.root.rglob("*")) == before


def test_a_build_needs_matplotlib_where_a_figure_must_be_drawn_only(
    new_course: Course, tmp_path: Path
) -> None:
    python = python_without(tmp_path / "venv", "matplotlib")
    done = run(python, "build", cwd=new_course.root)
    assert done.returncode == 0, done.stderr
    lesson = new_course.stages[0].folder / "lesson.py"
    figure = "\n# %% demo\nimport matplotlib.pyplot as plt\n\nplt.plot([1, 2])\nplt.show()\n"
    lesson.write_text(lesson.read_text() + figure)
    done = run(python, "build", cwd=new_course.root)
    assert done.returncode == 2
    assert "drawing the figures needs matplotlib, which is not installed here" in done.stderr
    assert 'install with: pip install "nngrade[plots]"' in done.stderr
    assert "Traceback" not in done.stderr
    build(Course(new_course.root), Course(new_course.root).stages)
    done = run(python, "build", "--check", cwd=new_course.root)
    assert done.returncode == 0, done.stderr


def test_the_core_grades_watches_and_reports(
    bare: Path, new_course: Course, submitted: Path, tmp_path: Path
) -> None:
    weak = ("--sandbox", "weak", "--data", "digits")
    results = tmp_path / "results.json"
    done = run(bare, "grade", submitted, *weak, "--json", results, cwd=new_course.root)
    assert done.returncode == 0, done.stderr
    assert "6 of 6 points" in done.stdout
    done = run(bare, "report", "--from", results, cwd=new_course.root)
    assert done.returncode == 0, done.stderr
    told = tmp_path / "told"
    done = run(bare, "watch", submitted, "--once", "--feedback", told, *weak, cwd=new_course.root)
    assert done.returncode == 0, done.stderr
    assert (told / "ann/stage01_sums.html").is_file()
    done = run(bare, "gradescope", tmp_path / "a.zip", cwd=new_course.root)
    assert done.returncode == 0, done.stderr


def test_doctor_says_which_extras_are_there(bare: Path, new_course: Course, tmp_path: Path) -> None:
    done = run(bare, "doctor", cwd=new_course.root)
    lines = [line for line in done.stdout.splitlines() if "extra: " in line]
    assert len(lines) == len(EXTRAS)
    for name, line in zip(EXTRAS, lines, strict=True):
        assert line.startswith(f"note     extra: {name}: ")
        assert line.endswith(f"Fix: {install_command(name)}")
    python = python_without(tmp_path / "venv", "matplotlib")
    told = run(python, "doctor", cwd=new_course.root).stdout
    assert "note     extra: plots: matplotlib is not installed" in told
    assert "ok       extra: gradebook: nbgrader 0" in told


def test_extras_are_those_of_pyproject() -> None:
    ours = {name for name in SUPPORTED if name not in ("all", "docs", "test")}
    assert set(EXTRAS) == ours
    for name, extra in EXTRAS.items():
        (requirement,) = SUPPORTED[name]
        assert requirement.startswith(f"{extra.distribution}>=")
        # Whoever runs these tests has all of them.
        assert is_importable(extra.module)
    assert SUPPORTED["all"] == [f"nngrade[{','.join(sorted(EXTRAS))}]"]
    assert "nngrade[all]" in SUPPORTED["test"]


def test_only_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        EXTRAS, "gradebook", type(EXTRAS["gradebook"])("no_such_module", "such", "does")
    )
    require("this", "plots")
    with pytest.raises(NngradeError, match=r"^this needs such, which is not inst.*\[gradebook\]"):
        require("this", "plots", "gradebook")
