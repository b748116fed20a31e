"""The worker: a real process that runs cells and calls, and can be ended for certain."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from nngrade.limits import WorkerLimits
from nngrade.worker.calls import CallRefused, CallRequest, MissingFunction, StudentError
from nngrade.worker.host import Worker, WorkerEnded, WorkerTimeout
from nngrade.worker.public import public
from nngrade.worker.sandbox import Sandbox


@pytest.fixture
def new_worker(sandbox: Sandbox) -> Callable[..., Worker]:
    def make(seed: int = 1, **limits) -> Worker:
        return sandbox.worker(WorkerLimits(**limits), seed)

    return make


@pytest.fixture
def worker(new_worker) -> Iterator[Worker]:
    with new_worker() as one:
        yield one


def soon(seconds: float = 20) -> float:
    return time.monotonic() + seconds


def define(worker: Worker, source: str) -> StudentError | None:
    return worker.run("test", source, soon())


def call(worker: Worker, name: str, *args, **kwargs):
    return worker.call(name, args, kwargs, soon())[0]


def test_functions_are_called_with_arrays_and_return_arrays(worker):
    define(worker, "import numpy as np\ndef double(x, times=2): return times * x")
    assert call(worker, "double", np.arange(3.0)).tolist() == [0, 2, 4]
    assert call(worker, "double", np.arange(3.0), times=3).tolist() == [0, 3, 6]


def test_large_arrays_cross_both_ways(worker):
    define(worker, "def same(x): return x")
    x = np.random.default_rng(0).normal(size=(3000, 784))
    assert np.array_equal(call(worker, "same", x), x)


def test_an_exception_says_type_message_cell_and_line(worker):
    define(worker, "def inner():\n    return 1 / 0\n\ndef f():\n    return inner()")
    with pytest.raises(StudentError) as caught:
        call(worker, "f")
    error = caught.value
    assert (error.type, error.message, error.cell, error.line) == (
        "ZeroDivisionError", "division by zero", "test", 2,
    )  # fmt: skip


def test_the_worker_goes_on_after_an_exception(worker):
    define(worker, "def f(x):\n    if x: raise SystemExit(3)\n    return 'fine'")
    with pytest.raises(StudentError, match="SystemExit"):
        call(worker, "f", True)
    assert call(worker, "f", False) == "fine"


def test_a_cell_that_fails_still_defines_the_functions_below(worker):
    error = define(worker, "import math\nplt.plot()\nx = 1\ndef f(): return math.pi")
    assert error is not None
    assert (error.type, error.line) == ("NameError", 2)
    assert call(worker, "f") == pytest.approx(3.14159, abs=1e-4)


def test_a_syntax_error_is_told_with_its_line(worker):
    error = define(worker, "x = 1\ndef f(:\n")
    assert error is not None
    assert (error.type, error.line) == ("SyntaxError", 2)


def test_a_scratch_variable_of_the_same_name_does_not_hide_a_function(worker):
    define(worker, "def accuracy(): return 0.5")
    define(worker, "accuracy = accuracy()")
    assert call(worker, "accuracy") == 0.5


def test_a_missing_function_is_told(worker):
    with pytest.raises(MissingFunction, match="nope"):
        call(worker, "nope")


def test_a_result_that_is_no_data_is_refused_in_words(worker):
    define(worker, "def f(): return {1, 2}")
    with pytest.raises(CallRefused, match="a value of type set"):
        call(worker, "f")


def test_an_endless_iterator_is_refused(worker):
    define(worker, "import itertools\ndef f(): return itertools.count()")
    with pytest.raises(CallRefused, match="entries"):
        call(worker, "f")


def test_an_exception_inside_an_iterator_is_the_students(worker):
    define(worker, "def f():\n    yield 1\n    raise KeyError('k')")
    with pytest.raises(StudentError, match="KeyError"):
        call(worker, "f")


def test_functions_given_as_arguments_are_called_back_here(worker):
    define(worker, "def slope(f, x): return (f(x + 1e-4) - f(x - 1e-4)) / 2e-4")
    seen = []

    def f(x):
        seen.append(x)
        return x**2

    assert call(worker, "slope", f, 3.0) == pytest.approx(6)
    assert len(seen) == 2


def test_callbacks_may_sit_inside_lists_and_get_arrays(worker):
    define(worker, "def both(fs, x): return [f(x) for f in fs]")
    assert call(worker, "both", [np.sum, np.max], np.arange(4.0)) == [6.0, 3.0]


def test_functions_are_lent_as_code_or_as_callbacks_beside_other_arguments(worker):
    define(worker, "def g(x): return None\ndef h(x): return None\ndef f(x, y): return g(x) + h(y)")
    lent = {"g": public(lambda x: x + 1), "h": lambda x: 2 * x}
    request = CallRequest("f", [(np.arange(3.0), np.ones(3))], lent=lent)
    returned, error = worker.carry_out(request, soon())
    assert error is None
    assert returned[0][0].tolist() == [3, 4, 5]
    assert call(worker, "g", 1) is None


def test_an_exception_in_a_callback_reaches_the_student_as_one(worker):
    define(worker, "def f(g):\n    try: g('x')\n    except ValueError as e: return 'caught'")
    assert call(worker, "f", lambda x: x / 2) == "caught"


def test_a_generator_arrives_as_a_copy(worker):
    define(worker, "def draw(rng): return rng.normal(size=3)")
    rng = np.random.default_rng(7)
    assert call(worker, "draw", rng).tolist() == np.random.default_rng(7).normal(size=3).tolist()
    assert rng.normal(size=3).tolist() == np.random.default_rng(7).normal(size=3).tolist()


def test_arguments_can_be_seen_as_the_call_left_them(worker):
    define(worker, "def f(x, n):\n    x[0] = 99\n    return n")
    value, after = worker.call("f", (np.zeros(2), 1), {}, soon(), echo=True)
    assert value == 1
    assert after is not None
    assert after[0].tolist() == [99, 0]


def test_global_random_numbers_repeat(new_worker):
    draws = []
    for _ in range(2):
        with new_worker(seed=5) as worker:
            define(
                worker,
                "import numpy as np, random\ndef f(): return [np.random.rand(), random.random()]",
            )
            draws.append(call(worker, "f"))
    assert draws[0] == draws[1]


def test_a_hanging_call_is_ended_at_its_deadline(worker):
    define(worker, "def f():\n    while True: pass")
    with pytest.raises(WorkerTimeout):
        worker.call("f", (), {}, soon(0.3))
    assert not worker.alive


def test_a_call_that_ignores_signals_and_exceptions_is_ended_too(worker):
    define(
        worker,
        """
