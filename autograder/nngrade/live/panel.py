"""How a verdict looks: plain text everywhere, HTML where a notebook shows it.

Colours only repeat what the words say, and the text has those of the notebook's theme, so that the
panel is read in light and dark, at any width, and by a screen reader.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from html import escape

from nngrade.live.verdict import Verdict
from nngrade.text import listed, presentable

__all__ = ["CLASS", "answer_bundle", "bundle", "display", "html", "note_bundle", "text"]

# Stays where a notebook is not trusted, which takes roles and labels away.
CLASS = "nngrade-panel"
_LOOK = (
    "border-left:4px solid {edge};padding:.2em .8em;margin:.2em 0;max-width:60em;"
    "overflow-wrap:break-word;font-family:var(--jp-ui-font-family,sans-serif);"
    "font-size:var(--jp-content-font-size1,14px);line-height:1.5"
)
_EDGES = {"passed": "#2a8a4a", "failed": "#d0453a", "undone": "#8a8a8a", "waiting": "#c08a1e"}
_OF_ANSWERS = {
    "right": _EDGES["passed"],
    "wrong": _EDGES["failed"],
    "malformed": _EDGES["waiting"],
    "noted": _EDGES["undone"],
    "open": _EDGES["undone"],
}
_SPOKEN = {
    "passed": "passed",
    "failed": "failed",
    "undone": "not done yet",
    "waiting": "waiting for another task",
}


def _lines(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """What is said below the title, each with its heading."""
    waiting = verdict.state == "waiting"
    if waiting:
        yield "First", verdict.reason
    else:
        if verdict.message:
            yield "", verdict.message
        if verdict.reason and verdict.reason != verdict.message:
            yield "Why", verdict.reason
    if verdict.example:
        yield "Example", verdict.example
    if verdict.hint:
        yield "Hint", verdict.hint
    if waiting and verdict.message:
        # After the example and the hint, which are the other task's.
        yield f"{verdict.task} itself", verdict.message
    if verdict.meanwhile:
        yield "Meanwhile", f"go on with {listed(verdict.meanwhile)}."


def text(verdict: Verdict) -> str:
    """A verdict as plain text."""
    lines = [verdict.title]
    lines += [f"  {head}: {line}" if head else f"  {line}" for head, line in _lines(verdict)]
    lines += [f"  {line}" for line in verdict.hidden.splitlines()]
    if verdict.progress:
        lines.append(f"  {verdict.progress}")
    return presentable("\n".join(lines))


def html(verdict: Verdict) -> str:
    """A verdict as a small panel."""
    head = f"<strong>{_marked(verdict.title)}</strong>"
    rows = "".join(
        f"<div>{f'<em>{escape(name)}:</em> ' if name else ''}{_marked(line)}</div>"
        for name, line in _lines(verdict)
    )
    rows += "".join(f"<div>{_marked(line)}</div>" for line in verdict.hidden.splitlines())
    end = f'<div style="opacity:.85">{escape(verdict.progress)}</div>' if verdict.progress else ""
    label = escape(f"{verdict.task}: {_SPOKEN[verdict.state]}", quote=True)
    look = _LOOK.format(edge=_EDGES[verdict.state])
    return (
        f'<div class="{CLASS}" role="group" aria-label="{label}" style="{look}">'
        f"{head}{rows}{end}</div>"
    )


def _marked(line: str) -> str:
    """A line as HTML, in which what stands between backticks is code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(presentable(line)))


def bundle(verdict: Verdict) -> dict[str, str]:
    """A verdict as Jupyter displays it: by MIME type."""
    return {"text/plain": text(verdict), "text/html": html(verdict)}


def answer_bundle(state: str, title: str, lines: Sequence[str]) -> dict[str, str]:
    """What is said of an answer to a question, as Jupyter displays it.

    Parameters
    ----------
    state : {"right", "wrong", "malformed", "noted", "open"}
    title : str
    lines : sequence of str
        What is said below the title.
    """
    look = _LOOK.format(edge=_OF_ANSWERS[state])
    rows = "".join(f"<div>{_marked(line)}</div>" for line in lines)
    return {
        "text/plain": presentable("\n".join([title, *(f"  {line}" for line in lines)])),
        "text/html": f'<div class="{CLASS}" role="note" style="{look}">'
        f"<strong>{_marked(title)}</strong>{rows}</div>",
    }


def display(data: dict[str, str]) -> None:
    """Show something by MIME type, where a shell of IPython runs; print its text elsewhere."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(data["text/plain"])
        return
    from IPython.display import display as show

    show(data, raw=True)  # type: ignore[no-untyped-call]


def note_bundle(sentence: str) -> dict[str, str]:
    """A sentence in place of a traceback, as Jupyter displays it."""
    shown = presentable(sentence)
    look = _LOOK.format(edge=_EDGES["undone"])
    return {
        "text/plain": shown,
        "text/html": f'<div class="{CLASS}" role="note" style="{look}">{_marked(sentence)}</div>',
    }
