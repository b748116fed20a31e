"""Text from a submission, made fit for terminals, tables and reports."""

from __future__ import annotations

__all__ = ["one_line", "presentable"]


def presentable(text: str, longest: int = 2000) -> str:
    """The text without control characters, of a length that can be read.

    Escape codes, characters that turn the direction of writing and lone surrogates have no place
    in what others read.
    """
    clean = text[: longest + 1].encode("utf-8", "replace").decode("utf-8")
    clean = "".join(
        one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in clean
    )
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"


def one_line(text: str, longest: int = 2000) -> str:
    """The text as one line of a log, in which no program finds an order to itself.

    GitHub's runner obeys lines of a log that begin with ``::``, and ``##[`` anywhere in a line.
    """
    return " ".join(presentable(text, longest).split()).replace("##[", "## [")
