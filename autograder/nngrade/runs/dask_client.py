"""Client side of a Dask cluster: grade many submissions on its machines.

The client sends orders: the bytes of a notebook, and the versions of course and engine to grade it
with. Only this process writes the results down. Dask reassigns the orders of a lost worker. The
machines need no shared files.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import time
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import nngrade
from nngrade.course.data import Data
from nngrade.errors import CourseError, NngradeError, SubmissionError
from nngrade.extras import require
from nngrade.results import SubmissionResult
from nngrade.runs.dask_worker import Order, carry_out
from nngrade.runs.processes import failed
from nngrade.runs.settings import Settings
from nngrade.runs.versions import course_versions, stage_versions
from nngrade.submissions.files import read_bytes
from nngrade.submissions.records import Candidate

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["grade_on_dask"]

# Timeout in seconds for reaching the scheduler, and for each of its answers.
CONNECT = 10.0
ANSWER = 10.0
# Seconds after which the user is told that there is no worker, or that some do not answer.
PATIENCE = 5.0
LONG_PATIENCE = 20.0
# Pending orders per worker thread: the current one and the next one.
ORDERS = 2
# Number of faulty workers that an error message describes; the fault is usually the same.
SAID = 8


def grade_on_dask(
    settings: Settings,
    candidates: Sequence[Candidate],
    scheduler: str,
    say: Callable[[str], None],
) -> Iterator[tuple[int, SubmissionResult]]:
    """Grade all candidates; yield the index and result of each as soon as it is graded.

    Parameters
    ----------
    settings : Settings
    candidates : sequence of Candidate
    scheduler : str
        Address of the scheduler, such as ``tcp://HOST:8786``.
    say : callable
        Called with a sentence when the run has to wait.

    Raises
    ------
    CourseError
        If the course or the cluster is at fault: a worker would give other grades than this
        machine, or the scheduler cannot be reached or is lost.
    """
    if not any(_gradable(one) for one in candidates):
        yield from ((index, failed(one, one.error)) for index, one in enumerate(candidates))
        return
    with _connected(scheduler) as client:
        run = _Run(client, scheduler, _templates(settings, candidates), say)
        run.prepare()
        suspects = []
        for index, result in run.grade(enumerate(candidates)):
            if result is None:
                suspects.append(index)
            else:
                yield index, result
        # All orders of a worker fail when it dies, so each is tried alone before it is blamed.
        for index in suspects:
            for _, result in run.grade([(index, candidates[index])]):
                problem = "the workers that graded it were killed, perhaps for want of memory"
                path = candidates[index].path
                yield index, result or failed(candidates[index], f"{path}: {problem}")


def _gradable(candidate: Candidate) -> bool:
    return candidate.stage is not None and candidate.error is None


def _templates(settings: Settings, candidates: Sequence[Candidate]) -> dict[str, Order]:
    """Template order of each stage: the part that all its submissions share."""
    stages = {one.stage.name: one.stage for one in candidates if one.stage and _gradable(one)}
    images = "digits"
    if any(check.uses_data for stage in stages.values() for check in stage.checks):
        images = Data(settings.data).images.name
    told = replace(settings, data="mnist" if images == "mnist" else "digits")
    versions = course_versions(settings)
    return {
        name: Order(told, versions, stage_versions(stage), name) for name, stage in stages.items()
    }


@contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    require("grading on a Dask cluster", "cluster")
    from distributed import Client

    # Dask logs tracebacks of errors that are reported in one sentence here.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        # Checked by hand first: a client that cannot connect is slow to close, and noisy.
        asyncio.run(_greet(scheduler))
        client = Client(scheduler, timeout=CONNECT, set_as_default=False, name="nngrade")
    except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
        raise CourseError(
            f"no scheduler can be reached at {scheduler} ({_first_line(error)}); start one there, "
            "see docs/cluster.md"
        ) from error
    try:
        yield client
    finally:
        client.close()


async def _greet(scheduler: str) -> None:
    from distributed.comm.core import connect
    from distributed.security import Security

    security = Security().get_connection_args("client")
    # The outer timeout is for servers other than a scheduler: they may accept and never answer.
    async with asyncio.timeout(CONNECT + 1):
        comm = await connect(scheduler, timeout=CONNECT, **security)
        await comm.close()


class _Parcel:
    """An object that unpickles to the result of its order.

    The scheduler unpickles everything that it receives except bytes. It gets bytes and a builtin
    function, so that it needs neither nngrade nor the course.
    """

    def __init__(self, order: Order) -> None:
        self._order = order

    def __reduce__(self) -> tuple[Any, ...]:
        return carry_out, (self._order,)


class _Run:
    """The pending orders of a run, and their results."""

    def __init__(
        self,
        client: Client,
        scheduler: str,
        templates: dict[str, Order],
        say: Callable[[str], None],
    ) -> None:
        self._client = client
        self._scheduler = scheduler
        self._templates = templates
        self._say = say
        self._out: dict[str, Future[Any]] = {}
        self._done: SimpleQueue[Future[Any]] = SimpleQueue()
        self._threads: dict[str, int] = {}
        self._looked = -1e9
        self._seen = time.monotonic()
        self._told = False

    def prepare(self) -> None:
        """Check that all connected workers would give the same grades as this machine.

        Workers that join later report differences themselves, at the first order of each stage.

        Raises
        ------
        CourseError
            If a worker is at fault; the message describes each of them.
        """
        self._look()
        while not self._threads:
            time.sleep(0.1)
            self._look()
        asked = {
            self._send(order, worker): worker
            for worker in self._threads
            for order in self._templates.values()
        }
        problems: dict[str, str] = {}
        tell_at: float | None = time.monotonic() + LONG_PATIENCE
        while self._out:
            if (done := self._receive()) is not None:
                key, outcome = done
                if isinstance(outcome, NngradeError):
                    problems.setdefault(asked[key], str(outcome))
            # No other worker may answer in the place of one that has left.
            for key in [key for key in self._out if asked[key] not in self._threads]:
                self._forget(key)
            if tell_at is not None and time.monotonic() > tell_at and self._out:
                tell_at = None
                silent = ", ".join(sorted({asked[key] for key in self._out})[:5])
                self._say(f"waiting for workers that are busy or do not answer: {silent}")
        if problems:
            said = list(problems.values())
            more = [f"and {len(said) - SAID} more workers"] if len(said) > SAID else []
            raise CourseError("\n".join(said[:SAID] + more))

    def grade(
        self, candidates: Iterable[tuple[int, Candidate]]
    ) -> Iterator[tuple[int, SubmissionResult | None]]:
        """Grade candidates; yield the index and result of each, None if it killed its workers."""
        todo = iter(candidates)
        indices: dict[str, int] = {}
        while True:
            # A few at a time: a large class must not fill the memory of client or scheduler.
            room = ORDERS * max(1, sum(self._threads.values()))
            while len(self._out) < room and (item := next(todo, None)) is not None:
                index, candidate = item
                try:
                    indices[self._send(self._order(candidate))] = index
                except SubmissionError as problem:
                    yield index, failed(candidate, problem)
            if not self._out:
                return
            if (done := self._receive()) is not None:
                key, outcome = done
                if isinstance(outcome, NngradeError):
                    raise outcome
                yield indices.pop(key), outcome

    def _order(self, candidate: Candidate) -> Order:
        """Order for a candidate.

        Raises
        ------
        SubmissionError
            If the notebook cannot be read.
        """
        if candidate.stage is None or candidate.error is not None:
            raise SubmissionError(candidate.error or "")
        return replace(
            self._templates[candidate.stage.name],
            student=candidate.graded_as,
            group=candidate.group,
            path=candidate.path,
            content=read_bytes(candidate.path),
        )

    def _send(self, order: Order, worker: str | None = None) -> str:
        """Send an order to the given worker, or to any; return its key."""
        key = f"nngrade-{uuid.uuid4()}"
        with warnings.catch_warnings():
            # Notebooks with pictures are large, and have to be sent this way.
            warnings.filterwarnings("ignore", "Sending large graph")
            future = self._client.submit(
                pickle.loads,
                pickle.dumps(_Parcel(order)),
                key=key,
                pure=False,
                workers=None if worker is None else [worker],
            )
        self._out[key] = future
        future.add_done_callback(self._done.put)
        return key

    def _receive(self) -> tuple[str, SubmissionResult | NngradeError | None] | None:
        """Wait up to a second for an order to finish; return its key and its result or error.

        The result is None if the workers that had the order died.

        Raises
        ------
        CourseError
            If the connection to the scheduler is lost.
        """
        from distributed import KilledWorker

        self._look()
        try:
            future = self._done.get(timeout=1.0)
        except Empty:
            return None
        key = str(future.key)
        if key not in self._out:
            return None
        if future.status == "cancelled":
            raise self._lost()
        outcome: SubmissionResult | NngradeError | None
        try:
            outcome = future.result(timeout=ANSWER)
        except TimeoutError:
            # The worker was lost together with the result: another one has to compute it again.
            future.add_done_callback(self._done.put)
            return None
        except KilledWorker:
            outcome = None
        except NngradeError as error:
            outcome = error
        except Exception as error:
            if future.status != "error":
                raise self._lost() from error
            outcome = CourseError(
                f"a worker at {self._scheduler} cannot grade ({_first_line(error)}); it needs "
                f"nngrade {nngrade.__version__}, as this machine has it"
            )
        self._forget(key)
        return key, outcome

    def _forget(self, key: str) -> None:
        """Release an order and its result on the cluster."""
        self._out.pop(key).release()

    def _look(self) -> None:
        """Update the list of connected workers, at most once a second."""
        now = time.monotonic()
        if now - self._looked < 1.0:
            return
        self._looked = now
        # The client's own thread sets this to None when it gives up a broken connection.
        scheduler = self._client.scheduler
        if scheduler is None:
            raise self._lost()
        try:
            # As Client.nthreads() does, but with a timeout.
            self._threads = self._client.sync(
                scheduler.ncores, workers=None, callback_timeout=ANSWER
            )
        except TimeoutError:
            self._tell(f"the scheduler at {self._scheduler} does not answer; waiting for it")
            return
        except Exception as error:
            raise self._lost() from error
        if self._threads:
            self._seen, self._told = now, False
        elif now - self._seen > PATIENCE:
            self._tell(
                f"no worker is connected to {self._scheduler}; start some, see docs/cluster.md"
            )

    def _tell(self, what: str) -> None:
        """Say once what the run is waiting for."""
        if not self._told:
            self._told = True
            self._say(what)

    def _lost(self) -> CourseError:
        return CourseError(
            f"the scheduler at {self._scheduler} was lost or started anew; run the same command "
            "again (what is in the gradebook's journal is kept)"
        )


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
