"""Turn the text of a notebook cell into plain Python.

Cells may hold what only IPython understands: ``%matplotlib inline``, ``%%time``, ``!pip list``,
``np.dot?``. When grading none of it matters, but the function that stands beside it does. Python's
own parser says which line it cannot read; only such a line, and only if it looks like IPython's
syntax, is replaced. A ``%`` inside a string or a formula is therefore safe.
"""

from __future__ import annotations

import ast
import re
import warnings

__all__ = ["as_python", "parse_cell", "python_tree"]

# Cell magics whose body is Python that runs in the notebook's own namespace.
PYTHON_CELL_MAGICS = frozenset({"time", "timeit", "capture", "prun", "python", "python3"})
# Lines repaired one by one, each of which costs a look at the whole cell.
MOST_REPAIRS = 20

_CELL_MAGIC = re.compile(r"\s*%%(\w+)[^\n]*(?:\n|$)")
_LINE_MAGIC = re.compile(r"(\s*)(?:[%!]|\w[\w.]*\?{1,2}\s*$|\?)(?P<rest>.*)")
_TIMED = re.compile(r"%time\s+(?P<statement>.+)")
_CAPTURED = re.compile(r"([\w.,\s()\[\]]+=\s*)[%!].*")


def as_python(source: str) -> str:
    """The cell's Python, line for line, or the text as it is where it is not Python at all."""
    magic = _CELL_MAGIC.match(source)
    if magic and not source[: magic.start(1) - 2].strip():
        if magic[1] not in PYTHON_CELL_MAGICS:
            return ""
        source = "\n" * magic[0].count("\n") + source[magic.end() :]
    lines = source.split("\n")
    for _ in range(min(len(lines), MOST_REPAIRS)):
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
        # So many of them: the rest is judged by its looks alone.
        lines = [_without_magic(line) or line for line in lines]
    return "\n".join(lines)


def _without_magic(line: str) -> str | None:
    """The line with Python in the place of IPython's syntax; None where it has none."""
    if captured := _CAPTURED.fullmatch(line):
        return f"{captured[1]}None"
    magic = _LINE_MAGIC.fullmatch(line)
    if magic is None:
        return None
    timed = _TIMED.fullmatch(line.strip())
    return magic[1] + (timed["statement"] if timed else "pass")


def python_tree(source: str) -> ast.Module:
    """The syntax tree of a student's Python.

    Python's remarks ("invalid escape sequence") are for the student, in the notebook: on the
    grader's terminal nobody could tell whose they are.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def parse_cell(source: str) -> ast.Module | None:
    """The syntax tree of Python source; None where it does not parse."""
    try:
        return python_tree(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
