"""The untrusted side: run cells and calls for the grader, in a process that holds no secrets.

The process holds the student's code, and no check, reference or expected value. The grader treats
its answers as data and trusts none of them.
"""

from __future__ import annotations

import builtins
import json
import os
import random
import socket
import sys
import warnings
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import dropwhile, takewhile
from typing import Any

import numpy as np

from nngrade.worker import plot_stand_in
from nngrade.worker.cells import CellRunner
from nngrade.worker.wire import (
    MOST_SHARED,
    PREFIX,
    Decoder,
    Encoder,
    Limits,
    NotPlainData,
    WireError,
    encode_frame,
    holds_function,
    read_prefix,
    state_of,
)

__all__ = ["Guest", "main", "serve"]

MESSAGE_LENGTH = 2000
SMALL = 64 * 1024
# The grader is trusted, so its frames are not limited.
TRUSTED = Limits(array_bytes=2**40)


class Guest:
    """Server of the grader's requests in the worker.

    Parameters
    ----------
    descriptor : int
        File descriptor of the channel's end, a stream socket.
    """

    def __init__(self, descriptor: int) -> None:
        self._channel = socket.socket(fileno=descriptor)
        self._limits = Limits()
        # Room for the file descriptors that may come beside a message, in bytes.
        self._beside = socket.CMSG_LEN(MOST_SHARED * array("i").itemsize)
        self._cells = CellRunner()
        # As they are now: a cell may put something else in their places.
        self._errstate = np.errstate
        self._catch_warnings = warnings.catch_warnings
        self._filters = list(warnings.filters)
        self._recursion_limit = sys.getrecursionlimit()

    def serve(self) -> None:
        """Handle requests until the channel is closed."""
        while True:
            try:
                message, decoder = self._receive()
            except EOFError:
                return
            kind = message["op"]
            if kind == "start":
                self._limits = Limits(array_bytes=message["result_bytes"])
                random.seed(message["seed"])
                np.random.seed(message["seed"] % 2**32)
                self._send({"op": "ready"})
            elif kind == "run":
                error = self._cells.run(message["label"], message["source"])
                self._send({"op": "ran", "error": None if error is None else self._describe(error)})
            elif kind == "settle":
                self._send({"op": "settled", "functions": self._cells.settle(message["names"])})
            elif kind == "call":
                with self._undisturbed(message["float_errors"]):
                    lent = decoder.decode(message["lent"])
                    with self._cells.lent(lent):
                        self._call(message, decoder)

    @contextmanager
    def _undisturbed(self, float_errors: dict[str, Any]) -> Iterator[None]:
        """Undo what a cell has set for the whole program, such as ``np.seterr(all="raise")``.

        Floating-point errors are handled as they are where the call is made.
        """
        sys.setrecursionlimit(self._recursion_limit)
        with self._errstate(**float_errors), self._catch_warnings():
            warnings.filters[:] = self._filters  # type: ignore[index]
            yield

    def _call(self, message: dict[str, Any], decoder: Decoder) -> None:
        """Make the calls of a request until one fails, and send one answer for all of them."""
        keywords = decoder.decode(message["kwargs"])
        function = self._cells.functions.get(message["name"])
        if function is None:
            self._send({"op": "missing"})
            return
        if message["through"] is not None:
            function = partial(decoder.decode(message["through"]), function)
        encoder = Encoder(Limits(array_bytes=message["result_bytes"]))
        returned: list[list[Any]] = []
        whole = 0
        answer: dict[str, Any] = {"op": "return", "calls": returned}
        try:
            for tree in message["calls"]:
                arguments = decoder.decode(tree)
                value = encoder.encode(function(*arguments, **keywords))
                plain = None
                if message["echo"]:
                    plain = [_echo(argument, message["states"]) for argument in arguments]
                returned.append([value, encoder.encode(plain)])
                if len(message["calls"]) > 1:
                    # The next call may modify the arrays that this one returned.
                    encoder.arrays[whole:] = [one.copy() for one in encoder.arrays[whole:]]
                whole = len(encoder.arrays)
        except NotPlainData as refusal:
            answer["refuse"] = {"message": _clip(refusal), "too_large": refusal.too_large}
        except BaseException as error:
            answer["raise"] = self._describe(error, message["name"])
        # A value that failed half-way through encoding is not sent.
        del encoder.arrays[whole:]
        try:
            self._send(answer, encoder)
        except NotPlainData as refusal:
            refused = {"message": _clip(refusal), "too_large": refusal.too_large}
            self._send({"op": "return", "calls": [], "refuse": refused})

    def _stand_in(self, number: int) -> Callable[..., Any]:
        """Return a function that calls back function `number` of the grader."""

        def function(*args: Any, **kwargs: Any) -> Any:
            encoder = Encoder(self._limits)
            message = {
                "op": "callback",
                "function": number,
                "args": encoder.encode(list(args)),
                "kwargs": encoder.encode(kwargs),
            }
            self._send(message, encoder)
            answer, decoder = self._receive()
            if answer["op"] == "raise":
                raise ValueError(answer["message"])
            return decoder.decode(answer["value"])

        return function

    def _describe(self, error: BaseException, called: str = "") -> dict[str, Any]:
        """Type and message of an error, and its place in the student's cells.

        If a function was called, it is its own line, or one of a helper: another task's function
        that raises the error may be innocent of it, and the course's own code is. Where another's
        line stopped, that is said besides.
        """
        labels = self._cells.labels
        cell, line = "", 0
        within: list[Any] = []
        if isinstance(error, SyntaxError) and error.filename in labels:
            cell, line = labels[error.filename], error.lineno or 0
        places = [(labels[file], at) for file, at in _frames(error) if file in labels]
        # What is not done is not done where it says so.
        undone = isinstance(error, NotImplementedError)
        if not undone and called in (label for label, _ in places):
            # Decorators and callers may come before it.
            from_it = dropwhile(lambda place: place[0] != called, places)
            cell, line = list(takewhile(lambda place: _is_own(place[0], called), from_it))[-1]
            if not _is_own(places[-1][0], called):
                within = list(places[-1])
        elif places:
            cell, line = places[-1]
        try:
            text = error.msg if isinstance(error, SyntaxError) else str(error)
        except BaseException:
            text = ""
        return {
            "type": _clip(type(error).__name__),
            "message": _clip(text),
            "cell": cell,
            "line": line,
            "within": within,
        }

    def _send(self, message: dict[str, Any], encoder: Encoder | None = None) -> None:
        frame = encode_frame(message, encoder.arrays if encoder else (), self._limits)
        if len(frame) > 1 and sum(map(len, frame)) < SMALL:
            frame = [b"".join(frame)]
        for part in frame:
            self._channel.sendall(part)

    def _receive(self) -> tuple[dict[str, Any], Decoder]:
        # It sends one frame at a time, so all bytes that arrive with the prefix belong to the same
        # frame; mostly they are all of it.
        head, beside, _flags, _address = self._channel.recvmsg(SMALL, self._beside)
        if not head:
            raise EOFError
        if len(head) < PREFIX.size:
            head += self._read(PREFIX.size - len(head))
        text, body = read_prefix(head[: PREFIX.size], TRUSTED)
        missing = PREFIX.size + text + body - len(head)
        data = memoryview(head + self._read(missing) if missing else head)[PREFIX.size :]
        decoder = Decoder(
            data[text:],
            TRUSTED,
            function=self._stand_in,
            generators=True,
            code=True,
            layouts=True,
            descriptors=_descriptors(beside) if beside else (),
        )
        # The grader is trusted, so its JSON need not be parsed strictly.
        return json.loads(bytes(data[:text])), decoder

    def _read(self, size: int) -> bytearray:
        data = bytearray(size)
        view = memoryview(data)
        while view:
            got = self._channel.recv_into(view)
            if not got:
                raise EOFError
            view = view[got:]
        return data


