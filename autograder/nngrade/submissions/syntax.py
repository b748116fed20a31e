"""Say in a student's terms why Python cannot read a cell."""

from __future__ import annotations

import re
import sys

from nngrade.worker.magics import python_tree

__all__ = ["syntax_error"]

_MARKER = re.compile(r"^(<{7}|={7}|>{7})(?: .*)?$", re.MULTILINE)


def syntax_error(source: str, python: str | None = None) -> str:
    """Place and reason of a syntax error, to be put behind the number of the cell.

    Parameters
    ----------
    source : str
        Source of the cell, which cannot be parsed.
    python : str or None
        Version of Python that the notebook says it was run with.
    """
    if marker := _MARKER.search(source):
        line = source[: marker.start()].count("\n") + 1
        return (
            f", line {line}: {marker[1]} is a marker of a merge that git could not finish; keep "
            "one of the two versions and delete the lines with markers"
        )
    try:
        python_tree(source)
    except SyntaxError as error:
        return f", line {error.lineno}: {error.msg}{_of_newer_python(error, python)}"
    except (ValueError, RecursionError, MemoryError) as error:
        return f": {error}"
    return ""


def _of_newer_python(error: SyntaxError, python: str | None) -> str:
    """A remark where a newer Python than this one may read the cell."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    newer = tuple(map(int, python.split(".")[:2])) > sys.version_info[:2] if python else False
    if sys.version_info < (3, 12) and (error.msg or "").startswith("f-string"):
        return (
            f". It is graded with Python {here}, in which the braces of an f-string may hold "
            "neither the quotes that enclose it nor a backslash; use the other kind of quotes, or "
            "compute the value on a line of its own"
        )
    if newer:
        return (
            f". Your notebook was run with Python {python}, and is graded with {here}, which may "
            "not know what you wrote; write it as older versions of Python do"
        )
    return ""
