"""The trusted side: start a worker, talk to it under a deadline, and end it for certain."""

from __future__ import annotations

import importlib.util
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nngrade.worker.wire import (
    PREFIX,
    Decoder,
    Encoder,
    Limits,
    WireError,
    decode_frame,
    encode_frame,
    read_prefix,
)

__all__ = [
    "CallRefused",
    "MissingFunction",
    "StudentError",
    "Worker",
    "WorkerEnded",
    "WorkerFault",
    "WorkerLimits",
    "WorkerTimeout",
]

MOST_CALLBACKS = 200_000
KEPT_OUTPUT = 64 * 1024


class WorkerFault(Exception):
    """The worker is gone; the message is a sentence for the student."""


class WorkerEnded(WorkerFault):
    """The process ended by itself, or broke the protocol and was ended."""


class WorkerTimeout(WorkerFault):
    """The deadline passed; the process was ended."""


class CallRefused(Exception):
    """The function returned something that is not plain data."""


class MissingFunction(Exception):
    """No cell defines the function."""


@dataclass
class StudentError(Exception):
    """The student's code raised an exception.

    Attributes
    ----------
    type, message : str
        Of the exception; data from the worker, so only to be shown.
    cell : str
        The cell in which it came up, or empty.
    line : int
        The line of that cell, or 0.
    """

    type: str
    message: str
    cell: str
    line: int

    def __str__(self) -> str:
        place = f" in your cell {self.cell}, line {self.line}" if self.cell and self.line else ""
        colon = f": {self.message}" if self.message else ""
        return f"{self.type}{colon}{place}"


@dataclass(frozen=True)
class WorkerLimits:
    """What one worker may use.

    Attributes
    ----------
    cpu_seconds : int
    memory_bytes : int
        Of address space.
    file_bytes : int
        Of any one file that it writes.
    open_files : int
    """

    cpu_seconds: int = 600
    memory_bytes: int = 3 * 2**30
    file_bytes: int = 64 * 2**20
    open_files: int = 128

    def as_rlimits(self) -> dict[str, int]:
        """By their names in the `resource` module."""
        return {
            "RLIMIT_CPU": self.cpu_seconds,
            "RLIMIT_AS": self.memory_bytes,
            "RLIMIT_FSIZE": self.file_bytes,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_CORE": 0,
        }


