"""The trusted side: start a worker, exchange messages under a deadline, and end it reliably."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nngrade.errors import CourseError
from nngrade.limits import WorkerLimits
from nngrade.text import presentable
from nngrade.worker import scratch
from nngrade.worker.calls import CallRefused, CallRequest, MissingFunction, Returned, StudentError
from nngrade.worker.channel import UNLIMITED, WATCH_INTERVAL, Channel, DeadlinePassed
from nngrade.worker.launch import START_SECONDS, Launcher, Process
from nngrade.worker.shared import SharedArrays
from nngrade.worker.wire import Decoder, Encoder, WireError
from nngrade.worker.wire import Limits as WireLimits

__all__ = ["Allowance", "Worker", "WorkerEnded", "WorkerFault", "WorkerTimeout"]

MOST_CALLBACKS = 200_000
# Maximum size of a result in bytes: SMALL_RESULT, or PROPORTION times the size of the arguments if
# that is more. A few numbers must not come back as half a gigabyte of them, which a check might
# convert to a list.
SMALL_RESULT, PROPORTION = 32 * 2**20, 16
CONFINED = b"+"
# Shortest time between two looks at a worker, in seconds.
SHORTEST_LOOK = 0.01


class WorkerFault(Exception):
    """The worker has ended; the message is a sentence for the student.

    Attributes
    ----------
    limit : str or None
        The limit that was exceeded; None if none was.
    """

    def __init__(self, message: str, limit: str | None = None) -> None:
        super().__init__(message)
        self.limit = limit


class WorkerEnded(WorkerFault):
    """The process ended by itself, or was ended because it violated a limit or the protocol."""


class WorkerTimeout(WorkerFault):
    """The deadline passed, or the processor time was used up; the process was ended."""

    def __init__(self, message: str, limit: str = "wall") -> None:
        super().__init__(message, limit)


class Allowance(Protocol):
    """Interface of a limit on the processor time of some requests."""

    def left(self, used: float) -> float:
        """Remaining processor time in seconds, given the time used; negative if there is none."""


class Worker:
    """A process that runs one submission; use it as a context manager.

    The process is started on the first request.

    Parameters
    ----------
    launcher : Launcher
        Starter of the process.
    limits : WorkerLimits or None
        Resource limits; None for the defaults.
    seed : int
        Seed of the worker's global random generators, so that grading is reproducible.
    shared : SharedArrays or None
        Store of large arrays; None sends them through the channel.
    extra_mib : int
        Memory beyond the limit, for large inputs, in MiB.

    Attributes
    ----------
    alive : bool
        Whether the worker accepts requests.
    """

    def __init__(
        self,
        launcher: Launcher,
        limits: WorkerLimits | None = None,
        seed: int = 0,
        shared: SharedArrays | None = None,
        extra_mib: int = 0,
    ) -> None:
        self.limits = limits or WorkerLimits()
        self.alive = True
        self._launcher = launcher
        self._seed = seed
        self._shared = shared
        self._extra_mib = extra_mib
        self._wire = WireLimits(array_bytes=self.limits.result_mib * 2**20)
        self._process: Process | None = None
        self._channel: Channel | None = None
        self._exit: int | None = None
        self._allowance: Allowance | None = None
        self._allowed_at = 0.0
        self._used_before = 0.0
        self._look_at_scratch_at = 0.0

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the process, unless it is already running.

        Raises
        ------
        CourseError
            If workers cannot be started or confined on this machine.
        """
        if self._process is not None:
            return
        # The folder holds all files that the student's code writes, and is removed with the worker.
        self._scratch = scratch.make("worker")
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        try:
            self._process = self._launcher.start(
                theirs, writing, self._scratch, self.limits.rlimits(self._extra_mib)
            )
        except BaseException:
            ours.close()
            os.close(reading)
            scratch.remove(self._scratch)
            raise
        finally:
            theirs.close()
            os.close(writing)
        output_bytes = self.limits.output_kib * 1024
        self._channel = Channel(ours, reading, self._wire, output_bytes, self._look)
        self._greet()

    def _greet(self) -> None:
        """Wait until the process is confined and ready, which is not counted as student time."""
        deadline = time.monotonic() + START_SECONDS
        if self._launcher.confirms:
            said = self._first_words(deadline)
            if said != CONFINED:
                self.close()
                reason = said[1:].decode("utf-8", "replace") or f"it said {self.output!r}"
                raise CourseError(
                    f"student code cannot be confined on this machine: {reason}. `nngrade doctor` "
                    "lists what is missing, each with the fix. Or choose --sandbox weak (with the "
                    "layers there are); the result will say so."
                )
        start = {"op": "start", "seed": self._seed, "result_bytes": self._wire.array_bytes}
        answer, _ = self._exchange(start, None, deadline)
        with self._strictly():
            _expect(answer, "ready")

    def _first_words(self, deadline: float) -> bytes:
        """Read `CONFINED`, or the reason why the worker is not confined."""
        said = b""
        try:
            while said != CONFINED and len(said) < 500:
                said += self._open_channel.receive(1, deadline)
        except (EOFError, OSError, DeadlinePassed):
            pass
        return said

    def run(self, label: str, source: str, deadline: float) -> StudentError | None:
        """Run a cell; return the exception it raised, or None.

        Parameters
        ----------
        label : str
            The student's label of the cell.
        source : str
            Source of the cell.
        deadline : float
            Time of `time.monotonic`, in seconds.

        Raises
        ------
        WorkerFault
            If the worker has ended; it must be replaced.
        """
        answer, _ = self._ask({"op": "run", "label": label, "source": source}, None, deadline)
        with self._strictly():
            _expect(answer, "ran", "error")
            return None if answer["error"] is None else _student_error(answer["error"])

    def settle(self, names: Sequence[str], deadline: float) -> frozenset[str]:
        """Bind names to their last function again, where cells use them for something else.

        Parameters
        ----------
        names : sequence of str
        deadline : float
            Time of `time.monotonic`, in seconds.

        Returns
        -------
        frozenset of str
            Those that are functions.

        Raises
        ------
        WorkerFault
            If the worker has ended.
        """
        answer, _ = self._ask({"op": "settle", "names": list(names)}, None, deadline)
        with self._strictly():
            _expect(answer, "settled", "functions")
            found = answer["functions"]
            if type(found) is not list or not all(type(one) is str for one in found):
                raise WireError("an answer that does not fit the question")
            return frozenset(found) & frozenset(names)

    def call(
        self,
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        deadline: float,
        echo: bool = False,
    ) -> Returned:
        """Call one of the student's functions once; see `carry_out`.

        Parameters
        ----------
        name : str
            Name of the function.
        args : tuple
            Positional arguments.
        kwargs : dict
            Keyword arguments.
        deadline : float
            Time of `time.monotonic`, in seconds.
        echo : bool
            Whether to return the positional arguments after the call.

        Returns
        -------
        value : plain data
            The returned value.
        after : list or None
            The positional arguments after the call; None without `echo`.

        Raises
        ------
        StudentError, MissingFunction, CallRefused
            If the call failed; the worker goes on.
        WorkerFault
            If the worker has ended.
        """
        returned, error = self.carry_out(CallRequest(name, [args], kwargs, echo), deadline)
        if error is not None:
            raise error
        return returned[0]

    def carry_out(
        self, request: CallRequest, deadline: float
    ) -> tuple[list[Returned], Exception | None]:
        """Call one of the student's functions several times, until a call fails.

        All calls are sent in one message: a call takes microseconds, a round trip a quarter of a
        millisecond.

        Parameters
        ----------
        request : CallRequest
            The calls; arguments are plain data, functions (called back here) and generators.
        deadline : float
            Time of `time.monotonic`, in seconds, for all calls together.

        Returns
        -------
        returned : list of (value, after)
            For each call before the failed one: the returned value, and the arguments after the
            call, or None without `echo`.
        error : StudentError, MissingFunction, CallRefused or None
            Error of the failed call, if there is one; the worker goes on.

        Raises
        ------
        WorkerFault
            If the worker has ended.
        """
        functions: list[Callable[..., Any]] = []
        share = self._shared.share if self._shared else None
        encoder = Encoder(
            UNLIMITED, functions, generators=True, code=True, layouts=True, share=share
        )
        message: dict[str, Any] = {
            "op": "call",
            # In the order in which the worker decodes them.
            "lent": encoder.encode(dict(request.lent)),
            "name": request.name,
            "kwargs": encoder.encode(request.kwargs),
            "through": encoder.encode(request.through),
            "calls": [encoder.encode(list(args)) for args in request.calls],
            "echo": request.echo,
            "states": request.states,
            "float_errors": dict(request.float_errors),
        }
        most = max(SMALL_RESULT, PROPORTION * encoder.array_bytes)
        message["result_bytes"] = most = min(most, self._wire.array_bytes)
        answer, body = self._ask(message, encoder, deadline)
        callbacks = 0
        while answer.get("op") == "callback":
            callbacks += 1
            if callbacks > MOST_CALLBACKS:
                self._end()
                raise WorkerEnded(f"{request.name} called the function it was given too often")
            answer, body = self._answer_callback(answer, body, functions, deadline)
        with self._strictly():
            if len(body) > most:
                raise WireError("a result that is too large")
            if answer.get("op") == "missing":
                what = f"{request.name} is not defined: no cell that ran defines it"
                return [], MissingFunction(what)
            echoed = [len(args) if request.echo else None for args in request.calls]
            returned = self._read_calls(answer, body, echoed)
            error = _error_of(answer, request.name)
            if (error is None) != (len(returned) == len(request.calls)):
                raise WireError("not the answers to as many calls")
            return returned, error

    def close(self) -> None:
        """End the process and remove its files."""
        self.alive = False
        if self._process is None:
            return
        self._end()
        if self._channel is not None:
            self._channel.close()
        self._process = None
        scratch.remove(self._scratch)

    def _read_calls(
        self, answer: dict[str, Any], body: memoryview, echoed: list[int | None]
    ) -> list[Returned]:
        """Decode the results of the successful calls."""
        if answer.get("op") != "return" or type(answer.get("calls")) is not list:
            raise WireError("an answer that does not fit the question")
        decoder = Decoder(body, self._wire)
        returned = []
        for pair, expected in zip(answer["calls"], echoed, strict=False):
            if type(pair) is not list or len(pair) != 2:
                raise WireError("a call without its value and arguments")
            value, after = decoder.decode(pair[0]), decoder.decode(pair[1])
            if (len(after) if type(after) is list else after) != expected:
                raise WireError("other arguments than were sent")
            returned.append((value, after))
        decoder.finish()
        if len(returned) != len(answer["calls"]):
            raise WireError("more answers than calls")
        return returned

    def _answer_callback(
        self,
        request: dict[str, Any],
        body: memoryview,
        functions: list[Callable[..., Any]],
        deadline: float,
    ) -> tuple[dict[str, Any], memoryview]:
        with self._strictly():
            _expect(request, "callback", "function", "args", "kwargs")
            number = request["function"]
            if type(number) is not int or not 0 <= number < len(functions):
                raise WireError("a call of a function that was never sent")
            decoder = Decoder(body, self._wire)
            args, kwargs = decoder.decode(request["args"]), decoder.decode(request["kwargs"])
            decoder.finish()
            if type(args) is not list or type(kwargs) is not dict:
                raise WireError("a call without proper arguments")
        encoder = Encoder(UNLIMITED)
        try:
            answer = {"op": "return", "value": encoder.encode(functions[number](*args, **kwargs))}
        except Exception as error:
            encoder = Encoder(UNLIMITED)
            message = f"the function you were given cannot take this: {type(error).__name__}"
            answer = {"op": "raise", "message": f"{message}: {error}"[:500]}
        return self._ask(answer, encoder, deadline)

    def _strictly(self) -> _Strict:
        return _Strict(self)

    def _ask(
        self, message: dict[str, Any], encoder: Encoder | None, deadline: float
    ) -> tuple[dict[str, Any], memoryview]:
        if not self.alive:
            raise WorkerEnded("the worker is not running")
        self.start()
        return self._exchange(message, encoder, deadline)

    def _exchange(
        self, message: dict[str, Any], encoder: Encoder | None, deadline: float
    ) -> tuple[dict[str, Any], memoryview]:
        try:
            answer = self._open_channel.exchange(message, encoder, deadline)
            if self._shared:
                self._shared.sent()
            return answer
        except WireError as error:
            self._end()
            raise WorkerEnded(f"the worker broke the protocol ({error}) and was ended") from error
        except (EOFError, ConnectionError) as error:
            raise self._how_it_ended() from error
        except DeadlinePassed:
            self._end()
            raise WorkerTimeout("did not finish in time") from None
        except BaseException:
            # For example Ctrl-C: half a message was exchanged, so the worker is unusable.
            self._end()
            raise

    @property
    def _open_channel(self) -> Channel:
        assert self._channel is not None
        return self._channel

    def allow(self, allowance: Allowance | None) -> None:
        """Limit the processor time of all requests from now on; None lifts the limit."""
        self._allowance = allowance
        self._allowed_at = time.monotonic()
        self._used_before = self._process.cpu_seconds() or 0.0 if self._process else 0.0
        if allowance is not None and self._channel is not None:
            self._channel.watch_within(max(allowance.left(0.0), SHORTEST_LOOK))

    def used(self) -> float:
        """Processor time since `allow`; wall-clock time where it cannot be measured."""
        used = self._process.cpu_seconds() if self._process else 0.0
        return time.monotonic() - self._allowed_at if used is None else used - self._used_before

    def _look(self) -> float:
        """End the worker if it exceeds a limit; return the time until the next look, in seconds."""
        threads = self._process.threads() if self._process else None
        if threads is not None and threads > self.limits.threads:
            self._end()
            raise WorkerEnded(f"your code started more than {self.limits.threads} threads")
        now = time.monotonic()
        if now >= self._look_at_scratch_at:
            self._look_at_scratch_at = now + WATCH_INTERVAL
            self._look_at_scratch()
        if self._allowance is None:
            return WATCH_INTERVAL
        left = self._allowance.left(self.used())
        if left < 0:
            self._end()
            raise WorkerTimeout("did not finish in its processor time", "cpu")
        return max(left, SHORTEST_LOOK)

    def _look_at_scratch(self) -> None:
        """End the worker if its files exceed the limit."""
        most = self.limits.scratch_mib * 2**20
        size = scratch.size_of(self._scratch, most)
        if size > most:
            self._end()
            amount = f"more than {self.limits.scratch_mib} MiB of files"
            if size == scratch.UNCOUNTABLE:
                amount = "folders that cannot be looked into"
            raise WorkerEnded(f"your code wrote {amount}", "disk")

    def _how_it_ended(self) -> WorkerEnded:
        """Return the reason why the channel is closed.

        A process that ends by itself gets a second to do so.
        """
        if self._process is not None and not self._process.ended(1.0):
            self._end()
            return WorkerEnded("your code closed the grader's channel")
        self._end()
        status = self._exit
        assert status is not None
        if status == -signal.SIGXCPU:
            seconds = self.limits.cpu_seconds
            return WorkerEnded(f"your code used more than {seconds} s of processor time", "cpu")
        if status == -signal.SIGXFSZ:
            return WorkerEnded("your code wrote a file that is too large", "disk")
        if status < 0:
            # Real-time signals have no names.
            names = {one.value: one.name for one in signal.Signals}
            name = names.get(-status, f"signal {-status}")
            return WorkerEnded(f"your code crashed the Python process ({name})")
        return WorkerEnded(f"your code ended the Python process (exit code {status})")

    def _end(self) -> None:
        """Kill the process, if it has not ended by itself, and wait for its end."""
        self.alive = False
        if self._process is not None and self._exit is None:
            self._process.kill()
            self._exit = self._process.wait()

    @property
    def output(self) -> str:
        """Beginning of the worker's printed output, up to the limit."""
        return self._channel.output if self._channel else ""

    @property
    def output_bytes(self) -> int:
        """Total size of the worker's printed output in bytes."""
        return self._channel.printed if self._channel else 0


