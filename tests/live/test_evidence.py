"""A test cell that is watched does what it does anyway, and tells of its asserts and calls."""

from __future__ import annotations

import ast
import builtins
import io
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from nngrade.live.evidence import (
    MORE_FAILED,
    MOST_NUMBERS,
    RECORDER,
    Evidence,
    identical,
    recorded,
)

FIRST = (
    "import contextlib\nimport numpy as np\n"
    "from nndata.testing import near, slopes_agree, unchanged\n"
)


@dataclass
class Outcome:
    error: BaseException | None
    printed: str
    names: dict[str, Any]

    @property
    def said(self) -> tuple[str, str]:
        return type(self.error).__name__, str(self.error)


def carried_out(tree: ast.Module, before: str, **more: Any) -> Outcome:
    namespace: dict[str, Any] = {"__name__": "notebook", **more}
    error = None
    exec(FIRST + before, namespace)
    with redirect_stdout(io.StringIO()) as printed:
        try:
            exec(compile(tree, "<test>", "exec"), namespace)
        except BaseException as raised:
            error = raised
    names = {one: value for one, value in namespace.items() if not one.startswith("__")}
    return Outcome(error, printed.getvalue(), names)


def plain(tests: str, before: str = "") -> Outcome:
    return carried_out(ast.parse(tests), before)


def watched(tests: str, before: str = "", functions: str = "f") -> tuple[Outcome, Evidence]:
    evidence = Evidence(frozenset(functions.split()))
    return carried_out(recorded(ast.parse(tests)), before, **{RECORDER: evidence}), evidence


def seen(tests: str, before: str = "def f(x):\n    return x") -> Evidence:
    return watched(tests, before)[1]


