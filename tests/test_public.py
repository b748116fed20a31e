"""Functions that travel as code, and many calls in one message."""

import numpy as np
import pytest

from nngrade import public
from nngrade.errors import CourseError
from nngrade.grading.student import LocalStudent, RemoteStudent
from nngrade.worker.calls import CallRefused, MissingFunction, StudentError
from nngrade.worker.wire import Decoder, Encoder, WireError

COUNT = 0
SCALE = 3.0


def scaled(x):
    return SCALE * x


def counts(x):
    global COUNT
    COUNT += 1
    return x


class OneWorker:
    """What a session is to a student, without its cells and deadlines."""

    def __init__(self, worker):
        self.worker = worker

    def carry_out(self, request):
        import time

        return self.worker.carry_out(request, time.monotonic() + 20)


@pytest.fixture(params=["worker", "here"])
def student_of(request, sandbox):
    """Make a student from the source of its functions, in a worker and in this process."""
    from nngrade.limits import WorkerLimits

    if request.param == "here":

        def here(source):
            namespace = {}
            exec(source, namespace)
            return LocalStudent(namespace)

        yield here
        return
    with sandbox.worker(WorkerLimits(), 0) as worker:

        def there(source):
            import time

            assert worker.run("cell", source, time.monotonic() + 20) is None
            return RemoteStudent(OneWorker(worker))

        yield there


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


def test_many_calls_return_in_order(student_of):
    student = student_of("def double(x):\n    return x * 2\n")
    arrays = [np.full(k, float(k)) for k in range(5)]
    for k, value in enumerate(student.double.each((array,) for array in arrays)):
        assert np.array_equal(value, 2 * arrays[k])
    assert list(student.double.each([])) == []


def test_what_goes_wrong_comes_up_in_its_turn(student_of):
    student = student_of("def inverse(x):\n    return 1 / x\n")
    values = student.inverse.each([(2,), (4,), (0,), (5,)])
    assert [next(values), next(values)] == [0.5, 0.25]
    with pytest.raises(StudentError, match="ZeroDivisionError"):
        next(values)


def test_a_value_that_cannot_cross_spoils_none_before_it(student_of):
    student = student_of(
        "import numpy as np\ndef f(x):\n    return [np.ones(3), object()] if x else np.zeros(2)\n"
    )
    values = student.f.each([(0,), (1,), (0,)])
    assert np.array_equal(next(values), np.zeros(2))
    with pytest.raises(CallRefused, match="object"):
        next(values)


def test_each_call_has_arguments_of_its_own(student_of):
    student = student_of("def spoil(x):\n    x += 1\n    return x\n")
    x = np.zeros(2)
    for value, (after,) in student.spoil.observe_each([(x,), (x,)]):
        assert np.array_equal(value, np.ones(2))
        assert np.array_equal(after, np.ones(2))
    assert np.array_equal(x, np.zeros(2))


def test_a_driver_calls_beside_the_students_code(student_of):
    student = student_of("def step(x, by):\n    return x + by\n")

    def walk(step, start, n_steps, by):
        path = [start]
        for _ in range(n_steps):
            path.append(step(path[-1], by))
        return path

    assert student.step.through(walk)(1, 3, 2) == [1, 3, 5, 7]
    assert list(student.step.through(walk).each([(0, 1, 1), (5, 0, 1)])) == [[0, 1], [5]]


def test_a_missing_function_is_missing(sandbox):
    from nngrade.limits import WorkerLimits

    with sandbox.worker(WorkerLimits(), 0) as worker:
        student = RemoteStudent(OneWorker(worker))
        with pytest.raises(MissingFunction):
            next(student.nothing.each([(1,)]))


def test_a_later_call_cannot_change_what_an_earlier_one_returned(student_of):
    student = student_of(
        "import numpy as np\nW = np.zeros(2)\ndef f(x):\n    global W\n    W += x\n    return W\n"
    )
    values = [value.tolist() for value in student.f.each([(1,), (2,)])]
    assert values == [[1, 1], [3, 3]]