@dataclass
class Worker:
    """A process that runs one submission; use it as a context manager.

    Attributes
    ----------
    seed : int
        Seeds the global generators in the worker, so that grading repeats exactly.
    limits : WorkerLimits
    """

    seed: int = 0
    limits: WorkerLimits = field(default_factory=WorkerLimits)
    wire_limits: Limits = field(default_factory=Limits)
    alive: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._output = bytearray()
        self._output_bytes = 0
        # Where interpreters keep what they cache: everything in it goes with the worker.
        self._scratch = tempfile.mkdtemp(prefix="nngrade-")
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(
                    self._command(theirs.fileno()),
                    pass_fds=[theirs.fileno()],
                    env=_environment(self._scratch),
                    cwd=self._scratch,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except BaseException:
                ours.close()
                shutil.rmtree(self._scratch, ignore_errors=True)
                raise
        assert self._process.stdout is not None
        self._pipe = self._process.stdout
        os.set_blocking(self._pipe.fileno(), False)
        ours.setblocking(False)
        self._channel = ours
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._channel, selectors.EVENT_READ)
        self._selector.register(self._pipe, selectors.EVENT_READ)
        self.alive = True
        # Sent at once and answered later: the worker's imports overlap with the grader's own.
        self._greeted = False

    def _command(self, descriptor: int) -> list[str]:
        limits = json.dumps(self.limits.as_rlimits())
        # -P, -s and the clean environment: nothing of the user's own reaches the worker.
        module = "nngrade.worker.guest"
        return [sys.executable, "-P", "-s", "-B", "-m", module, str(descriptor), limits]

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, label: str, source: str, deadline: float) -> StudentError | None:
        """Run a cell; return the exception it raised, if any.

        Parameters
        ----------
        label : str
            What the student calls the cell.
        source : str
            Python.
        deadline : float
            On the clock of `time.monotonic`.

        Raises
        ------
        WorkerFault
            When the worker is gone; it must be replaced.
        """
        answer, _ = self._ask({"op": "run", "label": label, "source": source}, None, deadline)
        with self._strictly():
            _expect(answer, "ran", "error")
            return None if answer["error"] is None else _student_error(answer["error"])

    def call(
        self,
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        deadline: float,
        echo: bool = False,
    ) -> tuple[Any, list[Any] | None]:
        """Call one of the student's functions.

        Parameters
        ----------
        name : str
        args, kwargs
            Plain data, functions (called back here) and generators.
        deadline : float
            On the clock of `time.monotonic`.
        echo : bool
            Whether to send back what the positional arguments look like after the call.

        Returns
        -------
        value : plain data
        after : list or None
            The arguments after the call, where `echo` asked for them.

        Raises
        ------
        StudentError, MissingFunction, CallRefused
            The call did not work; the worker goes on.
        WorkerFault
            The worker is gone.
        """
        functions: list[Callable[..., Any]] = []
        encoder = Encoder(self.wire_limits, functions, generators=True)
        request = {
            "op": "call",
            "name": name,
            "args": encoder.encode(list(args)),
            "kwargs": encoder.encode(kwargs),
            "echo": echo,
        }
        answer, body = self._ask(request, encoder, deadline)
        callbacks = 0
        while answer.get("op") == "callback":
            callbacks += 1
            if callbacks > MOST_CALLBACKS:
                self._end()
                raise WorkerEnded(f"{name} called the function it was given too often")
            answer, body = self._answer_callback(answer, body, functions, deadline)
        with self._strictly():
            return self._read_answer(answer, body, name)

    def close(self) -> None:
        """End the process and remove what it left."""
        self._end()
        self._selector.close()
        self._channel.close()
        self._pipe.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _read_answer(
        self, answer: dict[str, Any], body: memoryview, name: str
    ) -> tuple[Any, list[Any] | None]:
        kind = answer.get("op")
        if kind == "missing":
            raise MissingFunction(f"{name} is not defined: no cell that ran defines it")
        if kind == "refuse":
            _expect(answer, "refuse", "message")
            what = _text(answer["message"])
            raise CallRefused(f"{name} returned {what}; return numbers, arrays or lists of them")
        if kind == "raise":
            _expect(answer, "raise", "error")
            raise _student_error(answer["error"])
        _expect(answer, "return", "value", "args")
        decoder = Decoder(body, self.wire_limits)
        value, after = decoder.decode(answer["value"]), decoder.decode(answer["args"])
        decoder.finish()
        if after is not None and type(after) is not list:
            raise WireError("arguments that are no list")
        return value, after

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
            decoder = Decoder(body, self.wire_limits)
            args, kwargs = decoder.decode(request["args"]), decoder.decode(request["kwargs"])
            decoder.finish()
            if type(args) is not list or type(kwargs) is not dict:
                raise WireError("a call without proper arguments")
        encoder = Encoder(self.wire_limits)
        try:
            answer = {"op": "return", "value": encoder.encode(functions[number](*args, **kwargs))}
        except Exception as error:
            encoder = Encoder(self.wire_limits)
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
        if not self._greeted:
            self._greeted = True
            # Starting the interpreter is not the student's time.
            start = {"op": "start", "seed": self.seed}
            answer, _ = self._exchange(start, None, time.monotonic() + 60)
            with self._strictly():
                _expect(answer, "ready")
        return self._exchange(message, encoder, deadline)

    def _exchange(
        self, message: dict[str, Any], encoder: Encoder | None, deadline: float
    ) -> tuple[dict[str, Any], memoryview]:
        arrays = encoder.arrays if encoder else ()
        parts = list(encode_frame(message, arrays, self.wire_limits))
        try:
            for part in parts:
                self._write(memoryview(part), deadline)
            text, body = read_prefix(bytes(self._read(PREFIX.size, deadline)), self.wire_limits)
            content = decode_frame(bytes(self._read(text, deadline)))
            return content, memoryview(self._read(body, deadline))
        except WireError as error:
            self._end()
            raise WorkerEnded(f"the worker broke the protocol ({error}) and was ended") from error
        except (EOFError, ConnectionError, BrokenPipeError) as error:
            raise WorkerEnded(self._how_it_ended()) from error
        except BaseException:
            # A deadline, or Ctrl-C: half a message was exchanged, so this worker is of no more use.
            self._end()
            raise

    def _write(self, view: memoryview, deadline: float) -> None:
        self._selector.modify(self._channel, selectors.EVENT_READ | selectors.EVENT_WRITE)
        try:
            while view:
                if self._wait(deadline) & selectors.EVENT_WRITE:
                    view = view[self._channel.send(view) :]
        finally:
            self._selector.modify(self._channel, selectors.EVENT_READ)

    def _read(self, size: int, deadline: float) -> bytearray:
        data = bytearray(size)
        view = memoryview(data)
        while view:
            if self._wait(deadline) & selectors.EVENT_READ:
                got = self._channel.recv_into(view)
                if not got:
                    raise EOFError
                view = view[got:]
        return data

    def _wait(self, deadline: float) -> int:
        """Wait for the channel, reading the worker's output meanwhile; return what is ready."""
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise WorkerTimeout("did not finish in time")
        ready = 0
        for key, events in self._selector.select(remaining):
            if key.fileobj is self._channel:
                ready = events
            else:
                self._drain()
        return ready

    def _drain(self) -> None:
        try:
            chunk = os.read(self._pipe.fileno(), 65536)
        except BlockingIOError:
            return
        if not chunk:
            self._selector.unregister(self._pipe)
            return
        self._output_bytes += len(chunk)
        self._output += chunk[: max(0, KEPT_OUTPUT - len(self._output))]

    def _how_it_ended(self) -> str:
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._end()
            return "your code closed the grader's channel"
        self._end()
        if status == -signal.SIGXCPU:
            return f"your code used more than {self.limits.cpu_seconds} s of processor time"
        if status < 0:
            return f"your code crashed the Python process ({signal.Signals(-status).name})"
        return f"your code ended the Python process (exit code {status})"

    def _end(self) -> None:
        self.alive = False
        # The session's leader is not reaped before this, so the group is still its own.
        if self._process.returncode is None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self._process.wait()

    @property
    def output(self) -> str:
        """The first 64 KiB of what the worker printed."""
        return self._output.decode("utf-8", "replace")