def _descriptors(beside: list[tuple[int, int, bytes]]) -> tuple[int, ...]:
    """The file descriptors that came beside a message."""
    found = array("i")
    for level, kind, content in beside:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            found.frombytes(content[: len(content) - len(content) % found.itemsize])
    return tuple(found)


def _frames(error: BaseException) -> Iterator[tuple[str, int]]:
    """File and line of each frame of an error's traceback, the innermost last."""
    traceback = error.__traceback__
    while traceback is not None:
        yield traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next


def _is_own(label: str, called: str) -> bool:
    """Whether a cell belongs to a task: its own, or one without a task, where helpers stand."""
    return label == called or label.startswith("number ")


def _clip(text: Any) -> str:
    return str(text)[:MESSAGE_LENGTH]


def _echo(argument: Any, states: bool) -> Any:
    """What is sent back of an argument; functions have no state that anybody compares."""
    if states and isinstance(argument, np.random.Generator):
        return state_of(argument)
    return None if holds_function(argument) else argument


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() cannot be answered while your notebook is graded")


def serve(guest: Guest) -> None:
    """Serve the grader until it closes the channel, with `input` disabled and `sys.argv` empty."""
    builtins.input = _no_input
    sys.argv = [""]
    try:
        guest.serve()
    except (WireError, OSError):
        os._exit(1)


def main() -> None:
    """Serve the grader in a spawned process, on systems without a zygote."""
    descriptor, rlimits = int(sys.argv[1]), json.loads(sys.argv[2])
    try:
        from nngrade.worker.confine import limit_resources
    except ImportError:  # `resource` is not on Windows
        pass
    else:
        limit_resources(rlimits)
    plot_stand_in.install()
    serve(Guest(descriptor))


if __name__ == "__main__":
    main()
