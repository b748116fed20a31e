"""Sanitise text from submissions for terminals, tables and reports, and wrap sentences."""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Iterable

__all__ = [
    "amount",
    "closest",
    "listed",
    "one_line",
    "presentable",
    "put_between",
    "short_numbers",
    "with_article",
    "wrapped",
]

_LONG_NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?:[eE][+-]?\d+)?(?![\w.]*\w)")


def amount(count: int, what: str) -> str:
    """A number with its noun: ``1 check``, ``2 checks``, ``2 entries``."""
    if count == 1:
        return f"{count} {what}"
    return f"{count} {re.sub(r'(?<=[^aeiou])y$', 'ie', what)}s"


def listed(words: Iterable[str], last: str = "or") -> str:
    """Words in a row: ``a``, ``a or b``, ``a, b or c``."""
    *most, final = words
    return f"{', '.join(most)} {last} {final}" if most else final


def with_article(noun: str) -> str:
    """A noun with its article: ``a ValueError``, ``an IndexError``."""
    return f"{'an' if noun[:1].lower() in tuple('aeiou') else 'a'} {noun}"


def put_between(text: str, begin: str, end: str, new: str) -> str | None:
    """Text in which `new` stands between two marks; None where a mark is missing."""
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    return f"{before}{begin}\n\n{new}\n\n{end}{after}" if found and closed else None


def short_numbers(text: str) -> str:
    """Text whose numbers have six digits at most, as long as different numbers stay different.

    Examples
    --------
    >>> short_numbers("0.1 + 0.2 is 0.30000000000000004, and should be 0.5")
    '0.1 + 0.2 is 0.3, and should be 0.5'
    >>> short_numbers("the worst is 1.0000000002, not 1.0")
    'the worst is 1.0000000002, not 1.0'
    """
    shorter = {one: _six_digits(one) for one in _LONG_NUMBER.findall(text)}
    # The numbers that each would be told as: more than one would look the same.
    told_as: dict[float, set[float]] = {}
    for one, short in shorter.items():
        told_as.setdefault(float(short), set()).add(float(one))

    def shown(found: re.Match[str]) -> str:
        short = shorter[found[0]]
        return short if len(told_as[float(short)]) == 1 else found[0]

    return _LONG_NUMBER.sub(shown, text)


def _six_digits(number: str) -> str:
    digits = re.sub(r"[eE].*|\.", "", number).lstrip("0")
    return number if len(digits) <= 6 else f"{float(number):.6g}"


def wrapped(text: str, width: int) -> str:
    """A sentence in lines of at most `width` characters, of which all but the first are indented.

    No word is broken, so that a path can be copied. Further lines of the text, such as those of a
    diff, stay as they are.
    """
    first, newline, rest = text.partition("\n")
    lines = textwrap.fill(
        first,
        width,
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines + newline + rest


def presentable(text: str, longest: int = 2000) -> str:
    """Replace unprintable characters, except newlines, and shorten the text.

    Unprintable characters include escape codes, characters that change the direction of writing,
    and lone surrogates.

    Parameters
    ----------
    text : str
        Untrusted text.
    longest : int
        Maximum number of characters; longer text is cut and ends in an ellipsis.

    Returns
    -------
    str
        Text that is safe to show.
    """
    clean = text[: longest + 1].encode("utf-8", "replace").decode("utf-8")
    clean = "".join(
        one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in clean
    )
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"


def closest(word: str, words: Iterable[str]) -> str:
    """The one of some words that is most like another, or an empty text where none is."""
    return next(iter(difflib.get_close_matches(word, list(words), 1)), "")


def one_line(text: str, longest: int = 2000) -> str:
    """Return the text as a single log line that contains no workflow command.

    GitHub's runner executes log lines that begin with ``::``, and ``##[`` anywhere in a line.
    Newlines are therefore removed, and ``##[`` is broken up.
    """
    return " ".join(presentable(text, longest).split()).replace("##[", "## [")
