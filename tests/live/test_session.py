"""What a panel says in each state of a task and of the notebook, in a shell of this process."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from nngrade.live import configure
from nngrade.live.evidence import RECORDER
from tests.live.conftest import DOUBLED, QUARTER, TEST_DOUBLED, UNDONE, Desk

RIGHT = DOUBLED + "return 2 * x"


def test_a_right_function_passes_and_its_tests_are_counted(desk: Desk):
    ran = desk.try_("doubled", RIGHT)
    assert ran.result.success
    assert (ran.state, ran.verdict.cases, ran.verdict.failed) == ("passed", 2, 0)
    (shown,) = ran.shown
    assert "doubled passes its 2 tests" in shown
    assert "The visible tests of 1 of 2 tasks pass; hidden checks decide" in shown
    assert ran.printed == ""


def test_a_wrong_function_is_told_what_the_test_says(desk: Desk):
    ran = desk.try_("doubled", DOUBLED + "return 3 * x")
    assert not ran.result.success
    assert isinstance(ran.result.error_in_exec, AssertionError)
    assert (ran.state, ran.verdict.cases, ran.verdict.failed) == ("failed", 2, 2)
    assert ran.verdict.message == "twice 2 is 4"
    assert ran.verdict.passing == 0
    # No traceback: a line for the notebook program, which stops "Run all" there.
    assert "Traceback" not in ran.printed
    assert "AssertionError" in ran.printed


def test_asserts_after_the_first_that_fails_are_tried_too(desk: Desk):
    ran = desk.try_("doubled", DOUBLED + "return 2 * x if np.ndim(x) else 3 * x")
    assert (ran.verdict.cases, ran.verdict.failed) == (2, 1)


def test_a_task_that_is_not_done_is_no_failure(desk: Desk):
    ran = desk("tests-doubled")
    assert ran.state == "undone"
    assert "doubled is not done yet" in ran.shown[0]
    assert isinstance(ran.result.error_in_exec, NotImplementedError)
    assert ran.verdict.meanwhile == ("quarter",)


def test_what_can_be_done_meanwhile_is_named(desk: Desk):
    desk.write(task_third="def third(x):\n    " + UNDONE, tests_third="assert third(3.0) == 1")
    desk("task-third")
    assert desk("tests-doubled").verdict.meanwhile == ("quarter", "third")
    assert desk.try_("quarter", QUARTER + "return doubled(doubled(x))").verdict.meanwhile == (
        "third",
    )


def test_a_task_waits_for_one_that_is_not_done(desk: Desk):
    ran = desk.try_("quarter", QUARTER + "return doubled(doubled(x))")
    assert (ran.state, ran.verdict.culprit) == ("waiting", "doubled")
    assert "has to wait for doubled" in ran.shown[0]


def test_the_culprit_is_found_though_its_tests_were_never_run(desk: Desk):
    desk.write(task_doubled=DOUBLED + "return 3 * x")
    desk("task-doubled")
    ran = desk.try_("quarter", QUARTER + "return doubled(doubled(x))")
    assert (ran.state, ran.verdict.culprit) == ("waiting", "doubled")
    # Once that one is right, the blame is gone.
    desk.write(task_doubled=RIGHT)
    desk("task-doubled")
    assert desk("tests-quarter").state == "passed"


def test_a_task_that_calls_a_right_one_is_blamed_itself(desk: Desk):
    desk.try_("doubled", RIGHT)
    ran = desk.try_("quarter", QUARTER + "return doubled(x)")
    assert (ran.state, ran.verdict.culprit) == ("failed", "")


def test_the_culprit_may_be_called_through_a_helper_of_the_students(desk: Desk):
    desk.run("def twice(x):\n    return doubled(doubled(x))")
    desk.write(task_doubled=DOUBLED + "return 3 * x")
    desk("task-doubled")
    assert desk.try_("quarter", QUARTER + "return twice(x)").verdict.culprit == "doubled"


def test_two_that_call_each_other_come_to_an_end(desk: Desk):
    desk.write(task_doubled=DOUBLED + "return quarter(x) / 2 + 1")
    desk("task-doubled")
    ran = desk.try_("quarter", QUARTER + "return 5 * x if x != 0 else doubled(x)")
    assert ran.state in ("failed", "waiting")


STOPS = {
    "an exception": ("return 1 / 0", "ZeroDivisionError"),
    "a name that is not there": ("return 2 * y", "NameError"),
    "too deep": ("return doubled(x)", "RecursionError"),
    "an exception of the student's own": (
        "class Mine(Exception): pass\n    raise Mine('ha')",
        "Mine",
    ),
    "an exception whose text fails": (
        "class Mine(Exception):\n        def __str__(self): raise ValueError\n    raise Mine()",
        "",
    ),
}


@pytest.mark.parametrize("fault", STOPS)
def test_what_stops_a_function_is_told_with_its_line(desk: Desk, fault: str):
    body, kind = STOPS[fault]
    ran = desk.try_("doubled", DOUBLED + body)
    assert not ran.result.success
    if kind:
        assert ran.state == "failed"
        assert kind in ran.shown[0]
        assert "line" in ran.verdict.reason


def test_leaving_the_program_is_a_failure_like_any_other(desk: Desk):
    with pytest.warns(UserWarning, match="To exit"):
        ran = desk.try_("doubled", DOUBLED + "import sys\n    sys.exit(3)")
    assert ran.state == "failed"
    assert "SystemExit" in ran.shown[0]


def test_an_exception_beside_all_others_is_a_failure_too(desk: Desk):
    ran = desk.try_("doubled", DOUBLED + "raise BaseException('no')")
    assert ran.state == "failed"
    assert "BaseException" in ran.shown[0]


def test_a_function_without_return_is_told_that(desk: Desk):
    ran = desk.try_("doubled", DOUBLED + "2 * x")
    assert (ran.state, ran.verdict.kind) == ("failed", "returned")
    assert "None" in ran.verdict.reason


def test_a_changed_argument_is_named(desk: Desk):
    desk.write(
        tests_doubled=TEST_DOUBLED + '\nassert unchanged(doubled, np.ones(2)), "x stays as it is"'
    )
    ran = desk.try_("doubled", DOUBLED + "x *= 2\n    return x")
    assert (ran.state, ran.verdict.kind) == ("failed", "mutated")
    assert "x" in ran.verdict.reason


def test_a_list_that_is_changed_is_told_too(desk: Desk):
    desk.write(
        tests_doubled="assert doubled([1]) == [1, 1]\n"
        'assert unchanged(doubled, [1]), "the list stays as it is"'
    )
    ran = desk.try_("doubled", DOUBLED + "x.append(x[0])\n    return x")
    assert (ran.state, ran.verdict.failed, ran.verdict.kind) == ("failed", 1, "mutated")


def test_an_endless_loop_ends_after_the_time_that_was_set(desk: Desk):
    configure(seconds=0.2)
    start = time.perf_counter()
    ran = desk.try_("doubled", DOUBLED + "while True:\n        x = x")
    assert time.perf_counter() - start < 3
    assert (ran.state, ran.verdict.kind) == ("failed", "endless")
    assert "0.2 seconds" in ran.shown[0]
    # The kernel lives on.
    assert desk.try_("doubled", RIGHT).state == "passed"


def test_a_loop_that_catches_every_exception_ends_too(desk: Desk):
    configure(seconds=0.2)
    ran = desk.try_(
        "doubled",
        DOUBLED + "while True:\n        try:\n            x = x\n"
        "        except Exception:\n            pass",
    )
    assert ran.verdict.kind == "endless"


@pytest.fixture
def no_collection() -> Iterator[None]:
    """No garbage is collected: an interrupt in a callback of the collector's is lost."""
    gc.disable()
    yield
    gc.enable()


