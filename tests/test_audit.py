"""The tests are tested: what an audit tells of right and wrong answers, and that its gates hold."""

from __future__ import annotations

import ast
import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from nngrade.audit.cases import Case, mutants, namespace_of, stub
from nngrade.audit.equivalence import replays_of, same, same_behaviour
from nngrade.audit.findings import StageFindings
from nngrade.audit.gate import problem_of_row
from nngrade.audit.judge import TOO_LONG, lost, student_with
from nngrade.audit.mutants import mutants_of
from nngrade.audit.page import render_audit
from nngrade.audit.reviewed import reviewed_mutants
from nngrade.audit.run import audit
from nngrade.audit.summary import BEGIN, END, as_document, replace_table
from nngrade.audit.task import Plan
from nngrade.course.data import Data
from nngrade.course.lesson import Task
from nngrade.course.stages import Course, Stage, find_course
from nngrade.errors import CourseError, NngradeError

from .conftest import ROOT, nngrade

DIGITS = Data("digits")
STAGES = find_course(ROOT).stages


def task_of(stage: Stage, name: str) -> Task:
    return next(one for one in stage.lesson.tasks if one.name == name)


def with_source(task: Task, source: str) -> Task:
    return dataclasses.replace(task, solution=dataclasses.replace(task.solution, source=source))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def let_shifted_change_its_arguments(checks: Path) -> None:
    edit(checks, ', "the result")', ', "the result", may_change=True)')


def audited(course: Course, plan: Plan = Plan(seeds=3)) -> StageFindings:  # noqa: B008
    (findings,) = audit(course, course.stages[:1], plan, 1)
    return findings


# mutants


def test_mutants_are_other_functions_of_the_same_name(stage):
    for task in stage.lesson.tasks:
        made = mutants_of(task)
        assert len({one.id for one in made}) == len({one.source for one in made}) == len(made) > 3
        for one in made:
            (function,) = ast.parse(one.source).body
            assert function.name == task.name
            assert any(line.startswith("+") for line in one.diff.splitlines()), one.diff


def test_the_usual_mistakes_are_among_the_mutants(course):
    batches = {one.source for one in mutants_of(task_of(course.stages[1], "batches"), 1000)}
    for wrong in (
        "order = np.random.permutation(len(values))",  # everybody's generator
        "range(0, len(values) - size, size)",  # without the last, smaller one
        "range(1, len(values), size)",
        "yield order[order[start:start + size]]",  # another variable
        "values[start:start + size]",  # no shuffling
    ):
        assert any(wrong in one for one in batches), wrong
    shifted = {one.source for one in mutants_of(task_of(course.stages[0], "shifted"))}
    assert any("values.__iadd__(by)" in one for one in shifted)


def test_there_are_no_more_mutants_than_asked_for_and_of_many_kinds(course):
    some = mutants_of(task_of(course.stages[1], "batches"), 20)
    assert len(some) == 20
    assert len({one.operator for one in some}) > 10


def test_a_mutant_is_known_by_its_code_not_by_layout_and_docstring(stage):
    task = task_of(stage, "total")
    source = task.solution.source.replace("Sum of", "The sum of").replace(
        "(values))", "( values ))"
    )
    assert source != task.solution.source
    assert mutants_of(with_source(task, source)) == mutants_of(task)


def test_what_is_given_in_a_task_is_not_changed(stage):
    task = task_of(stage, "total")
    given = task.solution.source.replace("    ### BEGIN", "    offset = 5 - 5\n    ### BEGIN")
    for one in mutants_of(with_source(task, given)):
        assert "offset = 5 - 5" in one.source


# right or wrong


def test_the_untouched_stub_raises(stage):
    namespace = namespace_of(stage, stub(stage, "total"))
    with pytest.raises(NotImplementedError):
        namespace["total"](np.ones(2))
    assert namespace["scaled"]([1.0]) == 2  # given code is there


def test_an_answer_that_never_ends_loses_the_check(stage):
    endless = "def total(values):\n    while True:\n        pass\n"
    student = student_with(stage, Case("mutant", "total", "endless", sources={"total": endless}))
    check = next(one for one in stage.checks if one.name == "any_length")
    assert lost(stage, student, check, 0, DIGITS, seconds=0.1) == TOO_LONG


