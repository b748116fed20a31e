"""Say why a name is unknown when grading although the notebook knows it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nngrade.submissions.program import Program
from nngrade.worker.calls import StudentError

__all__ = ["why_unknown"]

_NAME = re.compile(r"(?:free variable|name|local variable|global name) '(\w+)'")
_MODULE = re.compile(r"No module named '([\w.]+)'")
_MISSING = {"ModuleNotFoundError", "ImportError"}


def why_unknown(
    error: StudentError, program: Program, cell_errors: Mapping[str, StudentError]
) -> str:
    """A sentence that explains an error by what is different from the notebook.

    Parameters
    ----------
    error : StudentError
        The error of a call.
    program : Program
        The submitted program.
    cell_errors : mapping of str to StudentError
        Exceptions that its cells raised, by the cell's label.

    Returns
    -------
    str
        The sentence; empty where there is nothing to explain.
    """
    if error.type in _MISSING and (found := _MODULE.search(error.message)):
        return _not_installed(found[1].split(".")[0])
    found = _NAME.search(error.message) if error.type == "NameError" else None
    origin = program.origins.get(found[1]) if found else None
    if found is None or origin is None:
        return ""
    name = found[1]
    if not origin.number:
        return (
            f"{name} comes from a cell of the course that is not run when your notebook is graded; "
            "make or import it in a cell of your own"
        )
    stopped = cell_errors.get(origin.label)
    if stopped is None:
        return ""
    if stopped.type in _MISSING and (missing := _MODULE.search(stopped.message)):
        module = missing[1].split(".")[0]
        if origin.module == module:
            return (
                f"{name} is imported from {module} in cell {origin.number}; "
                f"{_not_installed(module)}"
            )
    return f"{name} is made in cell {origin.number}, which stopped with {stopped}"


def _not_installed(module: str) -> str:
    return f"{module} is not installed where notebooks are graded; use NumPy instead"