@dataclass
class _Strict:
    """Inside this block a `WireError` ends the worker and becomes `WorkerEnded`."""

    worker: Worker

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, WireError):
            self.worker._end()
            raise WorkerEnded(f"the worker broke the protocol ({error}) and was ended") from error


def _expect(message: dict[str, Any], kind: str, *keys: str) -> None:
    if message.get("op") != kind or set(message) != {"op", *keys}:
        raise WireError("an answer that does not fit the question")


def _text(value: Any) -> str:
    if type(value) is not str:
        raise WireError("no text where text must be")
    # Lone surrogates and control characters have no place in a table or a terminal.
    clean = value.encode("utf-8", "replace").decode("utf-8")[:2000]
    return "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in clean
    )


def _student_error(content: Any) -> StudentError:
    if type(content) is not dict or set(content) != {"type", "message", "cell", "line"}:
        raise WireError("an error without its parts")
    line = content["line"]
    if type(line) is not int:
        raise WireError("a line that is no number")
    return StudentError(
        _text(content["type"]), _text(content["message"]), _text(content["cell"]), line
    )


def _environment(scratch: str) -> dict[str, str]:
    """All that the worker learns of the world."""
    folders = []
    for package in ("nngrade", "nndata"):
        found = importlib.util.find_spec(package)
        if found is not None and found.origin is not None:
            folders.append(str(Path(found.origin).parents[1]))
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": scratch,
        "TMPDIR": scratch,
        "MPLCONFIGDIR": scratch,
        "MPLBACKEND": "Agg",
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(folders)),
        "PYTHONHASHSEED": "0",
        "PYTHONWARNINGS": "ignore",
    }
    # One thread each: many workers share the cores, and sums come out the same every time.
    for name in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR"):
        environment[f"{name}_NUM_THREADS"] = "1"
    return environment