def test_an_answer_that_cannot_be_defined_loses_the_check(stage):
    student = student_with(stage, Case("mutant", "total", "x", sources={"total": "1 / 0"}))
    assert student is None
    assert lost(stage, student, stage.checks[0], 0, DIGITS)


def test_sameness_is_that_of_a_check_but_to_the_last_digit():
    x = np.array([1.0, 2.0])
    assert same(x, x * (1 + 1e-15))
    assert not same(x, x * (1 + 1e-9))
    assert not same(x, x[None])
    assert same(x, np.array([1, 2]))
    assert not same(np.array([1, 2]), x)
    assert same(np.array([1, 2]), np.array([1, 2], dtype=np.int8))
    assert same([1.0, {"a": np.float64(2)}], (np.array(1.0), {"a": 2.0}))
    assert not same({"a": 1}, {"b": 1})
    assert same(np.nan, np.nan)
    assert same(None, None)
    assert not same(None, 0)
    assert not same(True, 1)


@pytest.mark.parametrize(
    ("number", "task", "body", "equivalent"),
    [
        (0, "shifted", "return by + values", True),
        (0, "shifted", "return values.__iadd__(by)", False),  # changes its argument
        (0, "shifted", "return values + by if values.any() else values", False),  # only for zeros
        (0, "shifted", "return values if values[0] > 50 else values + by", False),
        (1, "batches", "order = rng.permutation(len(values)); return [values[order]]", False),
        (
            1,
            "batches",
            "order = rng.permutation(len(values)); rng.random(); "
            "return [values[order[k : k + size]] for k in range(0, len(values), size)]",
            False,  # draws a number too many
        ),
        (
            1,
            "batches",
            "order = rng.permutation(len(values)); "
            "return [values[order[k : k + size]] for k in range(0, len(values), size)]",
            True,
        ),
    ],
)
def test_a_mutant_is_equivalent_if_nothing_tells_it_from_the_reference(
    course, number, task, body, equivalent
):
    stage = course.stages[number]
    names = {"shifted": "values, by", "batches": "values, size, rng"}[task]
    source = f"def {task}({names}):\n    {body}\n"
    student = student_with(stage, Case("mutant", task, "x", sources={task: source}))
    assert student is not None
    assert same_behaviour(task, student, replays_of(stage, task, 3, DIGITS)) is equivalent


# what is found


def test_a_course_whose_checks_are_sound(course):
    findings = audited(course)
    # What draws nothing is carried out once.
    assert findings.runs == 2 * (1 + 3 + 1) + 2 * (1 + 3)
    assert findings.failures == 0
    assert len(findings.wrong("stub", "caught")) == 2
    assert len(findings.wrong("misconception", "caught")) == 2
    assert len(findings.wrong("mutant", "caught")) > 6
    assert not list(findings.problems())


def test_a_wrong_answer_that_no_check_sees_is_found_and_may_be_reviewed(new_course):
    folder = new_course.stages[0].folder
    let_shifted_change_its_arguments(folder / "checks.py")
    findings = audited(new_course)
    names = {one.name: one for one in findings.wrong("misconception", "survived")}
    assert names["in_place"].missed == ("shifts_in_a_new_array",)
    (survivor,) = findings.wrong("mutant", "survived")
    assert "values.__iadd__(by)" in survivor.about
    problems = "\n".join(findings.problems())
    assert "misconception shifted/in_place" in problems
    assert survivor.about in problems

    entry = f'[[mutant]]\ntask = "shifted"\nid = "{survivor.name}"\nreason = "The caller knows."\n'
    (folder / "reviewed_mutants.toml").write_text(entry)
    findings = audited(Course(new_course.root))
    assert not findings.wrong("mutant", "survived")
    (one,) = findings.wrong("mutant", "reviewed")
    assert one.reason == "The caller knows."


def test_a_review_of_what_is_caught_is_out_of_date(new_course):
    stage = new_course.stages[0]
    one = next(iter(mutants(task_of(stage, "shifted"))))
    path = stage.folder / "reviewed_mutants.toml"
    path.write_text(f'[[mutant]]\ntask = "shifted"\nid = "{one.name}"\nreason = "It is right."\n')
    assert [problem for problem in audited(new_course).problems() if one.name in problem]
    path.write_text(f'[[mutant]]\ntask = "shifted"\nid = "{one.name}"\nreason = " "\n')
    with pytest.raises(CourseError, match="number 1 needs a task, an id and a reason"):
        reviewed_mutants(stage)