F = "def f(x, y=1):\n    return x * y\n"
CELLS = {
    "holds": "assert f(2) == 2",
    "fails": "assert f(2) == 3, 'no'",
    "without a message": "assert f(2) == 3",
    "a message that is computed": "assert f(2) == 3, f'{f(2)} is not {1 + 2}'",
    "a message that fails": "assert f(2) == 3, 1 / 0",
    "a second one fails": "assert f(2) == 2\nassert f(3) == 0, 'second'",
    "in a loop": "for i in range(5):\n    assert f(i) == i or i == 3, i\n    assert i < 3, 'late'",
    "a loop with else": "for i in range(2):\n    assert f(i) == i\nelse:\n    print('all')",
    "a loop that is left": "for i in range(9):\n    if f(i) > 3:\n        break\n    assert i < 4",
    "under a condition": "if f(1):\n    assert not f(0)\nelse:\n    assert False",
    "in a function": "def check(v):\n    assert f(v) == 7, 'inner'\ncheck(7)\ncheck(8)",
    "in a method": "class C:\n    def g(self):\n        assert f(1) == 2, 'm'\nC().g()",
    "with errstate": (
        "with np.errstate(all='raise'):\n    assert near(f(np.ones(2)) / 1, [1, 1])\n"
        "assert np.geterr()['divide'] == 'warn'"
    ),
    "errstate that raises": "with np.errstate(all='raise'):\n    assert f(np.array(1.0)) / 0 > 1",
    "a lambda": "assert (lambda v: f(v))(2) == 2\nassert max([3, 1], key=lambda v: -f(v)) == 1",
    "chained": "assert 0 < f(1) < 2\nassert 1 == f(1) == 1\nassert f(1) == 1 == 2, 'chain'",
    "and, or, not": "assert f(1) == 1 and not f(0) or f(2)\nassert not f(1), 'not'",
    "not evaluated": "assert f(1) == 1 or print('never')\nassert f(0) and print('never')",
    "keywords and stars": "assert f(*[2], **{'y': 3}) == 6\nassert f(y=2, x=1) == 2",
    "keywords like ours": (
        "g = lambda name, text, function, args: name\n"
        "assert g(name=1, text=2, function=3, args=4) == 2, 'g'"
    ),
    "walrus": "assert (w := f(4)) == 4\nassert w == 5, w",
    "comprehension": "assert [f(i) for i in range(3)] == [0, 1, 2]\nassert all(map(f, (1, 0)))",
    "generator": "assert sum(f(i) for i in range(4)) == 6\nassert list(map(f, [1, 2])) == [1]",
    "numbers of NumPy": "assert f(np.float64(2)) == 2\nassert f(np.bool_(True)) == True",
    "arrays of one number": "a = f(np.array([1.0]))\nassert a == 1\nassert a == 2, 'one'",
    "arrays of more": "assert f(np.ones(2)) == 1",
    "an exception first": "f.nothing\nassert f(2) == 3",
    "an exception in a condition": "assert f(None) == 3, 'never said'",
    "asks for an exception": (
        "try:\n    f(None)\n    assert False, 'stop'\nexcept TypeError:\n    print('stopped')"
    ),
    "asks in vain": "try:\n    f(1)\n    assert False, 'should stop'\nexcept TypeError:\n    pass",
    "catches its own asserts": (
        "try:\n    assert f(1) == 2, 'caught'\nexcept AssertionError as e:\n    print(e)\n"
        "try:\n    assert f(1) == 2\nexcept Exception:\n    print('caught too')\nfinally:\n    pass"
    ),
    "finally": "try:\n    assert f(1) == 2, 'f'\nfinally:\n    print('last')",
    "raises itself": "raise AssertionError('by hand')",
    "names of its place": (
        "here = 7\nassert eval('here') == 7\nassert locals()['here'] == 7\nassert 'here' in dir()\n"
        "assert globals()['here'] == vars()['here']\nexec('there = 1')\nassert there == 1"
    ),
    "nothing": "",
    "no assert": "print(f(1))",
    "a text first": "'''What is tested.'''\nassert f(1) == 1",
    "a future": "from __future__ import annotations\nassert f(1) == 1",
    "slices, attributes": "v = f(np.ones((2, 3)))\nassert v[0, 1] == 1\nassert v.T.shape == (2, 3)",
    "length": "v = f([1, 2])\nassert len(v) == 2\nassert len(v) == 3, 'len'",
    "is, in": "v = f([1])\nassert v is not None\nassert 1 in v\nassert 2 in v, 'in'",
    "a name": "ok = f(1) == 1\nassert ok\nbad = f(1) == 2\nassert bad, 'bad'",
    "deleted": "v = f(1)\ndel v\nassert 'v' not in globals()",
    "leaves": "import sys\nassert f(1) == 1\nsys.exit(2)",
    "prints": "print('a')\nassert f(1) == 1\nprint('b')",
    "too deep": "def deep(n):\n    return deep(n + 1)\nassert deep(0) == 1",
    "own error": "class E(AssertionError):\n    pass\ndef g():\n    raise E('m')\nassert g()",
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_a_watched_cell_ends_as_a_plain_one(name: str):
    one, (other, evidence) = plain(CELLS[name], F), watched(CELLS[name], F)
    assert one.said == other.said
    if one.error is None or not evidence.failed:
        assert one.printed == other.printed
        shared = {n for n, v in one.names.items() if isinstance(v, int | float | str | list)}
        assert {n: one.names[n] for n in shared} == {n: other.names.get(n) for n in shared}
    elif isinstance(one.error, AssertionError):
        assert evidence.failed[0].message == str(one.error)
        # The student's line is where the traceback starts.
        assert other.error is evidence.failed[0].error


def test_asserts_are_counted_each_time_that_they_are_tried():
    assert seen("for i in range(3):\n    assert f(i) == i\nassert True").cases == 4
    assert seen("assert f(1) == 2\nassert f(1) == 1\nassert f(1) == 3").cases == 3


def test_those_that_fail_are_kept_with_what_they_say():
    evidence = seen("assert f(1) == 1\nassert f(1) == 2, 'a'\nassert not f(1)")
    told = [(one.case, one.message, one.statement) for one in evidence.failed]
    assert told == [(2, "a", "f(1) == 2"), (3, "", "not f(1)")]


def test_a_cell_does_not_go_on_failing_for_ever():
    outcome, evidence = watched("for i in range(10 ** 9):\n    assert f(i) == -1, i", F)
    assert outcome.said == ("AssertionError", "0")
    assert len(evidence.failed) == MORE_FAILED


def test_whoever_waits_is_told_to_hurry_once():
    evidence, told = Evidence(frozenset("f")), []
    evidence.hurry = told.append
    tree = recorded(ast.parse("assert f(1) == 1\nassert f(1) == 2\nassert f(1) == 3"))
    carried_out(tree, F, **{RECORDER: evidence})
    assert len(told) == 1


def test_calls_are_kept_as_they_were_before_they_ran():
    evidence = seen("a = [1]\nassert f(a) == [1, 1]", "def f(x):\n    x.append(1)\n    return x")
    (call,) = evidence.calls
    assert (call.name, call.args, call.kwargs, call.known) == ("f", ([1],), {}, True)
    assert call.value == [1, 1]
    (compared,) = evidence.compared
    assert (compared.got, compared.wanted, compared.holds) == ([1, 1], [1, 1], True)
    assert compared.call is call


def test_calls_of_other_functions_are_not_kept():
    assert seen("def g(x):\n    return x\nassert g(1) == 1 and len([1]) == 1").calls == []


def test_a_call_that_stops_is_kept_without_a_value():
    (call,) = seen("assert f(1) == 1", "def f(x):\n    return 1 / 0").calls
    assert not call.known


def test_what_near_compares_is_kept_with_its_place_in_the_result():
    evidence = seen(
        "a, b = f(np.ones(2))\nassert near(a, [1, 1])\nassert near(b, [1, 1]), 'b'",
        "def f(x):\n    return x, 2 * x",
    )
    first, second = evidence.compared
    assert (first.place, first.holds, second.place, second.holds) == (0, True, 1, False)
    assert second.text == "b"
    np.testing.assert_array_equal(second.got, [2, 2])


def test_a_shape_is_told_of_the_call_that_made_the_array_only():
    evidence = seen(
        "v = f(np.ones(2))\nassert v.shape == (3,)\nw = np.ones(4)\nassert w.shape == (4,)"
    )
    assert [one.wanted for one in evidence.compared] == [(3,)]


def test_the_argument_that_is_changed_is_named():
    evidence = seen(
        "assert unchanged(f, 1.0, np.ones(2)), 'y'",
        "def f(x, y):\n    y *= 2\n    return y",
    )
    name, before = evidence.changed["f"]
    assert name == "y"
    np.testing.assert_array_equal(before, [1, 1])


def test_slopes_are_compared_number_by_number():
    evidence = seen("assert slopes_agree(f(np.ones(2)), lambda v: np.sum(v * v), np.ones(2))")
    (told,) = evidence.compared
    assert told.by_nudges
    assert not told.holds
    np.testing.assert_allclose(told.wanted, [2, 2], rtol=1e-6)


class Stubborn:
    def __deepcopy__(self, memo: Any) -> Any:
        raise RuntimeError("not me")


@pytest.mark.parametrize(
    "argument", [np.zeros(MOST_NUMBERS + 1), [0] * (MOST_NUMBERS + 1), Stubborn(), (i for i in ())]
)
def test_what_is_large_or_cannot_be_copied_is_handed_over_all_the_same(argument: Any):
    evidence = Evidence(frozenset("f"))
    got = []
    assert evidence.call("f", "x", lambda x: got.append(x) or 7, argument) == 7
    assert got[0] is argument
    assert [one.known for one in evidence.calls] == [False]


def test_a_cell_that_calls_very_often_is_not_kept_in_full():
    evidence = seen("for i in range(5000):\n    assert f(i) == i")
    assert evidence.cases == 5000
    assert len(evidence.calls) == len(evidence.compared) == 2000


ALIKE = [2, 1.5, "a", None, True, [1, [2]], (1,), {"a": np.ones(2)}, np.ones((2, 3)), len]


def test_different_things_are_told_apart_and_never_stop():
    for i, one in enumerate(ALIKE[:-1]):
        for j, other in enumerate(ALIKE[:-1]):
            assert identical(one, other) is (i == j), (one, other)


def test_the_recorder_is_no_name_that_a_student_comes_upon():
    assert RECORDER not in dir(builtins)
    assert RECORDER.startswith("__nngrade")
