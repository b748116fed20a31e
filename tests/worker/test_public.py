"""Functions that travel as code."""

from __future__ import annotations

import numpy as np
import pytest

from nngrade import public
from nngrade.errors import CourseError
from nngrade.worker.wire import Decoder, Encoder, WireError

COUNT = 0


SCALE = 3.0


def scaled(x):
    return SCALE * x


def counts(x):
    global COUNT
    COUNT += 1
    return x


APPLY = "def apply(f, x):\n    return f(x)\n"


def test_a_public_function_does_in_the_worker_what_it_does_here(student_of):
    student = student_of(APPLY)
    shift = np.array([1.0, 2.0])
    inner = lambda x: x + shift  # noqa: E731
    for f in (
        lambda x: x**2,
        lambda x, c=shift: x * c,
        lambda x: scaled(inner(x)),
        lambda x: np.array([np.sin(one) for one in x]),
        lambda x: sum(float(one) for one in x),
    ):
        x = np.array([0.5, -2.0])
        assert np.array_equal(student.apply(public(f), x), f(x))
        assert np.array_equal(public(f)(x), f(x))


def test_public_functions_are_not_called_back(sandbox):
    """The proof: the worker has code of its own to inspect."""
    import time

    from nngrade.limits import WorkerLimits

    with sandbox.worker(WorkerLimits(), 0) as worker:
        worker.run("cell", "def look(f): return f.__code__.co_filename, f.__name__", 1e12)
        deadline = time.monotonic() + 20
        value, _ = worker.call("look", (public(scaled),), {}, deadline)
    assert value == ("<course>", "f"), "a file of the course is named"


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (counts, "sets COUNT"),
        (lambda x, seen=[]: seen.append(x), "a list"),
        (lambda x: pytest.raises(x), "a module"),
        (np.sin, "a plain function"),
        (lambda x: Encoder(x), "a type"),
    ],
)
def test_what_would_be_lost_or_leak_is_no_public_function(function, reason):
    with pytest.raises(CourseError, match=reason):
        public(function)


def test_a_closure_that_counts_is_refused():
    total = 0

    def adds(x):
        nonlocal total
        total += x
        return total

    with pytest.raises(CourseError, match="sets total"):
        public(adds)


def test_the_grader_never_takes_code():
    encoder = Encoder(code=True)
    tree = encoder.encode(public(scaled))
    body = b"".join(array.tobytes() for array in encoder.arrays)
    with pytest.raises(WireError, match="unknown tag"):
        Decoder(memoryview(body)).decode(tree)
