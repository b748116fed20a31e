"""Whatever a function returns, its checks end with a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import cell_of

pytestmark = pytest.mark.thorough

VALUES = [
    *("None", "float('nan')", "10**5000", "-10**400", "object()", "(i for i in range(3))", "'x'"),
    *("iter(int, 1)", "[[[[[]]]]]", "[[1], [2, 3]]", "np.ones(3, 'c16')", "np.zeros((), 'f8')"),
    *("np.zeros(0)", "np.zeros((0, 3))", "np.ma.masked_array([1.0], [True])", "memoryview(b'a')"),
    *("np.zeros(2, [('a', 'f8')])", "np.array(['a'])", "np.array([None])", "np.datetime64('now')"),
    *("type('L', (), {'__len__': lambda s: 1 / 0})()", "type('L', (list,), {})([1])", "total"),
    *("type('S', (), {'shape': (2,), 'toarray': lambda s: 1})()", "np.float16(1)", "np.inf", "..."),
    *("np.matrix('1 2')", "{1: 2}", "{1, 2}", "b'x'", "bytearray(3)", "range(9)", "slice(1)", "1j"),
    *("np", "int", "True", "np.bool_(True)", "NotImplemented", "Exception('x')", "'\\ud800'", "''"),
    *("'x' * 10**7", "[0] * 10**6", "np.zeros(10**7)", "np.zeros((1,) * 32)", "np.int8(3)", "()"),
    *(
        "np.broadcast_to(1.0, (10**6, 10**6))",
        "lambda: 1",
        "print",
        "np.array(1)",
        "np.array([[]])",
    ),
    *("np.frombuffer(b'12345678')", "np.recarray(1, [('a', 'i4')])", "np.longdouble(1)", "-0.0"),
    *("np.array(1)", "b''", "frozenset()"),
]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("task", ["total", "shifted"])
def test_nonsense_is_judged(right: dict[str, Any], grade: Any, task: str, value: str) -> None:
    source = f"def {task}(*args, **kwargs):\n    return {value}\n"
    cell_of(right, f"task-{task}")["source"] = source
    result = grade(right)
    assert result.status == "graded"
    assert result.score < 6
    assert all(one.message for one in result.lost)
