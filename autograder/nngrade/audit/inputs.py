"""Which kinds of inputs the checks of a task have tried: a floor below which mistakes can hide.

The calls that the checks make are recorded with a few seeds. Each argument that holds arrays must
have been seen with fractions, negative numbers and zeros, column-major, strided and read-only; one
with two axes as a square and otherwise, and an argument with a default value left out and given
another value. Where a text excludes a kind, ``solutions/STAGE/untried_inputs.toml`` says so::

    [count_params.layer_sizes]
    negative = "a layer has at least one neuron"
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nngrade.audit.judge import lost
from nngrade.audit.reviewed import read_toml
from nngrade.course.data import Data
from nngrade.course.stages import Stage
from nngrade.errors import LessonError, Problem
from nngrade.grading.recording import Recorder
from nngrade.worker.calls import RecordedCall

__all__ = ["KINDS", "Untried", "excluded_inputs", "untried_inputs"]

SEEDS = 3
FILE = "untried_inputs.toml"

_Array = np.ndarray[Any, Any]

# The kinds of arrays: what each is called, and whether an array is of the kind.
KINDS: dict[str, Callable[[_Array], bool]] = {
    "fractional": lambda one: bool(np.any(one != np.round(one))),
    "negative": lambda one: bool(np.any(one < 0)),
    "zero": lambda one: bool(np.any(one == 0)),
    "square": lambda one: one.ndim == 2 and one.shape[0] == one.shape[1] > 1,
    "not square": lambda one: one.ndim == 2 and one.shape[0] != one.shape[1],
    "column-major": lambda one: one.flags.f_contiguous and not one.flags.c_contiguous,
    "strided": lambda one: not one.flags.f_contiguous and not one.flags.c_contiguous,
    "read-only": lambda one: not one.flags.writeable,
}
OF_FLOATS = ("fractional", "negative", "zero")
OF_TABLES = ("square", "not square", "column-major")
OF_ALL = ("strided", "read-only")
LEFT_OUT, GIVEN = "left out", "given"


@dataclass(frozen=True)
class Untried:
    """A kind of input that no check of a task tries.

    Attributes
    ----------
    task, argument : str
    kind : str
        A name in `KINDS`; ``left out`` or ``given`` for an argument that has a default value.
    """

    task: str
    argument: str
    kind: str


def untried_inputs(stage: Stage, task: str, data: Data) -> tuple[Untried, ...]:
    """The kinds of inputs that the checks of a task do not try, and no file excludes.

    Accuracy checks count for nothing here: they train on images, whatever these are like.

    Parameters
    ----------
    stage : Stage
    task : str
    data : Data
    """
    excluded = excluded_inputs(stage)
    return tuple(
        one
        for one in _untried(task, _calls(stage, task, data), stage.reference.namespace[task])
        if (task, one.argument, one.kind) not in excluded
    )


def _calls(stage: Stage, task: str, data: Data) -> list[RecordedCall]:
    recorder = Recorder(stage.reference.namespace, lambda request: request.through is None)
    for check in stage.checks:
        if check.task == task and check.at_least is None and check.function is not None:
            for seed in range(SEEDS if "rng" in check.ingredients else 1):
                lost(stage, recorder, check, seed, data)
    return recorder.recorded.get(task, [])


def _untried(
    task: str, calls: Sequence[RecordedCall], function: Callable[..., Any]
) -> Iterator[Untried]:
    signature = inspect.signature(function)
    seen: dict[str, list[_Array]] = defaultdict(list)
    uses: dict[str, set[str]] = defaultdict(set)
    for call in calls:
        try:
            bound = signature.bind(*call.args, **call.kwargs).arguments
        except TypeError:
            continue
        for name, value in bound.items():
            seen[name] += _arrays(value)
        for name, parameter in signature.parameters.items():
            if parameter.default is not parameter.empty:
                is_default = name not in bound or _is(bound[name], parameter.default)
                uses[name].add(LEFT_OUT if name not in bound else "" if is_default else GIVEN)
    for name, arrays in seen.items():
        if arrays:
            for kind in _wanted(arrays):
                if not any(KINDS[kind](one) for one in arrays):
                    yield Untried(task, name, kind)
    for name, found in uses.items():
        for kind in (LEFT_OUT, GIVEN):
            if kind not in found:
                yield Untried(task, name, kind)


def _wanted(arrays: Sequence[_Array]) -> Iterator[str]:
    if any(one.dtype.kind == "f" for one in arrays):
        yield from OF_FLOATS
    if any(one.ndim == 2 for one in arrays):
        yield from OF_TABLES
    if any(one.ndim for one in arrays):
        yield from OF_ALL


def _is(one: Any, other: Any) -> bool:
    return type(one) is type(other) and not isinstance(one, np.ndarray) and bool(one == other)


def _arrays(value: Any) -> Iterator[_Array]:
    """The arrays in an argument, at any depth."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _arrays(one)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _arrays(one)


def excluded_inputs(stage: Stage) -> dict[tuple[str, str, str], str]:
    """Why a kind of input need not be tried, by task, argument and kind.

    Raises
    ------
    LessonError
        If the file cannot be read, or an entry is about nothing that there is.
    """
    path = stage.folder / FILE
    if not path.exists():
        return {}
    text, entries = read_toml(path)
    reasons: dict[tuple[str, str, str], str] = {}
    problems: list[Problem] = []
    kinds = (*KINDS, LEFT_OUT, GIVEN)
    for task, arguments in entries.items():
        function = stage.reference.namespace.get(task)
        known = inspect.signature(function).parameters if callable(function) else {}
        for argument, of_kind in arguments.items() if isinstance(arguments, dict) else ():
            line = _line(text, f"{task}.{argument}")
            if argument not in known:
                problems.append(Problem(path, line, f"{task} has no argument {argument!r}"))
            for kind, reason in of_kind.items() if isinstance(of_kind, dict) else ():
                if kind not in kinds:
                    said = f"no kind of input {kind!r}; there are: {', '.join(kinds)}"
                    problems.append(Problem(path, line, said))
                elif not isinstance(reason, str) or not reason.strip():
                    problems.append(Problem(path, line, f"{kind}: say why it is not tried"))
                else:
                    reasons[task, argument, kind] = reason
    if problems:
        raise LessonError(problems)
    return reasons


def _line(text: str, table: str) -> int:
    lines = [line.strip() for line in text.splitlines()]
    return next((number for number, line in enumerate(lines, 1) if line == f"[{table}]"), 1)
