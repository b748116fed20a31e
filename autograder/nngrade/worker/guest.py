"""The untrusted side: run cells and calls for the grader, in a process with nothing to find.

Started as ``python -m nngrade.worker.guest FD LIMITS``. It holds the student's code and no check,
reference or expected value. Whatever it says is taken for data: the grader believes none of it.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import json
import linecache
import os
import random
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from nngrade.worker.wire import (
    PREFIX,
    Decoder,
    Encoder,
    Limits,
    NotPlainData,
    WireError,
    decode_frame,
    encode_frame,
    read_prefix,
)

__all__ = ["main"]

MESSAGE_LENGTH = 2000
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


class Guest:
    """Answer the grader's requests, one after the other, until it closes the channel."""

    def __init__(self, descriptor: int) -> None:
        self._channel = os.fdopen(descriptor, "r+b", buffering=0)
        self._limits = Limits()
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        self._namespace = module.__dict__
        self._namespace["display"] = _display
        self._files: dict[str, str] = {}
        self._functions: dict[str, Callable[..., Any]] = {}

    def serve(self) -> None:
        """Handle requests until the channel is closed."""
        while True:
            try:
                message, body = self._receive()
            except EOFError:
                return
            kind = message["op"]
            if kind == "start":
                random.seed(message["seed"])
                np.random.seed(message["seed"] % 2**32)
                self._send({"op": "ready"})
            elif kind == "run":
                error = self._run(message["label"], message["source"])
                # ``accuracy = accuracy(y, y_hat)`` in a scratch cell must not cost the function.
                self._functions.update(
                    (name, value) for name, value in self._namespace.items() if callable(value)
                )
                self._send({"op": "ran", "error": error})
            elif kind == "call":
                self._call(message, body)

    def _run(self, label: str, source: str) -> dict[str, Any] | None:
        """Run one cell; after an error, its later definitions and imports still happen.

        A student's cell can lean on a plot or a variable of a cell that is skipped when grading;
        that must not cost them the function that is defined two lines further down.
        """
        filename = f"<cell {len(self._files) + 1}>"
        self._files[filename] = label
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        try:
            tree = ast.parse(source, filename)
            code = compile(tree, filename, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return self._describe(error)
        try:
            exec(code, self._namespace)
        except BaseException as error:
            described = self._describe(error)
            failed_at = _module_line(error, filename)
            for node in tree.body:
                if node.lineno > failed_at and isinstance(node, _DEFINITIONS):
                    self._run_alone(node, filename, code.co_flags)
            return described
        return None

    def _run_alone(self, node: ast.stmt, filename: str, flags: int) -> None:
        module = ast.Module([node], type_ignores=[])
        futures = flags & __future__.annotations.compiler_flag
        try:
            code = compile(module, filename, "exec", flags=futures, dont_inherit=True)
            exec(code, self._namespace)
        except BaseException:
            return

    def _call(self, message: dict[str, Any], body: memoryview) -> None:
        decoder = Decoder(body, self._limits, self._stand_in, generators=True)
        arguments = decoder.decode(message["args"])
        keywords = decoder.decode(message["kwargs"])
        function = self._functions.get(message["name"])
        if function is None:
            self._send({"op": "missing"})
            return
        try:
            value = function(*arguments, **keywords)
            encoder = Encoder(self._limits)
            answer = {"op": "return", "value": encoder.encode(value), "args": None}
            if message["echo"]:
                # Functions and generators have no state that a check compares.
                plain = [_or_none(argument) for argument in arguments]
                answer["args"] = encoder.encode(plain)
            self._send(answer, encoder)
        except NotPlainData as refusal:
            self._send({"op": "refuse", "message": _clip(str(refusal))})
        except BaseException as error:
            self._send({"op": "raise", "error": self._describe(error)})

    def _stand_in(self, number: int) -> Callable[..., Any]:
        """A function that calls back function `number` of the grader."""

        def function(*args: Any, **kwargs: Any) -> Any:
            encoder = Encoder(self._limits)
            message = {
                "op": "callback",
                "function": number,
                "args": encoder.encode(list(args)),
                "kwargs": encoder.encode(kwargs),
            }
            self._send(message, encoder)
            answer, body = self._receive()
            if answer["op"] == "raise":
                raise ValueError(answer["message"])
            return Decoder(body, self._limits).decode(answer["value"])

        return function

    def _describe(self, error: BaseException) -> dict[str, Any]:
        """What happened, and where in the student's cells."""
        cell, line = "", 0
        if isinstance(error, SyntaxError) and error.filename in self._files:
            cell, line = self._files[error.filename], error.lineno or 0
        traceback = error.__traceback__
        while traceback is not None:
            filename = traceback.tb_frame.f_code.co_filename
            if filename in self._files:
                cell, line = self._files[filename], traceback.tb_lineno
            traceback = traceback.tb_next
        try:
            text = error.msg if isinstance(error, SyntaxError) else str(error)
        except BaseException:
            text = ""
        return {
            "type": _clip(type(error).__name__),
            "message": _clip(text),
            "cell": cell,
            "line": line,
        }

    def _send(self, message: dict[str, Any], encoder: Encoder | None = None) -> None:
        for part in encode_frame(message, encoder.arrays if encoder else (), self._limits):
            view = memoryview(part)
            while view:
                view = view[self._channel.write(view) :]

    def _receive(self) -> tuple[dict[str, Any], memoryview]:
        text, body = read_prefix(bytes(self._read(PREFIX.size)), self._limits)
        return decode_frame(bytes(self._read(text))), memoryview(self._read(body))

    def _read(self, size: int) -> bytearray:
        data = bytearray(size)
        view = memoryview(data)
        while view:
            got = self._channel.readinto(view)
            if not got:
                raise EOFError
            view = view[got:]
        return data


def _module_line(error: BaseException, filename: str) -> int:
    """The line of the cell's own level on which the error came up."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == filename:
            return traceback.tb_lineno
        traceback = traceback.tb_next
    return 0


def _clip(text: Any) -> str:
    return str(text)[:MESSAGE_LENGTH]


def _or_none(argument: Any) -> Any:
    return None if callable(argument) or isinstance(argument, np.random.Generator) else argument


def _display(*values: Any, **_options: Any) -> None:
    for value in values:
        print(value)


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() cannot be answered while your notebook is graded")


def _limit_resources(limits: dict[str, int]) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for name, value in limits.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        _soft, allowed = resource.getrlimit(number)
        # The soft limit of processor time sends SIGXCPU, which tells the grader what happened;
        # the hard one kills, should that be ignored.
        hard = value + 2 if name == "RLIMIT_CPU" else value
        if allowed != resource.RLIM_INFINITY:
            hard = min(hard, allowed)
        resource.setrlimit(number, (min(value, hard), hard))


def main() -> None:
    """Serve the grader on the descriptor named on the command line."""
    descriptor, limits = int(sys.argv[1]), json.loads(sys.argv[2])
    _limit_resources(limits)
    builtins.input = _no_input
    sys.argv = [""]
    try:
        Guest(descriptor).serve()
    except (WireError, OSError):
        os._exit(1)


if __name__ == "__main__":
    main()
