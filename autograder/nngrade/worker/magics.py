"""Read the text of a notebook cell as IPython does, and turn it into plain Python.

Cells may be indented as a whole, carry the prompts of a terminal (``>>>``, ``In [3]:``), and hold
IPython syntax: ``%matplotlib inline``, ``%%time``, ``!pip list``, ``np.dot?``. IPython's own
transformer reads them. Cell magics are taken off here, since what stands below most of them is
Python that runs in the notebook's own namespace, and the magic itself is irrelevant for grading.

Text that Python reads as it is stays untouched, so a ``%`` inside a string or a formula is safe.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

__all__ = ["WrittenFile", "as_python", "magic_lines", "parse_cell", "python_tree", "written_file"]

# Cell magics whose body is not the notebook's Python.
OTHER_LANGUAGES = frozenset(
    {
        *("bash", "bigquery", "cmd", "cpp", "css", "cython", "file", "fortran", "html"),
        *("javascript", "js", "julia", "latex", "markdown", "matlab", "mermaid", "octave"),
        *("perl", "powershell", "pypy", "python2", "r", "ruby", "script", "sh", "sql", "svg"),
        *("sx", "system", "writefile"),
    }
)
# Maximum number of lines that are repaired one by one; each repair parses the whole cell. Of a long
# cell, fewer lines are: so many that this number of characters is parsed.
MOST_REPAIRS = 20
MOST_PARSED = 200_000
# Maximum number of lines with IPython's syntax in a cell that IPython transforms: for each it reads
# the whole cell anew, a microsecond a character.
MOST_TRANSFORMED = 10

_CELL_MAGIC = re.compile(r"\s*%%(\w[\w.]*)[^\n]*(?:\n|$)")
_LINE_MAGIC = re.compile(r"(\s*)(?:[%!]|\w[\w.]*\?{1,2}\s*$|\?)(?P<rest>.*)")
_TIMED = re.compile(r"%time\s+(?P<statement>.+)")
_CAPTURED = re.compile(r"([\w.,\s()\[\]]+=\s*)[%!].*")
# Lines with IPython's own syntax.
_SYNTAX = re.compile(r"^[ \t]*[%!?,;/]|=[ \t]*[%!]|\?[ \t]*$", re.MULTILINE)
# What IPython takes off: the indentation of a whole cell, and prompts.
_WRAPPED = re.compile(r"\A\s*\n?[ \t]+\S|^[ \t]*(?:>>>|\.\.\.|In \[\d+\]:)", re.MULTILINE)
_WRITE = re.compile(r"\s*%%(?:writefile|file)[ \t]+(?P<append>-a[ \t]+)?(?P<name>[^\n]*)(?:\n|$)")
_MODULE = re.compile(r"(?:\./)?(\w+)\.py")


@dataclass(frozen=True)
class WrittenFile:
    """A module that a cell writes into the working folder with ``%%writefile``.

    Attributes
    ----------
    module : str
        Name of the module.
    source : str
        Its Python source, with the line numbers of the cell.
    appended : bool
        Whether it is appended to what is there.
    """

    module: str
    source: str
    appended: bool


def written_file(source: str) -> WrittenFile | None:
    """Module that a cell writes; None for any other cell."""
    magic = _WRITE.match(source)
    named = _MODULE.fullmatch(magic["name"].strip().strip("\"'")) if magic else None
    if magic is None or named is None:
        return None
    body = "\n" * magic[0].count("\n") + source[magic.end() :]
    return WrittenFile(named[1], f"{body}\n", bool(magic["append"]))


# Cached: a cell is read once to tell what it defines, and again to run it.
@lru_cache(maxsize=64)
def as_python(source: str, transformed: bool = True) -> str:
    """Python source of a cell, with the same line numbers.

    Text that is not Python is returned as it is; a cell magic for another language gives an empty
    string.

    Parameters
    ----------
    source : str
    transformed : bool
        Whether IPython's transformer may read it, which takes time for each line of its syntax
        (`magic_lines` counts them). Without it, such lines are replaced one by one.
    """
    body = _without_cell_magics(source)
    if not body.strip() or parse_cell(body) is not None:
        return body
    found = _transformed(body) if transformed else None
    if found is not None and parse_cell(found) is not None:
        return found
    repaired = _repaired(body)
    # What cannot be read at all is best shown as the student wrote it, but for its indentation.
    return repaired if found is None or parse_cell(repaired) is not None else found


def magic_lines(source: str) -> int:
    """Number of lines with IPython's own syntax, as far as `MOST_TRANSFORMED` and one more."""
    return len(list(islice(_SYNTAX.finditer(source), MOST_TRANSFORMED + 1)))


def _without_cell_magics(source: str) -> str:
    """The source without cell magics, of which one may stand below another."""
    taken = 0
    while magic := _CELL_MAGIC.match(source):
        name = magic[1].lower()
        if name in OTHER_LANGUAGES:
            return ""
        taken += magic[0].count("\n")
        source = source[magic.end() :]
    return "\n" * taken + source


def _transformed(source: str) -> str | None:
    """The source as IPython's transformer gives it; None where IPython has nothing to say."""
    special = magic_lines(source)
    if special > MOST_TRANSFORMED or not (special or _WRAPPED.search(source)):
        return None
    try:
        from IPython.core.inputtransformer2 import TransformerManager

        manager = TransformerManager()  # type: ignore[no-untyped-call]
        found: str = manager.transform_cell(source)
    except Exception:
        # IPython is missing, or the text is no Python.
        return None
    # IPython drops blank lines at the top, which line numbers in messages have to count.
    blank = len(source) - len(source.lstrip())
    return "\n" * source[:blank].count("\n") + found


def _repaired(source: str) -> str:
    """The source with IPython syntax replaced line by line, where Python rejects it."""
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