@dataclass
class _Strict:
    """Context manager that turns a `WireError` into `WorkerEnded` and ends the worker."""

    worker: Worker

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, WireError):
            self.worker._end()
            raise WorkerEnded(f"the worker broke the protocol ({error}) and was ended") from error


def _error_of(answer: dict[str, Any], name: str) -> Exception | None:
    """Error of the failed call; None if no call failed."""
    if set(answer) == {"op", "calls"}:
        return None
    if set(answer) == {"op", "calls", "raise"}:
        return _student_error(answer["raise"])
    if set(answer) != {"op", "calls", "refuse"}:
        raise WireError("an answer that does not fit the question")
    refused = answer["refuse"]
    if type(refused) is not dict or set(refused) != {"message", "too_large"}:
        raise WireError("a refusal without its parts")
    return CallRefused(
        f"{name} returned {_text(refused['message'])}; return numbers, arrays or lists of them",
        "result" if refused["too_large"] is True else None,
    )


def _expect(message: dict[str, Any], kind: str, *keys: str) -> None:
    if message.get("op") != kind or set(message) != {"op", *keys}:
        raise WireError("an answer that does not fit the question")


def _text(value: Any, longest: int = 1500) -> str:
    if type(value) is not str:
        raise WireError("no text where text must be")
    return presentable(value, longest)


def _student_error(content: Any) -> StudentError:
    if type(content) is not dict or set(content) - {"within"} != {
        "type",
        "message",
        "cell",
        "line",
    }:
        raise WireError("an error without its parts")
    cell, line = _line_of([content["cell"], content["line"]])
    within = content.get("within", [])
    return StudentError(
        _text(content["type"], 200),
        _text(content["message"]),
        cell,
        line,
        None if within == [] else _line_of(within),
    )


def _line_of(place: Any) -> tuple[str, int]:
    if type(place) is not list or len(place) != 2 or type(place[1]) is not int:
        raise WireError("a line that is no number")
    return _text(place[0]), place[1]