def test_the_interrupt_button_is_the_students(desk: Desk, no_collection: None):
    desk.write(task_doubled=DOUBLED + "while True:\n        x = x")
    desk("task-doubled")
    button = threading.Timer(0.3, signal.pthread_kill, (threading.main_thread().ident,
                             signal.SIGINT))  # fmt: skip
    button.start()
    ran = desk("tests-doubled")
    button.join()
    assert isinstance(ran.result.error_in_exec, KeyboardInterrupt)
    assert ran.verdict is None
    assert "KeyboardInterrupt" in ran.printed
    assert desk.try_("doubled", RIGHT).state == "passed"


def test_run_all_goes_on_only_where_that_is_set(desk: Desk):
    assert not desk.try_("doubled", DOUBLED + "return 0").result.success
    configure(go_on=True)
    ran = desk("tests-doubled")
    assert (ran.state, ran.result.success, ran.printed) == ("failed", True, "")


def test_without_panels_a_test_cell_is_what_it_is_anywhere(desk: Desk):
    configure(panel=False)
    ran = desk.try_("doubled", DOUBLED + "return 0")
    assert (ran.verdict, ran.shown) == (None, [])
    assert "AssertionError: twice 2 is 4" in ran.printed
    assert desk.try_("doubled", RIGHT).shown == []
    configure(panel=True)
    assert desk("tests-doubled").state == "passed"


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_a_limit_that_is_none_is_refused(seconds: float):
    with pytest.raises(ValueError, match="more than 0"):
        configure(seconds=seconds)


