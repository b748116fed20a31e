"""Probes: inputs on which a task's functions are compared, drawn by the task's own checks.

The inputs of a check are chosen to distinguish right from wrong. The checks are therefore run once
with the reference in the student's place, and its calls are recorded as probes. The probes are the
same for all students, hence their seed is not that of grading.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

from nngrade.course.checks import Check
from nngrade.course.data import Data
from nngrade.course.seeds import generator
from nngrade.course.stages import Stage
from nngrade.grading.budget import LineBudget, TooLongError
from nngrade.grading.checking import run_check
from nngrade.grading.recording import Recorder, can_repeat, size_of
from nngrade.worker.calls import CallOutcome, CallRequest, RecordedCall, Returned
from nngrade.worker.wire import holds_function

__all__ = ["probes_of"]

# Limits on a probe: lines that the reference runs, and bytes of its arguments. A probe must be
# fast, also with a wrong function.
MOST_LINES = 3000
MOST_BYTES = 200_000
# Of one check, and of all checks of a task after they were thinned out.
MOST_RECORDED, MOST_PROBES = 160, 96


def probes_of(stage: Stage, task: str, secret: bytes, data: Data) -> list[RecordedCall]:
    """Record the calls of a task's function in its hidden checks, with the reference's outcomes.

    Parameters
    ----------
    stage : Stage
        The stage.
    task : str
        Name of the task.
    secret : bytes
        The course's secret.
    data : Data
        Image data; checks that use it are skipped.

    Returns
    -------
    list of RecordedCall
        At most `MOST_PROBES` calls.
    """
    found: list[list[RecordedCall]] = []
    for check in stage.checks:
        if check.task != task or check.function is None or check.uses_data:
            continue
        recorder = _ProbeRecorder(stage, check)
        rng = generator(secret, "diagnosis", stage.name, check.id)
        try:
            run_check(check, stage, recorder, rng, data)
        except Exception:
            continue  # the reference fails: there are no outcomes to compare with
        if recorder.probes:
            found.append(recorder.probes)
    return [probe for probes in found for probe in _spread(probes, MOST_PROBES // len(found))]


def _spread(probes: list[RecordedCall], most: int) -> list[RecordedCall]:
    """So many of a check's probes, evenly spread: each of its loops is worth a few."""
    if len(probes) <= most:
        return probes
    return [probes[at * (len(probes) - 1) // (most - 1)] for at in range(most)]


class _ProbeRecorder(Recorder):
    """Recorder of the reference, whose short calls of the task's function become probes."""

    def __init__(self, stage: Stage, check: Check) -> None:
        super().__init__(stage.reference.namespace, self._may_be_probe)
        self.probes: list[RecordedCall] = []
        self._check = check
        self._lesson = str(stage.lesson.path)
        self._is_short = True

    def _may_be_probe(self, request: CallRequest) -> bool:
        return (
            request.name == self._check.task
            and len(self.probes) < MOST_RECORDED
            and can_repeat((list(request.calls), request.kwargs))
        )

    def _observed(self, request: CallRequest) -> tuple[list[Returned], Exception | None]:
        """Call the reference, counting the lines that it runs."""
        budget = LineBudget(MOST_LINES, self._lesson)
        before = sys.gettrace()
        sys.settrace(budget)
        try:
            returned = super()._observed(request)
        except TooLongError:
            sys.settrace(before)
            returned = super()._observed(request)
        finally:
            sys.settrace(before)
        self._is_short = budget.left > 0
        return returned

    def _note(self, request: CallRequest, args: tuple[Any, ...], outcome: CallOutcome) -> None:
        if self._is_short and size_of(args) < MOST_BYTES:
            # A worker does not send back arguments that contain functions.
            after = [None if holds_function(one) else one for one in outcome.after or []]
            expected = replace(outcome, after=after)
            probe = RecordedCall(
                args,
                request.kwargs,
                request.through,
                expected,
                self._check.name,
                request.float_errors,
            )
            self.probes.append(probe)
