"""What an audit finds: right answers that lose, wrong ones that pass, checks without a catch."""

from __future__ import annotations

from nngrade.audit.task import Plan
from tests.audit.conftest import audited
from tests.helpers import edit


def test_a_course_whose_checks_are_sound(course):
    findings = audited(course)
    # What draws nothing is carried out once.
    assert findings.runs == 2 * (1 + 3 + 1) + 2 * (1 + 3)
    assert findings.failures == 0
    assert len(findings.wrong("stub", "caught")) == 2
    assert len(findings.wrong("misconception", "caught")) == 2
    assert len(findings.wrong("mutant", "caught")) > 6
    assert not list(findings.problems())


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
    (one,) = [one for one in findings.wrong("misconception") if one.name == "without_signs"]
    assert one.fate == "survived"
    assert 20 < one.caught < 120
    assert one.seeds == 200
    assert one.uneven == {"any_length": one.caught}
    assert any(
        f"luck decides: loses any_length with {one.caught} of 200 seeds" in problem
        for problem in findings.problems()
    )


def test_luck_that_costs_more_is_found_where_the_mistake_never_gets_away(new_course):
    # The one check always sees it, the other sometimes: two students get different points.
    stage = new_course.stages[0]
    (stage.folder / "misconceptions.py").write_text(
        "from nngrade import misconception\n\n\n"
        '@misconception("total", caught_by="once_more", hint="Has it a sign?")\n'
        'def without_signs(values):\n    """No signs."""\n    return float(sum(abs(values)))\n'
    )
    with (stage.folder / "checks.py").open("a") as file:
        file.write(
            '\n\n@check("total", points=1)\ndef once_more(student):\n    """-1 and 2 are 1."""\n'
            "    close(student.total(np.array([-1.0, 2.0])), 1.0)\n"
        )
    edit(
        stage.folder / "checks.py",
        "values = rng.normal(size=m)",
        "values = np.abs(rng.normal(size=m)) * (-1 if rng.random() < 0.1 else 1)",
    )
    findings = audited(new_course, Plan.of_luck(100))
    (one,) = [one for one in findings.wrong("misconception") if one.name == "without_signs"]
    assert (one.fate, one.caught, one.missed) == ("survived", 100, ())
    assert set(one.uneven) == {"any_length"}
    # Mutants are tried with a tenth of the seeds, and those that lose nothing are left out.
    assert {mutant.seeds for mutant in findings.wrong("mutant")} == {10}


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


def test_who_passes_all_visible_tests_is_counted(new_course):
    edit(
        new_course.stages[0].folder / "lesson.py",
        'assert old == 1, "the old array stays as it was"\n',
        "",
    )
    findings = audited(new_course)
    shifted = next(task for task in findings.tasks if task.task == "shifted")
    assert [one.name for one in shifted.unseen("misconception")] == ["in_place"]
    assert all("__iadd__" in one.about for one in shifted.unseen("mutant"))
    assert len(shifted.unseen("mutant")) < len(shifted.mistakes("mutant"))
    # One may; the mutants that do are too many beside the one of the other task.
    said = list(findings.problems())
    assert not any("misconception" in one for one in said)
    assert len(findings.unseen("mutant")) == 2
    assert sum("passes all visible tests" in one for one in said) == 2


def test_a_mistake_may_show_in_the_visible_tests_of_another_task(new_course):
    folder = new_course.stages[0].folder
    edit(
        folder / "lesson.py",
        'assert total(np.array([1.0, 2.0])) == 3, "1 + 2 is 3"\nassert total(scaled([1.0])) == 2\n',
        "assert True\n",
    )
    edit(
        folder / "lesson.py",
        "old = np.array([1.0])",
        "assert total(np.ones(2)) == 2\nold = np.array([1.0])",
    )
    findings = audited(new_course)
    (mistake,) = findings.wrong("misconception")[:1]
    assert (mistake.task, mistake.name, mistake.seen) == ("total", "mean_for_sum", "shifted")


def test_a_visible_test_that_is_sharper_than_the_grade_is_found(new_course):
    folder = new_course.stages[0].folder
    # Right but for NaN, which no check hands over and only the visible tests ask about.
    edit(
        folder / "lesson.py",
        "return values + by",
        "return np.where(values != values, 0, values + by)",
    )
    edit(
        folder / "lesson.py",
        'assert old == 1, "the old array stays as it was"\n',
        "assert old == 1\nassert shifted(old * np.nan, 1.0) == 0\n",
    )
    said = [one for one in audited(new_course).problems() if "loses nothing" in one]
    assert said
    assert "fails the visible tests and loses nothing; sharpen a check" in said[0]
