"""Sanitise text from submissions for terminals, tables and reports."""

from __future__ import annotations

__all__ = ["one_line", "presentable"]


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


def one_line(text: str, longest: int = 2000) -> str:
    """Return the text as a single log line that contains no workflow command.

    GitHub's runner executes log lines that begin with ``::``, and ``##[`` anywhere in a line.
    Newlines are therefore removed, and ``##[`` is broken up.
    """
    return " ".join(presentable(text, longest).split()).replace("##[", "## [")
