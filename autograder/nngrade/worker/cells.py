"""Run a notebook's cells in one namespace, as a notebook does, but continue after an error."""

from __future__ import annotations
import __future__

import ast
import asyncio
import inspect
import linecache
import sys
import types
from collections.abc import Callable
from typing import Any

from nngrade.worker.magics import as_python

__all__ = ["CellRunner"]

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


# Characters that IPython may read to transform one cell: a second, or less.
_MOST_WORK = 2_000_000


class CellRunner:
    """Runner of a notebook's cells, which owns their namespace.

    Parameters
    ----------
    name : str
        What the cells' file names begin with, which several runners must not have in common.

    Attributes
    ----------
    labels : dict of str to str
        The student's label of each cell, by the cell's file name in tracebacks.
    functions : dict of str to callable
        The last callable value of every name that was callable after some cell. A scratch cell
        with ``accuracy = accuracy(y, y_hat)`` must not cost the student the function.
    """

    def __init__(self, name: str = "cell") -> None:
        self._name = name
        self.labels: dict[str, str] = {}
        self.functions: dict[str, Callable[..., Any]] = {}
        self._module = types.ModuleType("__main__")
        self._namespace = self._module.__dict__
        self._namespace["display"] = _display
        sys.modules["__main__"] = self._module

    def run(self, label: str, source: str) -> BaseException | None:
        """Run one cell; return the exception it raised, or None.

        After an error, the cell's later definitions and imports are still executed. A cell may
        depend on a plot or a variable of a cell that is skipped when grading; that must not cost
        the student a function that is defined two lines further down.
        """
        filename = f"<{self._name} {len(self.labels) + 1}>"
        self.labels[filename] = label
        try:
            source, tree = self._parsed(source, filename)
            linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
            code = compile(tree, filename, "exec", flags=_AWAIT, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return error
        try:
            self._execute(code)
        except BaseException as error:
            failed_at = _module_line(error, filename)
            for node in tree.body:
                if node.lineno > failed_at and isinstance(node, _DEFINITIONS):
                    self._run_alone(node, filename, code.co_flags)
            return error
        finally:
            self.functions.update(
                (name, value) for name, value in self._namespace.items() if callable(value)
            )
        return None

    def _parsed(self, source: str, filename: str) -> tuple[str, ast.Module]:
        """Python source and syntax tree; IPython transforms a cell only if Python rejects it."""
        try:
            return source, ast.parse(source, filename)
        except SyntaxError:
            source = self._transformed(source)
            return source, ast.parse(source, filename)

    def _transformed(self, source: str) -> str:
        if _is_laborious(source):
            return as_python(source)
        try:
            from nngrade.worker.shell import new_shell

            shell = new_shell(self._module)
            self._namespace["get_ipython"] = lambda: shell
            return str(shell.transform_cell(source))  # type: ignore[no-untyped-call]
        except SyntaxError:
            raise
        except Exception:
            # IPython is missing or does not start: remove its syntax instead.
            return as_python(source)

    def _execute(self, code: types.CodeType) -> None:
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(eval(code, self._namespace))
        else:
            exec(code, self._namespace)

    def _run_alone(self, node: ast.stmt, filename: str, flags: int) -> None:
        module = ast.Module([node], type_ignores=[])
        futures = flags & __future__.annotations.compiler_flag
        try:
            code = compile(module, filename, "exec", flags=futures, dont_inherit=True)
            exec(code, self._namespace)
        except BaseException:
            return


def _is_laborious(source: str) -> bool:
    """Whether IPython would take long: it reads the whole cell anew for each line of its syntax."""
    lines = [line.strip() for line in source.split("\n")]
    n_magics = sum(line.startswith(("%", "!")) or line.endswith("?") for line in lines)
    return n_magics * len(source) > _MOST_WORK


def _module_line(error: BaseException, filename: str) -> int:
    """Line of the cell's top-level code from which the error was raised; 0 if there is none."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == filename:
            return traceback.tb_lineno
        traceback = traceback.tb_next
    return 0


def _display(*values: Any, **_options: Any) -> None:
    for value in values:
        print(value)
