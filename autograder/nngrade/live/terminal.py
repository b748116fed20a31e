"""What the panels say, in a terminal: once, or again at each save."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from nngrade.live.check import check_notebook
from nngrade.live.panel import text
from nngrade.live.verdict import Verdict
from nngrade.text import amount, wrapped

__all__ = ["Standing", "check", "find_notebooks", "practise", "standings"]

ASSIGNMENTS = "assignments"
WORDS = {
    "passed": "passes",
    "failed": "FAILS",
    "undone": "not done yet",
    "waiting": "not done yet",
}
# With names, tasks and points, a line is no longer than 80 columns.
BAR = 12
NAME = 29
# How often the notebooks are looked at, in seconds.
EVERY = 0.5


@dataclass(frozen=True)
class Standing:
    """How a task stands.

    Attributes
    ----------
    task : str
    state : str
        As of a `Verdict`.
    said : str
        What is said of it: the lines of its panel.
    points, of : float or None
        Points, where hidden checks were asked.
    """

    task: str
    state: str
    said: str
    points: float | None = None
    of: float | None = None

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return self.state == "passed" and self.points == self.of


Judge = Callable[[Path], list[Standing]]


def standings(path: Path, seconds: float) -> list[Standing]:
    """How the tasks of a notebook stand by its visible tests.

    Raises
    ------
    OSError, ValueError
        If the notebook cannot be read.
    """
    return [_standing(verdict) for verdict in check_notebook(path, seconds)]


def _standing(verdict: Verdict) -> Standing:
    lines = text(verdict).splitlines()
    said = [line for line in lines if line.strip() != verdict.progress]
    return Standing(verdict.task, verdict.state, "\n".join(said))


def find_notebooks(names: Sequence[str], folder: Path) -> list[Path]:
    """The notebooks of the named stages, of which the start of a name is enough, or all of them.

    Parameters
    ----------
    names : sequence of str
        Names of stages, or paths of notebooks.
    folder : Path
        Holds ``assignments/STAGE/STAGE.ipynb``, or is such a folder of stages itself.

    Raises
    ------
    ValueError
        If there is no such stage or notebook.
    """
    home = folder / ASSIGNMENTS if (folder / ASSIGNMENTS).is_dir() else folder
    there = sorted(home.glob("*/*.ipynb"))
    there = [one for one in there if one.stem == one.parent.name] or there
    if not names and not there:
        raise ValueError(f"there is no notebook in {home}; go to the folder of the course")
    found = []
    for name in names:
        path = Path(name)
        fitting = [path] if path.suffix == ".ipynb" and path.is_file() else []
        fitting = fitting or [one for one in there if one.parent.name.startswith(name)]
        if not fitting:
            known = ", ".join(sorted({one.parent.name for one in there})) or "none"
            raise ValueError(f"there is no stage or notebook {name!r}; stages: {known}")
        found.extend(fitting)
    return found or there


def check(arguments: Sequence[str], folder: Path) -> int:
    """Check notebooks once, as ``check.py`` does.

    Parameters
    ----------
    arguments : sequence of str
        The command line.
    folder : Path
        That of the hand-out.

    Returns
    -------
    int
        0 if no task fails, 1 if one does, 2 if a notebook cannot be read.
    """
    parser = argparse.ArgumentParser(
        prog="check.py", description="Run the visible tests of your notebooks."
    )
    parser.add_argument("stage", nargs="*", help="a stage or a notebook (default: all stages)")
    parser.add_argument("--seconds", type=float, default=30, help="the most for one cell")
    options = parser.parse_args(arguments)
    width = shutil.get_terminal_size().columns
    try:
        paths = find_notebooks(options.stage, folder)
    except ValueError as error:
        return _said(str(error))
    code = 0
    for path in paths:
        print(path.parent.name, flush=True)
        try:
            found = standings(path, options.seconds)
        except (OSError, ValueError, RecursionError) as error:
            code = _said(f"{path} cannot be read as a notebook: {error}")
            continue
        if not found:
            code = _said(f"{path} has no visible tests in it; start again from the original")
            continue
        _show(found, width)
        if any(one.state == "failed" for one in found):
            code = max(code, 1)
    return code


def _said(message: str) -> int:
    print(f"check.py: {message}", file=sys.stderr)
    return 2


def _show(found: Sequence[Standing], width: int) -> None:
    longest = max(len(one.task) for one in found)
    for one in found:
        title, _, rest = one.said.partition("\n")
        word = WORDS[one.state]
        if one.state == "failed":
            how = title[1:].strip().removeprefix(one.task).lstrip(": ")
            word = f"{word}: {how}"
        print(f"  {one.task:{longest}}  {word}")
        if one.state in ("failed", "waiting"):
            print(indented(rest, width))
    states = [WORDS[one.state] for one in found]
    passing, failing, left = (states.count(one) for one in ("passes", "FAILS", "not done yet"))
    print(f"  {passing} of {len(states)} tasks pass, {failing} fail, {left} are to be done\n")


def indented(said: str, width: int, by: str = "    ") -> str:
    """Lines of a panel, wrapped and indented; what is below another line stays there."""
    lines = []
    for one in dedent(said).splitlines():
        text = one.strip()
        lead = by + " " * (len(one) - len(one.lstrip()))
        lines += [lead + line for line in wrapped(text, max(width - len(lead), 20)).splitlines()]
    return "\n".join(lines)


def practise(
    paths: Sequence[Path],
    judge: Judge,
    say: Callable[[str], None] = print,
    once: bool = False,
    wait: Callable[[float], None] = time.sleep,
) -> bool:
    """Say what to do next, again whenever a notebook is saved, until all is done.

    Parameters
    ----------
    paths : sequence of Path
        The notebooks, in the order of the course.
    judge : callable
        From a notebook's path to how its tasks stand.
    say : callable
        Takes each line.
    once : bool
        Whether to stop after having looked once.
    wait : callable
        Waits for some seconds.

    Returns
    -------
    bool
        Whether all is done.

    Raises
    ------
    ValueError
        If none can be read, and it is to look once only.
    """
    stamps: dict[Path, float] = {}
    known: dict[Path, list[Standing]] = {}
    while True:
        changed = [path for path in paths if _stamp(path) != stamps.get(path)]
        for path in changed:
            stamps[path] = _stamp(path)
            before = known.get(path)
            try:
                found = judge(path)
            except (OSError, ValueError, RecursionError) as error:
                say(f"{path} cannot be read as a notebook now: {error}")
                continue
            if not found:
                say(f"{path} has no visible tests in it; start again from the original")
                continue
            known[path] = found
            for line in _won(before, found):
                say(line)
        # What is being written is read again when it is complete.
        done = all(path in known and all(one.done for one in known[path]) for path in paths)
        if changed and known:
            for line in _overview(paths, known, done):
                say(line)
        if once and not known:
            raise ValueError("no notebook could be tried")
        if done or once:
            return done
        wait(EVERY)


def _stamp(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _won(before: Sequence[Standing] | None, now: Sequence[Standing]) -> list[str]:
    """What has got better since the last save, and what has got worse."""
    if before is None:
        return []
    old = {one.task: one for one in before}
    lines = []
    for one in now:
        was = old.get(one.task)
        if was is None:
            continue
        if one.done and not was.done:
            worth = f", for {_points(one.of)}" if one.of is not None else ""
            lines.append(f"★ {one.task} is done{worth}.")
        elif was.done and not one.done:
            lines.append(f"▼ {one.task} was done, and is not any more.")
        elif one.points is not None and was.points is not None and one.points > was.points:
            more = f"{one.points - was.points:g} more of {_points(one.of or 0.0)}"
            lines.append(f"★ {more} in {one.task}.")
    return lines


def _points(number: float) -> str:
    return f"{number:g} point{'' if number == 1 else 's'}"


def _overview(paths: Sequence[Path], known: dict[Path, list[Standing]], done: bool) -> list[str]:
    width = min(shutil.get_terminal_size().columns, 100)
    everything = [one for path in paths for one in known.get(path, ())]
    lines = ["─" * min(width, 80)]
    for path in paths:
        found = known.get(path, [])
        if found:
            lines.append(_line(path.parent.name, found))
    if len(paths) > 1:
        lines.append(_line("all stages", everything))
    for path in paths:
        left = [one for one in known.get(path, ()) if not one.done]
        if left:
            following = next((one for one in left if one.state == "failed"), left[0])
            lines += ["", f"Next, in {path.parent.name}:"]
            lines.append(indented(following.said, width, "  "))
            break
    if done:
        lines += ["", "All done. ★"]
    return lines


def _line(name: str, found: Sequence[Standing]) -> str:
    done = sum(one.done for one in found)
    filled = BAR * done // max(len(found), 1)
    bar = "█" * filled + "░" * (BAR - filled)
    line = f"{name:<{NAME}} {bar} {done} of {amount(len(found), 'task')}"
    asked = [one for one in found if one.points is not None and one.of is not None]
    if asked:
        points = sum(one.points or 0.0 for one in asked)
        line += f", {points:g} of {sum(one.of or 0.0 for one in asked):g} points"
    return line