# Other cells.


def test_a_demonstration_that_needs_an_undone_task_says_so_in_a_line(desk: Desk):
    ran = desk("demo-1")
    (shown,) = ran.shown
    assert "needs doubled" in shown
    assert "\n" not in shown
    # "Run all" goes on, and a later cell that needs what this one makes says so too.
    assert ran.result.success
    desk.write(demo_2="print(picture)")
    later = desk("demo-2")
    assert "needs picture" in later.shown[0]
    assert later.result.success


def test_what_a_demonstration_began_to_make_is_not_used(desk: Desk):
    """An earlier cell's value, or half of a list, would be taken for what is meant."""
    desk.run("w = [0]\nn = 3", "scratch")
    desk.write(
        demo_1="kept = []\nfor n in range(3):\n    kept.append(n)\n    w = doubled(n)",
        demo_2="print(w)",
        demo_3="print(len(kept))",
        demo_4="def later(w):\n    return w\n\nn = 7\nprint(n)",
    )
    assert "needs doubled" in desk("demo-1").shown[0]
    for name, lacking in (("demo-2", "w"), ("demo-3", "kept")):
        ran = desk(name)
        assert ran.printed == ""
        assert ran.shown == [
            f"○ This cell needs {lacking}, which a cell above makes once doubled is right."
        ]
        assert ran.result.success
    # What a cell makes itself, and what its functions are given, it does not need.
    assert (desk("demo-4").printed, desk("demo-4").shown) == ("7\n", [])
    # A student's own cell is left alone; and once the task is done, all is there.
    assert desk.run("print(w, 1)", "scratch").printed == "[0] 1\n"
    desk.try_("doubled", RIGHT)
    assert desk("demo-1").shown == []
    assert [desk("demo-2").printed, desk("demo-3").printed] == ["4\n", "3\n"]


def test_a_demonstration_that_stops_by_a_wrong_task_names_that(desk: Desk):
    desk.try_("doubled", DOUBLED + "return x['a']")
    ran = desk("demo-1")
    assert "needs doubled" in ran.shown[0]
    assert ran.result.success


def test_an_endless_task_does_not_hold_up_the_demonstration(desk: Desk):
    configure(seconds=0.2)
    desk.try_("doubled", DOUBLED + "while True:\n        x = x")
    assert "needs doubled" in desk("demo-1").shown[0]


def test_a_fault_of_a_students_own_cell_has_its_traceback(desk: Desk):
    ran = desk.run("1 / 0", "a1b2")
    assert (ran.verdict, ran.shown) == (None, [])
    assert "ZeroDivisionError" in ran.printed
    assert not ran.result.success


def test_a_students_own_asserts_are_the_students(desk: Desk):
    desk.write(mine="assert 1 == 2, 'my own'")
    ran = desk("mine")
    assert (ran.verdict, ran.shown) == (None, [])
    assert "my own" in ran.printed


def test_a_syntax_error_stays_pythons(desk: Desk):
    desk.write(task_doubled="def doubled(x)\n    return x")
    ran = desk("task-doubled")
    assert ran.verdict is None
    assert "SyntaxError" in ran.printed
    # The function is still the one from before.
    assert desk("tests-doubled").state == "undone"


def test_a_syntax_error_in_the_test_cell_stays_pythons(desk: Desk):
    ran = desk.run("assert doubled(", "tests-doubled")
    assert ran.verdict is None
    assert "SyntaxError" in ran.printed
    assert desk.try_("doubled", RIGHT).state == "passed"


# Notebooks that are not as the course made them.


def test_a_cell_without_an_id_is_known_by_its_text(desk: Desk):
    desk("task-doubled")
    ran = desk.run(TEST_DOUBLED + "  \n")
    assert (ran.state, ran.verdict.task) == ("undone", "doubled")


