"""Run a notebook's cells in one namespace, as a notebook does, but continue after an error."""

from __future__ import annotations
import __future__

import ast
import asyncio
import builtins
import importlib
import inspect
import linecache
import os
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nngrade.worker.magics import WrittenFile, as_python, written_file

__all__ = ["CellRunner"]

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


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
        The last callable value of every name that was callable after some cell, or that a cell
        defines as a function. A scratch cell with ``accuracy = accuracy(y, y_hat)`` must not cost
        the student the function.
    """

    def __init__(self, name: str = "cell") -> None:
        self._name = name
        self.labels: dict[str, str] = {}
        self.functions: dict[str, Callable[..., Any]] = {}
        self._module = types.ModuleType("__main__")
        self._namespace = self._module.__dict__
        self._namespace["display"] = _display
        self._namespace["get_ipython"] = self._get_ipython
        self._shell: Any = None
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
            if (written := written_file(source)) is not None:
                self._write(written, label)
                return None
            source = as_python(source)
            tree = ast.parse(source, filename)
            linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
            code = compile(tree, filename, "exec", flags=_AWAIT, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError, OSError) as error:
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
            self._remember(tree, filename, code.co_flags)
        return None

    def settle(self, names: Iterable[str]) -> list[str]:
        """Bind names to their last function again, where they stand for something else by now.

        Parameters
        ----------
        names : iterable of str

        Returns
        -------
        list of str
            Those that are functions.
        """
        found = []
        for name in names:
            if not callable(self._namespace.get(name)):
                if name in self.functions:
                    self._namespace[name] = self.functions[name]
                elif callable(getattr(builtins, name, None)):
                    self._namespace.pop(name, None)
            if name in self.functions:
                found.append(name)
        return found

    @contextmanager
    def lent(self, functions: Mapping[str, Callable[..., Any]]) -> Iterator[None]:
        """Let other functions stand for some of the program's own, by name."""
        own = {name: self._namespace[name] for name in functions if name in self._namespace}
        self._namespace.update(functions)
        try:
            yield
        finally:
            for name in functions:
                self._namespace.pop(name, None)
            self._namespace.update(own)

    def _remember(self, tree: ast.Module, filename: str, flags: int) -> None:
        """Note the functions that there are after a cell."""
        self.functions.update(
            (name, value) for name, value in self._namespace.items() if callable(value)
        )
        for node in tree.body:
            if isinstance(node, _FUNCTIONS) and node.name in self._namespace:
                value = self._namespace[node.name]
                if not callable(value):
                    # The cell uses the name again, for what its function returned.
                    self._run_alone(node, filename, flags)
                    if callable(function := self._namespace[node.name]):
                        self.functions[node.name] = function
                    self._namespace[node.name] = value

    def _write(self, written: WrittenFile, label: str) -> None:
        """Write a module into the working folder, from which later cells may import it."""
        path = os.path.abspath(f"{written.module}.py")
        with open(path, "a" if written.appended else "w", encoding="utf-8") as file:
            file.write(written.source)
        if written.appended:
            # Its lines are not those of one cell any more.
            self.labels.pop(path, None)
        else:
            self.labels[path] = label
        importlib.invalidate_caches()
        if os.getcwd() not in sys.path:
            sys.path.append(os.getcwd())

    def _get_ipython(self) -> Any:
        """Shell of the notebook, which starts when it is first asked for."""
        if self._shell is None:
            try:
                from nngrade.worker.shell import new_shell

                self._shell = new_shell(self._module)
            except Exception:
                self._shell = _NoShell()
        return self._shell

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


class _NoShell:
    """What stands in for IPython's shell where there is none: all that it is asked is done."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_arguments, **_options: None


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
