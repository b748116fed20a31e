"""`nngrade gate` and `nngrade build` say what is wrong with a stage: where, and what mends it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nngrade.audit.gate import gate
from nngrade.audit.page import render_audit
from nngrade.audit.run import audit
from nngrade.audit.summary import BEGIN, END
from nngrade.audit.task import Plan
from nngrade.authoring.build import build
from nngrade.authoring.ideas import problems_of_ideas
from nngrade.course.stages import Course

from ..conftest import nngrade

pytestmark = pytest.mark.thorough

STAGE = "solutions/stage01_sums"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def problems(course: Course, *names: str) -> list[str]:
    """What the gate says of a course, or of one of its stages, as it is on the disk now."""
    fresh = Course(course.root)
    return [str(one) for one in gate(fresh, fresh.select(names), Plan.fast(2), 1).problems]


def option(text: str) -> Callable[[Path], None]:
    return lambda folder: (folder.parent / "course.toml").write_text(f"[stages]\n{text}\n") and None


def undescribed(code: str, kind: str = " demo") -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        option("descriptions = true")(folder)
        imports = "import matplotlib.pyplot as plt; from nndata import plots"
        add(folder / "lesson.py", f"\n# %%{kind}\n{imports}\n{code}\n")

    return make


# Mistakes in the files of a stage, and the sentence that each gets.
FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a visible test that the solution fails": (
        lambda folder: edit(folder / "lesson.py", "== 2\n", "== 3\n"),
        "lesson.py:31: the solution of total fails its own visible tests (this must hold: "
        "assert total(scaled([1.0])) == 3); correct the test or the solution",
    ),
    "a visible test that raises": (
        lambda folder: edit(folder / "lesson.py", "assert total(scaled([1.0]))", "assert totl(1)"),
        "lesson.py:31: the solution of total fails its own visible tests (name 'totl' is not "
        "defined); correct the test or the solution",
    ),
    "points that are no whole number": (
        lambda folder: edit(folder / "checks.py", "points=3", "points=2.5"),
        "checks.py:20: the checks of stage01_sums are worth 5.5 points in all, which is no whole "
        "number; change the points of shifts_in_a_new_array, say",
    ),
    "other points than the course's": (
        option("points = 7"),
        "checks.py:20: the checks of stage01_sums are worth 6 points in all, and a stage is worth "
        "7 (points in solutions/course.toml); give 1 more to shifts_in_a_new_array, say",
    ),
    "a check that does not exist in caught_by": (
        lambda folder: edit(folder / "misconceptions.py", '"any_length"', '"any_lenght"'),
        "misconceptions.py:7: mean_for_sum: caught_by names any_lenght, which is no check of this "
        "stage; those of total are: any_length, nothing_sums_to_zero",
    ),
    "a check of another task in caught_by": (
        lambda folder: edit(
            folder / "misconceptions.py", '"any_length"', '"shifts_in_a_new_array"'
        ),
        "misconceptions.py:7: mean_for_sum is caught by no check of its own task; name one of: "
        "any_length, nothing_sums_to_zero",
    ),
    "nothing in caught_by": (
        lambda folder: edit(folder / "misconceptions.py", '"any_length"', "()"),
        "misconceptions.py:7: mean_for_sum names no check that must catch it; write caught_by=, "
        "one of: any_length, nothing_sums_to_zero",
    ),
    "no hint": (
        lambda folder: edit(folder / "misconceptions.py", '"Whose array is it?"', '""'),
        'misconceptions.py:13: in_place has no hint; write hint="..."',
    ),
    "a name that does not exist in a check": (
        lambda folder: edit(folder / "checks.py", "np.zeros(m)", "numpy.zeros(m)"),
        "checks.py:17: numpy is not defined; import or define it, or correct it",
    ),
    "a name that does not exist in a function of the lesson": (
        lambda folder: edit(folder / "lesson.py", "SCALE * np", "SCALES * np"),
        "lesson.py:14: SCALES is not defined; define it, or correct the name",
    ),
    "a task that does not exist in a check": (
        lambda folder: edit(folder / "checks.py", "student.shifted", "student.shift"),
        "checks.py:24: the lesson defines no shift, which shifts_in_a_new_array asks of "
        "`student`; the tasks are: total, shifted",
    ),
    "no misconceptions": (
        lambda folder: (folder / "misconceptions.py").unlink(),
        "misconceptions.py:1: the task total has no misconception and needs 1 at least; add 1 "
        'function with `@misconception("total", ...)`',
    ),
    "no alternatives": (
        lambda folder: (folder / "alternatives.py").unlink(),
        "alternatives.py:1: the task shifted has no alternative and needs 1 at least; add 1 "
        'function with `@alternative("shifted", ...)`',
    ),
    "fewer misconceptions than the course's": (
        option("misconceptions = 3"),
        "misconceptions.py:1: the task total has 1 misconception and needs 3 at least; add 2 "
        'functions with `@misconception("total", ...)`',
    ),
    "a misconception of no task": (
        lambda folder: edit(
            folder / "misconceptions.py", 'misconception("total"', 'misconception("totl"'
        ),
        "misconceptions.py:7: mean_for_sum: no task 'totl'; there are: shifted, total",
    ),
    "an alternative of no task": (
        lambda folder: edit(
            folder / "alternatives.py", 'alternative("total"', 'alternative("totl"'
        ),
        "alternatives.py:11: exactly_rounded: no task 'totl'; there are: shifted, total",
    ),
    "misconceptions that are no Python": (
        lambda folder: edit(folder / "misconceptions.py", "np.mean(values)", "np.mean(values"),
        "misconceptions.py:9: not valid Python: ",
    ),
    "alternatives that are no Python": (
        lambda folder: edit(folder / "alternatives.py", "fsum(_as", "fsum((_as"),
        "alternatives.py:13: not valid Python: ",
    ),
    "a misconception without its brackets": (
        lambda folder: add(
            folder / "misconceptions.py",
            '\n\n@misconception\ndef bare(values):\n    """Bare."""\n    return 0.0\n',
        ),
        "misconceptions.py:20: bare is no answer as it stands; decorate it with "
        '`@misconception("TASK", ...)`',
    ),
    "an alternative that uses what nothing defines": (
        lambda folder: edit(folder / "alternatives.py", "values.copy()", "copy(values)"),
        "alternatives.py:17: one_by_one uses copy, which nothing defines; import or define it, or "
        "correct the name",
    ),
    "too few figures": (
        option("figures = 2"),
        "lesson.py:1: 0 demo cells with `plots.show` or `plt.show()`, and a stage has 2 at least "
        "(figures in solutions/course.toml); add 2 more",
    ),
    "a figure without a description": (
        undescribed("plt.show()"),
        "lesson.py:53: this figure has no description for those who do not see it (descriptions "
        'in solutions/course.toml); write `plots.show(alt="...")` for `plt.show(...)`, with what '
        "one is to see in it",
    ),
    "an empty description": (
        undescribed('plots.show(alt="")'),
        "lesson.py:53: this figure has no description for those who do not see it (descriptions "
        'in solutions/course.toml); write `plots.show(alt="...")` for `plots.show(...)`, with',
    ),
    "a figure in a function of a given cell": (
        undescribed("def later():\n    plt.show()\n", kind=""),
        "lesson.py:54: this figure has no description for those who do not see it",
    ),
    "a long solution": (
        option("solution_lines = 0"),
        "lesson.py:22: the solution of total has 1 line of code, and 0 is the most",
    ),
    "a check's name in the notebook": (
        lambda folder: edit(folder / "lesson.py", "Adding things up.", "Arrays of any_length."),
        "checks.py:6: the name any_length stands in the students' notebook, which must not tell "
        "of hidden checks; rename the check",
    ),
    "a lesson that is none": (
        lambda folder: edit(folder / "lesson.py", '# %% tests="total"', '# %% test="total"'),
        "lesson.py:29: unknown kind of cell",
    ),
}


@pytest.mark.parametrize("mistake", FILES)
def test_a_mistake_in_a_file_is_a_sentence_with_its_place_and_fix(new_course: Course, mistake):
    make, sentence = FILES[mistake]
    make(new_course.stages[0].folder)
    said = problems(new_course, "stage01")
    assert any(one.startswith(f"{STAGE}/{sentence}") for one in said), said


@pytest.mark.parametrize(
    "mistake",
    [
        "a visible test that the solution fails",
        "a figure without a description",
        "points that are no whole number",
        "a check that does not exist in caught_by",
        "a name that does not exist in a check",
        "no misconceptions",
        "a misconception of no task",
        "alternatives that are no Python",
    ],
)
def test_a_build_refuses_it_too(new_course: Course, mistake):
    make, sentence = FILES[mistake]
    make(new_course.stages[0].folder)
    before = (new_course.assignments / "stage01_sums/stage01_sums.ipynb").read_bytes()
    done = nngrade(new_course.root, "build", "stage01", ok=False)
    assert done.returncode == 2
    assert f"{STAGE}/{sentence}" in done.stderr
    assert (new_course.assignments / "stage01_sums/stage01_sums.ipynb").read_bytes() == before


# What only carrying it out can tell.


def test_a_notebook_that_is_out_of_step_is_told(new_course: Course):
    edit(new_course.stages[0].folder / "lesson.py", "Adding things up.", "Adding up.")
    (said,) = problems(new_course, "stage01")
    assert said.startswith("assignments/stage01_sums/stage01_sums.ipynb:")
    assert said.endswith("run `nngrade build stage01_sums`")


def test_a_stray_notebook_is_told_when_all_stages_are_tried(new_course: Course):
    (new_course.assignments / "notes.txt").write_text("x")
    assert problems(new_course) == ["assignments/notes.txt:1: no lesson makes this file; delete it"]


def rebuilt(course: Course) -> Course:
    fresh = Course(course.root)
    build(fresh, fresh.stages)
    return fresh


DEMO = "total_of_demo = total(np.arange(3.0))"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("1 / 0", "this cell raises ZeroDivisionError: division by zero, with all tasks solved"),
        ("import sys; sys.stderr.write('Oh')", "this cell warns (Oh); write it so that"),
    ],
)  # fmt: skip
def test_a_cell_that_a_student_would_stumble_over_is_told(new_course: Course, code, sentence):
    edit(new_course.stages[0].folder / "lesson.py", DEMO, code)
    (said,) = problems(rebuilt(new_course), "stage01")
    assert said.startswith(f"{STAGE}/lesson.py:34: {sentence}")


def test_a_solution_that_does_not_reach_a_threshold_is_told(new_course: Course):
    edit(
        new_course.stages[1].folder / "checks.py",
        '{"mnist": 0.05, "digits": 0.05}',
        '{"mnist": 0.05, "digits": 0.95}',
    )
    (said,) = problems(new_course, "stage02")
    assert said.startswith(
        "solutions/stage02_gradients/checks.py:23: the solution of learns loses learns_something "
        "when its notebook is graded (share on digits is "
    )


def test_thresholds_for_one_data_set_only_are_told(new_course: Course):
    edit(new_course.stages[1].folder / "checks.py", '"mnist": 0.05, ', "")
    (said,) = problems(new_course, "stage02")
    assert "checks.py:23: learns_something has thresholds for digits, and needs one for" in said


# A check that sees whether an argument was changed, and one that does not.
SEEN = 'agrees(student.shifted, reference.shifted, calls, "the result")'
UNSEEN = "close(student.shifted(*calls[0]), reference.shifted(*calls[0]))"


def test_what_the_audit_finds_has_its_place(new_course: Course):
    folder = new_course.stages[0].folder
    edit(folder / "checks.py", SEEN, UNSEEN)
    entry = '[[mutant]]\ntask = "shifted"\nid = "012345678901"\nreason = "None."\n'
    (folder / "reviewed_mutants.toml").write_text(entry)
    (said,) = problems(new_course, "stage01")
    assert said == (
        f"{STAGE}/reviewed_mutants.toml:3: shifted has no mutant 012345678901; delete the entry, "
        "whose code is no more"
    )
    (folder / "reviewed_mutants.toml").unlink()
    edit(folder / "alternatives.py", "values.copy()", "values.astype(str)")
    said = "\n".join(problems(new_course, "stage01"))
    assert (
        f"{STAGE}/misconceptions.py:13: misconception shifted/in_place: caught with 0 of 1 seeds; "
        "not always lost: shifts_in_a_new_array (Changes the caller's array.); sharpen that check"
    ) in said
    assert f"{STAGE}/alternatives.py:17: alternative shifted/one_by_one is right, but loses" in said


def test_a_review_that_lacks_something_or_is_of_no_task_is_told(new_course: Course):
    path = new_course.stages[0].folder / "reviewed_mutants.toml"
    path.write_text(
        '[[mutant]]\ntask = "total"\nid = "0"\n\n'
        '[[mutant]]\ntask = "totl"\nid = "0"\nreason = "It is right."\n'
    )
    assert problems(new_course, "stage01") == [
        f"{STAGE}/reviewed_mutants.toml:1: mutant number 1 needs a task, an id and a reason",
        f"{STAGE}/reviewed_mutants.toml:5: mutant number 2: no task 'totl'; there are: total, "
        "shifted",
    ]
    path.write_text('[[mutant]]\ntask = "total\n')
    (said,) = problems(new_course, "stage01")
    assert said.startswith(f"{STAGE}/reviewed_mutants.toml:2: cannot be read as TOML")


# The README's tables.


IDEAS = "| idea | decks | where | practised by |\n|---|---|---|---|\n"


def test_a_missing_or_wrong_row_of_the_audits_table_is_told(new_course: Course):
    readme = new_course.solutions / "README.md"
    readme.write_text(f"# Staff\n\n{BEGIN}\n\n| stage | tasks |\n| --- | ---: |\n\n{END}\n")
    update = "run `nngrade audit --update-readme`"
    assert problems(new_course, "stage01") == [
        f"solutions/README.md:3: the table of the audit has no row of stage01_sums; {update}"
    ]
    edit(readme, "---: |\n", "---: |\n| stage01_sums | 3 |\n")
    readme.write_text(readme.read_text() + f"\n{IDEAS}| sums | B | stage02: Sums | question |\n")
    assert problems(new_course, "stage01") == [
        "solutions/README.md:13: the table of ideas has no row of stage01_sums; add one below this "
        "line, with `stage01: HEADING` under 'where' and a task under 'practised by'",
        f"solutions/README.md:7: the row of stage01_sums says 3 tasks, and there are 2; {update}",
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("stage02: Gradients | task `slope`",
         "4: the table of ideas has no row of stage01_sums; add one below this line, with "
         "`stage01: HEADING` under 'where' and a task under 'practised by'"),
        ("stage01: Sum | task `total`",
         "4: sums: the lesson of stage01_sums has no heading 'Sum'; correct the row or the "
         "heading"),
        ("stage01: Task: `total` | task `totl`",
         "4: sums: the lesson of stage01_sums has no task totl; there are: total, shifted"),
        ("stage01: Task: `total` | task `total`, figure",
         "4: sums: the section 'Task: `total`' draws no figure; add one or correct the row"),
        ("stage01: Task: `total` | question",
         "4: sums: the section 'Task: `total`' has no **Question; add one or correct the row"),
        ("stage01: Task: `total` | a walk",
         "4: sums: 'practised by' says 'a walk'; write task `NAME`, figure or question"),
    ],
)  # fmt: skip
def test_an_idea_that_is_not_where_the_table_says_is_told(new_course: Course, row, sentence):
    (new_course.solutions / "README.md").write_text(f"\n{IDEAS}| sums | B | {row} |\n")
    (said,) = problems_of_ideas(new_course, new_course.select(["stage01"]))
    assert str(said) == f"{new_course.solutions}/README.md:{sentence}"


# The command.


def test_a_sound_course_passes(new_course: Course):
    done = nngrade(new_course.root, "gate", "--jobs", "1")
    assert done.stdout == "2 stages: everything holds (a sixth of the mutants; --full tries all).\n"
    assert "Kernel" not in done.stderr


def test_a_full_gate_tries_all_mutants(new_course: Course):
    done = nngrade(new_course.root, "gate", "stage01", "--full", "--jobs", "1")
    assert done.stdout == "1 stage: everything holds (all mutants).\n"
    # The small course's second stage lets some through.
    done = nngrade(new_course.root, "gate", "stage02", "--full", "--jobs", "1", ok=False)
    assert done.returncode == 1
    assert "solutions/stage02_gradients/lesson.py:22: mutant batches/" in done.stdout


def test_problems_are_told_in_full_on_a_narrow_terminal(new_course: Course, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    folder = new_course.stages[0].folder
    FILES["a check that does not exist in caught_by"][0](folder)
    FILES["no alternatives"][0](folder)
    done = nngrade(new_course.root, "gate", "stage01", "--jobs", "1", ok=False)
    assert done.returncode == 1
    assert max(map(len, done.stdout.splitlines())) <= 80
    text = " ".join(done.stdout.split())
    for mistake in ("a check that does not exist in caught_by", "no alternatives"):
        assert f"{STAGE}/{FILES[mistake][1]}" in text
    assert text.endswith("3 problems. Mend these first: not all of stage01_sums could be tried.")


def test_the_audit_tells_its_problems_in_full_on_a_narrow_terminal(new_course, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    path = new_course.stages[0].folder / "checks.py"
    edit(path, SEEN, UNSEEN)
    done = nngrade(new_course.root, "audit", "stage01", "--jobs", "1", ok=False)
    assert done.returncode == 1
    assert max(map(len, done.stdout.splitlines())) <= 80
    text = " ".join(done.stdout.split())
    assert (
        "stage01_sums: misconception shifted/in_place: caught with 0 of 3 seeds; not always lost: "
        "shifts_in_a_new_array (Changes the caller's array.); sharpen that check, or name the one "
        "that sees it in caught_by"
    ) in text
    assert "\n+    return values.__iadd__(by)\n" in done.stdout


def test_a_gate_that_cannot_be_tried_exits_with_two(new_course: Course):
    done = nngrade(new_course.root, "gate", "stage09", ok=False)
    assert done.returncode == 2
    assert "there is no stage 'stage09'" in done.stderr
    new_course.options_file.write_text("[stages]\npoints = 19.5\n")
    done = nngrade(new_course.root, "gate", ok=False)
    assert done.returncode == 2
    assert "points in [stages] must be a whole number from 0 on, not 19.5" in done.stderr


@pytest.mark.slow
def test_a_real_stage_passes(real_course: Course):
    """The audits, runs and marks of all stages have tests of their own in tests/solutions."""
    report = gate(real_course, real_course.stages[3:4], replace(Plan.fast(1), one_in=0), 2)
    assert [str(one) for one in report.problems] == []
    assert report.not_tried == ()


@pytest.mark.slow
def test_nineteen_and_a_half_points_are_refused_in_the_real_course(real_course, tmp_path):
    shutil.copytree(real_course.solutions, tmp_path / "solutions")
    edit(tmp_path / "solutions/stage02_multiclass/checks.py", "points=1,", "points=0.5,")
    course = Course(tmp_path)
    done = nngrade(course.root, "build", "stage02", ok=False)
    assert done.returncode == 2
    assert "are worth 19.5 points in all, and a stage is worth 20" in done.stderr


def test_the_page_of_the_audit_shows_every_number_with_its_name(course: Course):
    page = render_audit(list(audit(course, course.stages, Plan.fast(1), 1)))
    for label in ("runs that were lost", "misconceptions caught", "mutants survived"):
        assert page.count(f'data-label="{label}"') == 3
    assert 'reviewed</th><th scope="col" class="number">survived</th>' in page
