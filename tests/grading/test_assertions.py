"""The sentences that students read when a value is not what it should be."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from nngrade import (
    agrees,
    close,
    generators,
    gradient_close,
    kept,
    number,
    parts,
    require,
    whole_numbers,
)
from nngrade.course import draws
from nngrade.grading import assertions
from nngrade.grading.assertions import Failure
from nngrade.grading.student import LocalStudent
from nngrade.worker.calls import StudentError


def message(*args, **kwargs) -> str:
    with pytest.raises(Failure) as caught:
        close(*args, **kwargs)
    return str(caught.value)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (np.float32(1), 1.0),
        (np.array(1.0), 1.0),
        (1, 1.0),
        (np.array([1, 2]), [1.0, 2.0]),
        (np.array([1, 2], dtype=np.uint8), [1, 2]),
        (np.array([1.0, np.nan, np.inf]), [1.0, np.nan, np.inf]),
        (np.array([True]), [True]),
        (np.float32(0.1) * np.ones(3, np.float32), [0.1, 0.1, 0.1]),
        (np.zeros((0, 3)), np.zeros((0, 3))),
    ],
)
def test_what_is_right_passes(actual, expected):
    close(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "words"),
    [
        (np.array([5]), [4], "it is 5 at [0], which is not right"),
        (np.zeros((3, 1)), np.zeros(3), "has shape (3, 1), but it should have shape (3,)"),
        (np.zeros(3), 0.0, "has shape (3,), but it should be a single number"),
        (np.float64(0), np.zeros(1), "is a single number, but it should have shape (1,)"),
        (np.array([True, False]), [1, 0], "holds bools"),
        (np.array([1.0, 0.0]), [1, 0], "holds floats (dtype float64); it should hold whole"),
        (np.array([1, 0]), [True, False], "it should hold bools"),
        (np.array([1.0 + 1j]), [1.0], "complex"),
        (np.array([1.0, np.nan]), [1.0, 2.0], "is NaN at [1]; the right value is finite there"),
        (np.array([np.inf, np.inf]), [1.0, 2.0], "is infinite at [0] and in 1 more place;"),
        (np.array([1.0]), [np.inf], "should not be finite"),
        (np.array([-np.inf]), [np.inf], "is wrong"),
        ([1.0], [1.0], "should be an array of shape (1,), but it is a list of length 1"),
        (None, [1.0], "did you forget to return it?"),
        ("1", 1.0, "is a str of length 1"),
        (np.array([1.0, 2.0, 9.0]), [1.0, 2.0, 3.0], "1 of 3 entries is wrong; the worst at [2]"),
        (np.array([5.0, 9.0]), [1.0, 2.0], "every entry is wrong; the worst at [1] is 9"),
        (np.array([[0, 3], [1, 1]]), [[0, 1], [1, 0]], "2 of 4 entries are wrong; the worst at"),
        (3.0, 4.0, "is 3, which is not right"),
        (np.array([255], dtype=np.uint8), [0], "is 255"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_words(actual, expected, words):
    said = message(actual, expected, what="it")
    assert words in said


def test_the_expected_value_is_shown_only_on_request():
    assert "4.5" not in message(3.0, 4.5)
    assert "should be 4.5" in message(3.0, 4.5, reveal=True)
    assert "should be 7" in message(np.array([1, 2]), [1, 7], reveal=True)


def test_the_shape_is_judged_before_the_values():
    assert "shape" in message(np.full((2, 2), np.nan), np.zeros(4))


def test_lists_pass_only_where_the_check_allows_them():
    close([1, 2], [1, 2], lists=True)
    assert "different lengths" in message([[1], [1, 2]], np.zeros((2, 2)), lists=True)
    assert "other than numbers" in message(["a"], [1], lists=True)


@pytest.mark.parametrize(
    ("actual", "expected", "fits"),
    [
        # A right formula is off by rounding, on the scale of the whole result.
        (np.array([1.0, 1e-13]), [1.0, 0.0], True),
        (np.array([1e6 + 1e-5, 1e-4]), [1e6, 0.0], True),
        (np.array([1.0 + 1e-8, 0.0]), [1.0, 0.0], False),
        (1 / (1 + np.exp(-np.clip(30.0, -20, 20))), 1.0, False),
        (np.ones(3) / (3 + 1e-6), np.ones(3) / 3, False),
        # Single precision shows in every entry, whatever the dtype says.
        (np.float32(0.1), 0.1, True),
        (np.float64(np.float32(0.1)), 0.1, True),
        (np.array([0.1, 0.7]).astype(np.float32).astype(float), [0.1, 0.7], True),
        (np.array([np.float32(0.1), 0.7 + 1e-8]), [0.1, 0.7], False),
        (np.float32(0.1 + 1e-4), 0.1, False),
    ],
)
def test_how_near_is_near_enough(actual, expected, fits):
    if fits:
        close(actual, expected)
    else:
        assert message(actual, expected)


def test_in_the_tails_each_entry_is_its_own_scale():
    expected = np.array([1.0, 1e-13])
    close(expected * (1 + 1e-10), expected, tails=True)
    assert message(np.array([1.0, 0.0]), expected, tails=True)
    assert message(expected.astype(np.float32).astype(float), expected, tails=True)


def test_tolerances_can_be_set():
    close(1.001, 1.0, rtol=1e-2)
    assert message(1.001, 1.0, rtol=1e-5)


def test_parts_counts():
    assert parts((1, 2), 2, "fit") == [1, 2]
    with pytest.raises(Failure, match="must return 3 values, but it returned 2"):
        parts((1, 2), 3, "fit")
    with pytest.raises(Failure, match="an array of shape"):
        parts(np.zeros(3), 3, "fit")


def test_require_fails_with_its_sentence():
    require(True, "never")
    with pytest.raises(Failure, match="a sentence"):
        require(0, "a sentence")


def test_a_right_gradient_is_close_to_the_numerical_one():
    x = np.array([[1.0, -2.0], [300.0, 0.01]])
    gradient_close(3 * x**2, lambda t: float(np.sum(t**3)), x, rtol=1e-6)


@pytest.mark.parametrize("factor", [-1.0, 2.0, 0.5, 1.001])
def test_a_wrong_gradient_is_not(factor):
    x = np.array([1.0, -2.0, 3.0])
    with pytest.raises(Failure, match="the gradient"):
        gradient_close(factor * 3 * x**2, lambda t: float(np.sum(t**3)), x)


def test_the_point_of_a_gradient_is_left_as_it_was():
    x = np.array([1, 2])
    gradient_close(np.array([1.0, 1.0]), lambda t: float(t.sum()), x)
    assert x.tolist() == [1, 2]


def disagreement(answer, reference, calls, what=None, **options) -> str:
    with pytest.raises(Failure) as caught:
        agrees(LocalStudent({"solve": answer}).solve, reference, calls, what, **options)
    return str(caught.value)


def agreeing(answer, reference, calls, what=None, **options) -> None:
    agrees(LocalStudent({"solve": answer}).solve, reference, calls, what, **options)


CALLS = [(1.0,), (2.0,), (3.0,)]


def test_functions_agree_where_every_call_does():
    agreeing(lambda x: x + x, lambda x: 2 * x, CALLS)


def test_a_disagreement_is_called_by_the_functions_name_where_no_other_is_given():
    said = disagreement(lambda x: x**2, lambda x: 2 * x, CALLS)
    assert said == "solve is 1, which is not right"
    said = disagreement(lambda x: x**2, lambda x: 2 * x, CALLS, "the double")
    assert said == "the double is 1, which is not right"


def test_the_first_call_that_disagrees_is_told():
    said = disagreement(lambda x: x**2, lambda x: 2 * x, CALLS[1:])
    assert said == "solve is 9, which is not right"


def test_what_a_value_is_called_may_depend_on_the_call():
    said = disagreement(lambda x: x**2, lambda x: 2 * x, CALLS[1:], lambda x: f"twice {x:g}")
    assert said == "twice 3 is 9, which is not right"


def test_values_that_are_returned_together_are_compared_in_the_order_of_their_names():
    both_wrong = (lambda x: (x, x)), (lambda x: (-x, x + 1)), CALLS
    assert disagreement(*both_wrong, ("first", "second")).startswith("first is 1")
    assert disagreement(*both_wrong, {1: "second", 0: "first"}).startswith("second is 1")
    assert disagreement(*both_wrong, lambda x: (f"first of {x:g}", "")).startswith("first of 1 is")


def test_positions_without_a_name_are_not_compared():
    agreeing(lambda x: (x, None), lambda x: (x, -x), CALLS, {0: "first"})


@pytest.mark.parametrize("what", [("first", "second"), {0: "first"}])
def test_values_that_are_returned_together_are_counted(what):
    said = disagreement(lambda x: (x, x, x), lambda x: (x, x), CALLS, what)
    assert said == "solve must return 2 values, but it returned 3"


def test_a_name_too_few_is_the_checks_fault():
    with pytest.raises(ValueError, match="zip"):
        agreeing(lambda x: (x, x), lambda x: (x, x), CALLS, ("first",))


def test_tolerances_of_an_agreement_can_be_set():
    assert disagreement(lambda x: x + 0.01, lambda x: x, CALLS)
    agreeing(lambda x: x + 0.01, lambda x: x, CALLS, atol=0.02)
    agreeing(lambda x: x * 1.01, lambda x: x, CALLS, rtol=0.02)
    assert disagreement(lambda x: x + 1e-9, lambda x: x, CALLS, atol=0, rtol=0)


def test_a_list_agrees_where_the_reference_returns_one_or_the_check_allows_it():
    agreeing(lambda x: [x, x], lambda x: [x, x], CALLS)
    agreeing(lambda x: (x, [x]), lambda x: (x, [x]), CALLS, ("x", "the list"))
    assert "it is a list" in disagreement(lambda x: [x, x], lambda x: np.array([x, x]), CALLS)
    agreeing(lambda x: [x, x], lambda x: np.array([x, x]), CALLS, lists=True)


@pytest.mark.parametrize(
    ("actual", "words"),
    [([1, 2], "it has 2 entries, but it should have 3"), ([1], "it has 1 entry, but")],
)
def test_lists_have_entries_and_no_shape(actual, words):
    with pytest.raises(Failure, match=words):
        close(actual, [1, 2, 3], what="it", lists=True)


def test_what_is_changed_in_place_has_a_hint_of_its_own():
    for value, instead in ((np.array([3.0]), "make a new array"), ([3.0], "work on a copy")):
        with pytest.raises(Failure, match=instead) as caught:
            agreeing(lambda x: x.__setitem__(0, 1.0), lambda x: None, [(value,)])
        assert "before and after a call" in caught.value.hint_beside("Sort it.")


@pytest.mark.parametrize(
    ("actual", "own", "other", "words"),
    [
        (np.zeros(3), "How many rows must it have?", "When does it end?", "Print the shapes"),
        (np.zeros(2), "Which dtype has it?", "When does it end?", "decides the dtype"),
    ],
)
def test_a_wrong_shape_or_kind_has_a_hint_of_its_own(actual, own, other, words):
    with pytest.raises(Failure) as caught:
        close(actual, np.array([1, 2]))
    assert caught.value.hint_beside(own) == own
    assert words in caught.value.hint_beside(other)
    assert words in caught.value.hint_beside("")


def test_rare_kinds_of_number_are_named():
    calls = [(np.array([200], dtype=np.uint8),)]
    said = disagreement(lambda x: x + x, lambda x: 2 * x.astype(int), calls)
    assert said.startswith("solve with x of dtype uint8 is 144 at [0]")


def test_a_disagreement_shows_the_expected_value_only_on_request():
    assert "4.5" not in disagreement(lambda x: x, lambda x: 4.5, CALLS)
    assert "should be 4.5" in disagreement(lambda x: x, lambda x: 4.5, CALLS, reveal=True)


def test_arguments_must_be_unchanged_unless_the_check_says_otherwise():
    def sort(x):
        x.sort()
        return x

    calls = [(np.array([3.0, 1.0]),)]
    said = disagreement(sort, np.sort, calls)
    assert said.startswith("solve changed its argument number 1 in place")
    agreeing(sort, np.sort, calls, may_change=True)
    assert calls[0][0].tolist() == [3.0, 1.0]


@pytest.mark.parametrize("may_change", [False, True])
def test_keyword_arguments_go_to_both(may_change):
    agreeing(
        lambda x, base: x + base,
        lambda x, base: base + x,
        CALLS,
        may_change=may_change,
        kwargs={"base": 4.0},
    )


def test_what_a_call_raised_comes_up_when_its_turn_comes():
    def fragile(x):
        if x > 2:
            raise ValueError("too large")
        return x

    assert disagreement(fragile, lambda x: -x, CALLS).startswith("solve is 1")
    with pytest.raises(StudentError, match="too large"):
        agreeing(fragile, lambda x: x, CALLS)


def test_calls_may_come_from_a_generator():
    assert disagreement(lambda x: x**2, lambda x: x, ((x,) for x in (1.0, 2.0))) == (
        "solve is 4, which is not right"
    )


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2), np.array(2)])
def test_a_number_becomes_a_float(value):
    plain = number(value, "the loss")
    assert (plain, type(plain)) == (2.0, float)


@pytest.mark.parametrize("value", [True, np.bool_(True), None, "2", np.ones(1), [2.0]])
def test_what_is_no_number_is_said_in_words(value):
    with pytest.raises(Failure, match="the loss should be a single number"):
        number(value, "the loss")


def test_whole_numbers_are_floats_from_low_up_to_high():
    drawn = whole_numbers(np.random.default_rng(0), 50, 4, low=-1, high=2)
    assert (drawn.shape, drawn.dtype) == ((50, 4), np.float64)
    assert np.unique(drawn).tolist() == [-1.0, 0.0, 1.0]


def test_generators_are_many_and_depend_on_the_one_alone():
    first, second = (generators(np.random.default_rng(7), 3) for _ in range(2))
    states = [[one.random() for one in many] for many in (first, second)]
    assert states[0] == states[1]
    assert len(set(states[0])) == 3


@pytest.mark.parametrize("module", [assertions, draws])
def test_the_examples_of_the_docstrings_are_true(module):
    failed, tried = doctest.testmod(module)
    assert (failed, tried > 0) == (0, True)


STORE = np.zeros(2)


def stored(x):
    STORE[:] = x
    return {"layers": [(np.array(x), STORE)], "n": 2}


def all_so_far(x, seen=[]):  # noqa: B006 (the mistake that is meant)
    seen.append(float(x[0]))
    return seen


def remembered(x, known={}):  # noqa: B006
    return known.setdefault(x.tobytes(), 2 * x)


def known_by_its_place(x, known={}):  # noqa: B006
    return known.setdefault(id(x), (x, 2 * x.copy()))[1].copy()


def one_by_one(x):
    for value in (x, 2 * x):
        STORE[:] = value
        yield STORE.copy()


TWO = [(np.array([1.0, 2.0]),), (np.array([3.0, -4.0]),)]


@pytest.mark.parametrize(
    ("function", "rewritten", "changed"),
    [
        (lambda x: 2 * x, True, False),
        (lambda x: (x + 1, [x.sum(), {"all": x * 0}], None, "x"), True, False),
        (one_by_one, True, False),
        (lambda x: x, False, False),
        (remembered, False, False),
        (stored, False, True),
        (all_so_far, False, True),
        (lambda x: x, True, True),
        (lambda x: [1.0, (x[:1],)], True, True),
        (remembered, True, True),
    ],
)
def test_what_was_returned_stays_as_it_is_in_all_its_parts(function, rewritten, changed):
    student = LocalStudent({"own": function})
    if changed:
        with pytest.raises(Failure, match="what own had returned was changed by another call"):
            kept(student.own, TWO, rewritten=rewritten)
    else:
        assert len(kept(student.own, TWO, rewritten=rewritten)) == 2


def test_what_stays_is_compared_with_a_reference_where_there_is_one():
    student = LocalStudent({"own": known_by_its_place, "pair": lambda x: (x + 0, [1, 2])})
    kept(student.own, TWO, lambda x: 2 * x)
    with pytest.raises(Failure, match="of several calls, own: every entry is wrong"):
        kept(student.own, TWO, lambda x: 2 * x, rewritten=True)
    kept(student.pair, TWO, lambda x: (x, [1, 2]), ("x", "the list"), rewritten=True)
    with pytest.raises(Failure, match="of several calls, the list: 1 of 2"):
        kept(student.pair, TWO, lambda x: (x, [1, 3]), {1: "the list"})
    with pytest.raises(Failure, match="of several calls, x"):
        kept(student.pair, TWO, lambda x: (-x, 0), lambda x: {0: "x"})


def test_arguments_of_any_kind_are_written_anew():
    def total(layers, options, n):
        return sum(float(W.sum()) for W, _ in layers) + options["b"].sum() + n

    calls = [
        ([(np.ones(k), np.zeros(1))] * depth, {"b": np.full(2, 1.0 * k)}, k)
        for k, depth in ((2, 1), (2, 1), (3, 1), (3, 2))
    ]
    kept(LocalStudent({"total": total}).total, calls, total, rewritten=True)
    assert calls[0][0][0][0].tolist() == [1, 1]
