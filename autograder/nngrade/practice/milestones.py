"""Run milestones on a student's functions alone.

What a milestone is, the course says (`nngrade.course.milestones`): which functions it needs, what
it does with them, when it is reached, and how it is drawn. All of a student's code runs in a
worker, and the part of the milestone that calls it, too; judging and drawing stay in this process,
which takes what comes back for plain data and no more.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from nngrade.course.data import Data
from nngrade.course.milestones import MODULE, milestones
from nngrade.errors import NngradeError
from nngrade.extras import install_command, is_importable
from nngrade.grading.session import Session
from nngrade.limits import WorkerLimits
from nngrade.practice.functions import OwnStage
from nngrade.submissions.program import Program, ProgramCell
from nngrade.text import presentable
from nngrade.worker.calls import CallRefused, CallRequest, MissingFunction, StudentError
from nngrade.worker.host import WorkerFault
from nngrade.worker.sandbox import Sandbox

__all__ = ["MilestoneReport", "run_milestones"]

# For what a milestone does with a student's functions, by the clock and of processor time.
SECONDS = 300.0

_FIRST = "from nngrade.worker.side_by_side import SideBySide\n\nside = SideBySide()\n"


@dataclass(frozen=True)
class MilestoneReport:
    """What came of a milestone.

    Attributes
    ----------
    name, title, story : str
        As the milestone has them.
    state : {"reached", "not reached", "not yet"}
        Not yet: a function is missing.
    told : tuple of str
        Sentences for the student.
    picture : Path or None
        Where its picture is.
    """

    name: str
    title: str
    story: str
    state: Literal["reached", "not reached", "not yet"]
    told: tuple[str, ...]
    picture: Path | None = None


def run_milestones(
    stages: Sequence[OwnStage], data: Data, sandbox: Sandbox, limits: WorkerLimits, folder: Path
) -> Iterator[MilestoneReport]:
    """Run all milestones, one after the other.

    Parameters
    ----------
    stages : sequence of OwnStage
        The student's notebooks.
    data : Data
        The images.
    sandbox : Sandbox
    limits : WorkerLimits
        Those of a submission; a milestone has more time.
    folder : Path
        Where pictures go; made when there is one.

    Raises
    ------
    NngradeError
        If a picture cannot be written.
    """
    for number, one in enumerate(milestones()):
        told, runnable = _readiness(one, stages)
        if not runnable:
            yield MilestoneReport(one.name, one.title, one.story, "not yet", tuple(told))
            continue
        try:
            found = _found(number, one, stages, data, sandbox, limits)
            outcome = one.judge(found, data.images)
        except _NotFound as error:
            told.append(str(error))
            yield MilestoneReport(one.name, one.title, one.story, "not reached", tuple(told))
            continue
        except Exception as error:
            # The student's functions may return anything.
            told.append(f"What came out cannot be used: {_one_line(error)}")
            yield MilestoneReport(one.name, one.title, one.story, "not reached", tuple(told))
            continue
        told.append(outcome.told)
        picture, remark = _picture(one, found, data, folder)
        yield MilestoneReport(
            one.name,
            one.title,
            one.story,
            "reached" if outcome.reached else "not reached",
            (*told, remark) if remark else tuple(told),
            picture,
        )


class _NotFound(Exception):
    """The functions did not get through; the text says why."""


def _readiness(milestone: Any, stages: Sequence[OwnStage]) -> tuple[list[str], bool]:
    """What is to be said of the functions that a milestone needs, and whether all are there."""
    lacking: dict[str, list[str]] = {}
    wrong: list[str] = []
    for prefix, names in milestone.needs.items():
        own = _stage(prefix, stages)
        states = {one.task: one.state for one in own.tasks} if own is not None else {}
        for name in names:
            if own is None:
                why = "no notebook of it is here"
            elif name not in states and name not in own.given:
                why = "not in this edition"
            elif states.get(name) == "missing":
                why = "not done yet"
            else:
                wrong += [f"{name} of {prefix}"] if states.get(name) == "wrong" else []
                continue
            lacking.setdefault(f"{prefix}, {why}", []).append(name)
    if lacking:
        listed = (f"{', '.join(names)} ({why})" for why, names in lacking.items())
        return [f"It needs {'; '.join(listed)}."], False
    return [f"Still wrong, and used all the same: {', '.join(wrong)}."] if wrong else [], True


def _stage(prefix: str, stages: Sequence[OwnStage]) -> OwnStage | None:
    return next((one for one in stages if one.stage.startswith(prefix)), None)


def _found(
    number: int,
    milestone: Any,
    stages: Sequence[OwnStage],
    data: Data,
    sandbox: Sandbox,
    limits: WorkerLimits,
) -> dict[str, Any]:
    """What a milestone's `run` returns with the student's functions."""
    program = _program(number, milestone, stages)
    longer = replace(limits, check_seconds=SECONDS, cpu_seconds=max(limits.cpu_seconds, 600))
    inputs = milestone.inputs(data.images)
    with Session(program, sandbox, longer, seed=number, extra_mib=data.size_mib) as session:
        try:
            session.prepare(longer)
            session.begin(SECONDS, None)
            returned, error = session.carry_out(CallRequest("milestone", [inputs]))
        except WorkerFault as fault:
            raise _NotFound(f"Your functions did not get through: {fault}.") from None
    if isinstance(error, StudentError | CallRefused | MissingFunction):
        raise _NotFound(f"Your functions did not get through: {_one_line(error)}.")
    value = returned[0][0]
    if isinstance(value, dict) and isinstance(value.get("found"), dict):
        return dict(value["found"])
    said = value.get("error") if isinstance(value, dict) else None
    raise _NotFound(f"Your functions did not get through: {_one_line(said)}.")


def _program(number: int, milestone: Any, stages: Sequence[OwnStage]) -> Program:
    """The needed stages' cells, each stage in a namespace of its own, and the call."""
    cells = [ProgramCell("given", _FIRST, True)]
    for prefix in milestone.needs:
        own = _stage(prefix, stages)
        for cell in own.cells if own is not None else ():
            source = f"side.run({prefix!r}, {cell.label!r}, {cell.source!r})"
            cells.append(ProgramCell(f"{cell.label} of {prefix}", source, cell.given))
    last = (
        f"from {MODULE} import MILESTONES\n\n\n"
        f"def milestone(*inputs):\n"
        f"    one = MILESTONES[{number}]\n"
        f"    return side.call(one.run, one.needs, *inputs)\n"
    )
    cells.append(ProgramCell("given", last, True))
    return Program(tuple(cells), frozenset(), frozenset(), {}, {}, ())


def _picture(
    milestone: Any, found: dict[str, Any], data: Data, folder: Path
) -> tuple[Path | None, str]:
    """Draw a picture; return where it is, or a sentence on why there is none."""
    if not is_importable("matplotlib"):
        return None, f"A picture needs matplotlib; install it with: {install_command('plots')}"
    import matplotlib as mpl

    mpl.use("agg")
    path = folder / f"{milestone.name}.png"
    try:
        figure = milestone.draw(found, data.images)
    except Exception as error:
        return None, f"There is no picture of it: {_one_line(error)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=150)
    except OSError as error:
        raise NngradeError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        with suppress(Exception):
            importlib.import_module("matplotlib.pyplot").close(figure)
    return path, ""


def _one_line(said: object) -> str:
    text = str(said) or type(said).__name__
    return " ".join(presentable(text, 400).split())