import signal, time
for number in range(1, 32):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
def f():
    while True:
        try: time.sleep(100)
        except BaseException: pass
""",
    )
    with pytest.raises(WorkerTimeout):
        worker.call("f", (), {}, soon(0.3))
    assert not Path(f"/proc/{worker._process.pid}").exists()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os\ndef f(): os._exit(0)", "ended the Python process"),
        ("import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("import os\ndef f(): os.closerange(3, 64)", "ended|closed"),
    ],
)  # fmt: skip
def test_a_worker_that_ends_itself_is_told_in_words(worker, source, words):
    define(worker, source)
    with pytest.raises(WorkerEnded, match=words):
        call(worker, "f")
    assert not worker.alive


def test_frames_that_nobody_asked_for_end_the_worker(worker):
    define(
        worker,
        """
import os, stat
def f():
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode): os.write(fd, b'GET / HTTP/1.1' * 10)
        except OSError: pass
""",
    )
    with pytest.raises(WorkerEnded, match="broke the protocol"):
        call(worker, "f")


def test_memory_is_limited(new_worker):
    with new_worker(memory_mib=512) as worker:
        define(worker, "import numpy as np\ndef f(): return float(np.ones(2**28).sum())")
        with pytest.raises(StudentError, match="Memory"):
            call(worker, "f")


def test_processor_time_is_limited(new_worker):
    with new_worker(cpu_seconds=1) as worker:
        define(worker, "def f():\n    while True: pass")
        with pytest.raises(WorkerEnded, match="processor time"):
            call(worker, "f")


def test_processor_time_is_limited_where_the_signal_for_it_is_ignored(new_worker):
    with new_worker(cpu_seconds=1) as worker:
        ignore = "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
        define(worker, ignore + "def f():\n    while True: pass")
        with pytest.raises(WorkerEnded, match="processor time"):
            call(worker, "f")


def test_a_result_may_be_large_where_the_call_was_given_much(new_worker):
    with new_worker(result_mib=256) as worker:
        define(worker, "import numpy as np\ndef f(x, n): return np.tile(x, n)")
        given = np.ones(2**20)
        assert call(worker, "f", given, 12).nbytes == 12 * given.nbytes
        with pytest.raises(CallRefused, match="MiB"):
            call(worker, "f", given[:2], 2**23)


def test_a_flood_of_output_neither_blocks_nor_fills_memory(worker):
    define(worker, "def f():\n    for _ in range(3000): print('x' * 1000)\n    return 'done'")
    assert call(worker, "f") == "done"
    assert len(worker.output) <= 64 * 1024


def test_input_is_answered_by_a_sentence(worker):
    error = define(worker, "name = input('who? ')")
    assert error is not None
    assert "input()" in error.message


def test_the_environment_is_not_the_graders(new_worker, monkeypatch):
    monkeypatch.setenv("NNGRADE_SECRET", "x" * 32)
    with new_worker() as later:
        define(later, "import os\ndef f(): return dict(os.environ)")
        seen = call(later, "f")
    assert "NNGRADE_SECRET" not in seen
    assert "x" * 32 not in str(seen)


def test_nothing_is_left_behind(new_worker):
    with new_worker() as worker:
        define(worker, "open('scratch.txt', 'w').write('x')\nimport os\nf = os.listdir")
        scratch, pid = Path(worker._scratch), worker._process.pid
        assert "scratch.txt" in call(worker, "f")
        assert scratch.exists()
    assert not scratch.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_killed_worker_is_noticed(worker):
    define(worker, "def f(): return 1")
    os.kill(worker._process.pid, signal.SIGKILL)
    with pytest.raises(WorkerEnded, match="SIGKILL"):
        call(worker, "f")