def test_without_a_file_the_function_that_is_called_is_the_task(desk: Desk):
    desk.hook.remove()
    desk.path.unlink()
    desk.open(file=False)
    desk.run(RIGHT)
    ran = desk.run(TEST_DOUBLED, "deadbeef")
    assert (ran.state, ran.verdict.task, ran.verdict.tasks) == ("passed", "doubled", 0)
    assert "of 0" not in ran.shown[0]


def test_a_file_that_is_deleted_or_broken_meanwhile_does_no_harm(desk: Desk):
    desk.path.write_text('{"cells": [')
    assert desk.run(TEST_DOUBLED, "tests-doubled").state == "undone"
    desk.path.unlink()
    assert desk.run(TEST_DOUBLED, "tests-doubled").state == "undone"


def test_a_test_cell_that_was_edited_counts_as_it_is(desk: Desk):
    desk.try_("doubled", RIGHT)
    edited = TEST_DOUBLED + "\nassert doubled(1) == 3, 'my mistake'"
    ran = desk.run(edited, "tests-doubled")
    assert (ran.state, ran.verdict.cases, ran.verdict.message) == ("failed", 3, "my mistake")


def test_a_test_cell_that_has_no_assert_any_more_says_nothing(desk: Desk):
    desk.try_("doubled", RIGHT)
    assert desk.run("print(doubled(2))", "tests-doubled").shown == []


def test_a_test_cell_that_is_gone_from_the_file_is_told_by_its_id(desk: Desk):
    del desk.cells["tests-doubled"]
    desk.save()
    ran = desk.run(TEST_DOUBLED, "tests-doubled")
    assert (ran.state, ran.verdict.task) == ("undone", "doubled")


def test_a_copy_of_a_test_cell_answers_as_the_original(desk: Desk):
    desk.write(copied=TEST_DOUBLED)
    desk.try_("doubled", RIGHT)
    desk.run(TEST_DOUBLED, None)
    assert desk("tests-doubled").state == "passed"


def test_a_function_under_another_name_is_not_there(desk: Desk):
    desk.run("del doubled")
    ran = desk.try_("doubled", RIGHT.replace("def doubled", "def double"))
    assert ran.state == "failed"
    assert "doubled" in ran.verdict.reason


def test_of_two_definitions_the_last_counts(desk: Desk):
    assert desk.try_("doubled", RIGHT + "\n\n" + DOUBLED + "return 0").state == "failed"
    assert desk.try_("doubled", DOUBLED + "return 0\n\n" + RIGHT).state == "passed"


def test_a_definition_in_another_cell_counts_too(desk: Desk):
    desk.run(RIGHT, "mine")
    assert desk("tests-doubled").state == "passed"


DECORATED = {
    "with wraps": "import functools\ndef shout(f):\n    @functools.wraps(f)\n"
    "    def g(*args):\n        return f(*args)\n    return g\n@shout\n",
    "without": "def shout(f):\n    return lambda *args: f(*args)\n@shout\n",
    "by numpy": "@np.vectorize\n",
    "cached": "import functools\n@functools.cache\n",
}


@pytest.mark.parametrize("how", DECORATED)
def test_a_decorated_function_is_judged_by_what_it_does(desk: Desk, how: str):
    desk.write(tests_doubled="assert doubled(2.0) == 4, 'twice 2 is 4'")
    assert desk.try_("doubled", DECORATED[how] + RIGHT).state == "passed"
    ran = desk.try_("doubled", DECORATED[how] + DOUBLED + "return 3 * x")
    assert (ran.state, ran.verdict.message) == ("failed", "twice 2 is 4")
    ran = desk.try_("doubled", DECORATED[how] + DOUBLED + "return x.nothing")
    assert ran.state == "failed"


def test_a_lambda_or_a_class_may_be_the_function(desk: Desk):
    assert desk.try_("doubled", "doubled = lambda x: 2 * x").state == "passed"
    assert desk.try_("doubled", "doubled = lambda x: 3 * x").state == "failed"
    as_class = (
        "class Doubler:\n    def __call__(self, x):\n        return {} * x\ndoubled = Doubler()"
    )
    assert desk.try_("doubled", as_class.format(2)).state == "passed"
    assert desk.try_("doubled", as_class.format(3)).state == "failed"


def test_what_is_no_function_fails(desk: Desk):
    assert desk.try_("doubled", "doubled = 7").state == "failed"