def test_a_check_that_some_right_answers_fail_is_found(new_course):
    path = new_course.stages[0].folder / "checks.py"
    # Adding up in another order gives other last digits, for some inputs.
    edit(
        path,
        '"the total")\n\n\n@check("total", points=1',
        '"the total", 0, 0)\n\n\n@check("total", points=1',
    )
    findings = audited(new_course, Plan(seeds=40, wrong_seeds=1))
    (unlucky,) = [one for one in findings.right if one.failures]
    assert unlucky.name == "exactly_rounded"
    assert 0 < unlucky.flakiness < 1
    assert any("exactly_rounded is right, but loses any_length" in p for p in findings.problems())


def test_a_known_mistake_that_gets_away_with_some_draws_is_found(new_course):
    # One value in ten is negative: only with those do signs make a difference.
    edit(
        new_course.stages[0].folder / "checks.py",
        "values = rng.normal(size=m)",
        "values = np.abs(rng.normal(size=m)) * (-1 if rng.random() < 0.1 else 1)",
    )
    (new_course.stages[0].folder / "misconceptions.py").write_text(
        "from nngrade import misconception\n\n\n"
        '@misconception("total", caught_by="any_length", hint="Has it a sign?")\n'
        'def without_signs(values):\n    """No signs."""\n    return float(sum(abs(values)))\n'
    )
    findings = audited(new_course, Plan.of_luck(200))
    assert not findings.wrong("mutant")
    (one,) = [one for one in findings.wrong("misconception") if one.name == "without_signs"]
    assert one.fate == "survived"
    assert 20 < one.caught < 120
    assert one.seeds == 200


def test_checks_are_judged_by_what_they_catch(new_course):
    path = new_course.stages[0].folder / "checks.py"
    path.write_text(
        path.read_text()
        + '\n\n@check("shifted", points=1)\ndef returns_something(student):\n    """True."""\n'
        + '\n\n@check("total", points=1)\ndef once_more(student):\n    """1 + 2 is 3."""\n'
        + "    close(student.total(np.array([1.0, 2.0])), 3.0)\n"
    )
    findings = audited(new_course)
    checks = {check.name: check for task in findings.tasks for check in task.checks}
    assert checks["returns_something"].verdict == "dead"
    assert checks["once_more"].verdict == "redundant"
    assert checks["any_length"].verdict == ""
    assert checks["any_length"].catches > checks["nothing_sums_to_zero"].catches > 0


# what is shown


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


def test_the_page_and_the_document_show_diffs_and_escape_them(new_course):
    path = new_course.stages[0].folder / "checks.py"
    let_shifted_change_its_arguments(path)
    findings = [audited(new_course)]
    page = render_audit(findings)
    assert "values.__iadd__(by)" in page
    assert "The gates do not hold" in page
    assert page.count("<section") == page.count("</section>")
    document = json.loads(json.dumps(as_document(findings)))
    assert document["holds"] is False
    (check, *_) = document["stages"][0]["tasks"][1]["checks"]
    assert {"share", "verdict", "points", "alone"} <= set(check)


def test_the_table_goes_between_its_marks(course, tmp_path):
    findings = list(audit(course, course.stages[:1], Plan.fast(), 1))
    readme = tmp_path / "README.md"
    readme.write_text(f"Before.\n\n{BEGIN}\nold\n{END}\n\nAfter.\n")
    assert replace_table(readme, findings)
    text = readme.read_text()
    assert text.startswith(f"Before.\n\n{BEGIN}\n\n| stage | tasks |")
    assert text.endswith(f"|\n\n{END}\n\nAfter.\n")
    assert "old" not in text
    assert not replace_table(readme, findings)
    readme.write_text("No marks.")
    with pytest.raises(NngradeError, match="add them"):
        replace_table(readme, findings)


# the gates


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_gates_hold(real_course, stage):
    """A fast audit of the real course; `.ci/run` makes the whole of it."""
    (findings,) = audit(real_course, [stage], Plan.fast(), 1)
    assert not list(findings.problems()), "\n".join(findings.problems())
    assert problem_of_row(real_course, findings) is None
