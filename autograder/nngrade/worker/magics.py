"""Turn the text of a notebook cell into plain Python.

Cells may contain IPython syntax: ``%matplotlib inline``, ``%%time``, ``!pip list``, ``np.dot?``.
It is irrelevant for grading, but the functions in the same cell are not. A line is replaced only if
Python's parser rejects it and it looks like IPython syntax. A ``%`` inside a string or a formula is
therefore safe.
"""

from __future__ import annotations

import ast
import re
import warnings

__all__ = ["as_python", "parse_cell", "python_tree"]

# Cell magics whose body is Python that runs in the notebook's own namespace.
PYTHON_CELL_MAGICS = frozenset({"time", "timeit", "capture", "prun", "python", "python3"})
# Maximum number of lines that are repaired one by one; each repair parses the whole cell. Of a long
# cell, fewer lines are: so many that this number of characters is parsed.
MOST_REPAIRS = 20
MOST_PARSED = 200_000

_CELL_MAGIC = re.compile(r"\s*%%(\w+)[^\n]*(?:\n|$)")
_LINE_MAGIC = re.compile(r"(\s*)(?:[%!]|\w[\w.]*\?{1,2}\s*$|\?)(?P<rest>.*)")
_TIMED = re.compile(r"%time\s+(?P<statement>.+)")
_CAPTURED = re.compile(r"([\w.,\s()\[\]]+=\s*)[%!].*")


def as_python(source: str) -> str:
    """Python source of a cell, with the same line numbers.

    Text that is not Python is returned as it is; a cell magic for another language gives an empty
    string.
    """
    magic = _CELL_MAGIC.match(source)
    if magic and not source[: magic.start(1) - 2].strip():
        if magic[1] not in PYTHON_CELL_MAGICS:
            return ""
        source = "\n" * magic[0].count("\n") + source[magic.end() :]
    lines = source.split("\n")
    affordable = max(1, MOST_PARSED // max(1, len(source)))
    for _ in range(min(len(lines), MOST_REPAIRS, affordable)):
        try:
            python_tree("\n".join(lines))
        except SyntaxError as error:
            number = (error.lineno or 0) - 1
            repaired = _without_magic(lines[number]) if 0 <= number < len(lines) else None
            if repaired is None:
                # "unexpected indent" and the like are reported below the line to blame.
                number -= 1
                repaired = _without_magic(lines[number]) if 0 <= number < len(lines) else None
            if repaired is None:
                break
            lines[number] = repaired
        except (ValueError, RecursionError, MemoryError):
            break
        else:
            break
    else:
        # Too many repairs: replace all other lines that look like IPython syntax.
        lines = [_without_magic(line) or line for line in lines]
    return "\n".join(lines)


def _without_magic(line: str) -> str | None:
    """The line with IPython syntax replaced by Python; None if it has no IPython syntax."""
    if captured := _CAPTURED.fullmatch(line):
        return f"{captured[1]}None"
    magic = _LINE_MAGIC.fullmatch(line)
    if magic is None:
        return None
    timed = _TIMED.fullmatch(line.strip())
    return magic[1] + (timed["statement"] if timed else "pass")


def python_tree(source: str) -> ast.Module:
    """Syntax tree of a student's Python source, parsed without warnings.

    Python's warnings ("invalid escape sequence") are for the student, in the notebook. On the
    grader's terminal, nobody could tell whose code they are about.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        If the source cannot be parsed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def parse_cell(source: str) -> ast.Module | None:
    """Syntax tree of a student's Python source; None if it cannot be parsed."""
    try:
        return python_tree(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