def test_cells_that_await_have_their_answers(desk: Desk):
    desk.write(
        tests_doubled="import asyncio\nawait asyncio.sleep(0)\nassert doubled(2.0) == 4, 'no'",
    )
    assert desk.try_("doubled", RIGHT).state == "passed"
    ran = desk.try_("doubled", DOUBLED + "return 0")
    assert (ran.state, ran.verdict.message) == ("failed", "no")


def test_magics_beside_the_asserts_do_no_harm(desk: Desk):
    desk.write(tests_doubled="%pwd\n" + TEST_DOUBLED)
    assert desk.try_("doubled", "%pwd\n" + RIGHT).verdict.cases == 2
    assert desk.try_("doubled", DOUBLED + "return 0").verdict.failed == 2


def test_a_test_cell_that_is_timed_is_tested_all_the_same(desk: Desk):
    desk.try_("doubled", RIGHT)
    ran = desk.run("%%time\n" + TEST_DOUBLED, "tests-doubled")
    assert (ran.state, ran.verdict.cases) == ("passed", 2)
    desk.run(DOUBLED + "return 0")
    ran = desk.run("%%time\n" + TEST_DOUBLED, "tests-doubled")
    assert (ran.state, ran.verdict.message) == ("failed", "twice 2 is 4")


def test_a_value_at_the_end_of_a_test_cell_is_still_shown(desk: Desk):
    desk.write(tests_doubled=TEST_DOUBLED + "\ndoubled(21)")
    ran = desk.try_("doubled", RIGHT)
    assert (ran.state, ran.result.result) == ("passed", 42)


def test_the_namespace_has_nothing_of_ours_afterwards(desk: Desk):
    before = set(desk.shell.user_ns)
    desk.try_("doubled", DOUBLED + "return 0")
    desk.try_("doubled", RIGHT)
    assert set(desk.shell.user_ns) <= before


def test_a_variable_that_is_called_as_ours_does_no_harm(desk: Desk):
    desk.run(f"{RECORDER} = 7")
    assert desk.try_("doubled", RIGHT).state == "passed"
    assert desk.run("evidence = settings = hook = session = 1").result.success
    assert desk.try_("doubled", RIGHT).state == "passed"


def test_names_that_are_covered_by_the_students_do_no_harm(desk: Desk):
    desk.run("near = len = list = print = None")
    ran = desk.try_("doubled", RIGHT)
    assert ran.state == "failed"
    desk.run("from nndata.testing import near")
    assert desk("tests-doubled").state == "passed"


def test_what_a_cell_prints_stays(desk: Desk):
    ran = desk.try_("doubled", DOUBLED + "print('at work')\n    return 2 * x")
    assert ran.printed == "at work\n" * 2


def test_tests_that_are_run_beside_the_notebook_leave_nothing(desk: Desk):
    desk.write(tests_doubled="left_behind = doubled(2.0)\nprint('beside')\nassert left_behind == 4")
    desk.write(task_doubled=RIGHT)
    desk("task-doubled")
    ran = desk.try_("quarter", QUARTER + "return doubled(x)")
    assert ran.state == "failed"
    assert "left_behind" not in desk.shell.user_ns
    assert ran.printed.count("beside") == 0


def test_a_folder_that_was_changed_does_no_harm(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
):
    here = os.getcwd()
    try:
        desk.run(f"import os; os.chdir({str(tmp_path_factory.mktemp('elsewhere'))!r})")
        assert desk.try_("doubled", RIGHT).state == "passed"
    finally:
        os.chdir(here)


def test_after_a_failing_assert_nobody_waits_long_for_the_rest(desk: Desk):
    desk.write(tests_doubled="assert doubled(1) == 2, 'first'\nwhile True:\n    pass")
    start = time.perf_counter()
    ran = desk.try_("doubled", DOUBLED + "return 0")
    assert time.perf_counter() - start < 5
    assert (ran.state, ran.verdict.message) == ("failed", "first")


def test_a_failing_answer_leaves_the_traceback(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    """Whatever goes wrong in here, a student sees no less than in any notebook."""
    monkeypatch.setattr(desk.hook.session, "end", lambda *_args: 1 / 0)
    ran = desk.try_("doubled", DOUBLED + "return 0")
    assert (ran.verdict, ran.shown) == (None, [])
    assert "AssertionError: twice 2 is 4" in ran.printed
