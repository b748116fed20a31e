"""Calibrate the thresholds of accuracy checks, by the values that the reference reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nngrade.course.checks import Check
from nngrade.course.data import Data
from nngrade.course.seeds import generator
from nngrade.course.stages import Stage
from nngrade.grading.checking import run_check
from nngrade.grading.student import LocalStudent

__all__ = ["Calibration", "calibrate"]


@dataclass(frozen=True)
class Calibration:
    """Values that the reference reached in one check.

    Attributes
    ----------
    check : str
        Id of the check.
    data : str
        Name of the data set.
    values : tuple of float
        One value per seed.
    threshold : float
        The current threshold.
    """

    check: str
    data: str
    values: tuple[float, ...]
    threshold: float

    @property
    def suggestion(self) -> float:
        """Suggested threshold: the lower of two bounds below the median, rounded down to 0.005.

        The bounds are twice the worst deviation seen and six standard deviations below the median:
        a right solution must not miss the threshold in any course. If a single training run can go
        wrong, the check should measure the second best of several: even the worst of a thousand
        runs tells too little.
        """
        median, worst = float(np.median(self.values)), min(self.values)
        below = median - 6 * float(np.std(self.values, ddof=1))
        return float(np.floor(min(below, worst - (median - worst)) * 200) / 200)


def calibrate(stage: Stage, data: Data, seeds: int) -> Iterator[Calibration]:
    """Run each accuracy check of a stage on the reference, with the given number of seeds.

    Parameters
    ----------
    stage : Stage
    data : Data
    seeds : int
        Number of seeds, at least 2; each stands for another student.
    """
    student = LocalStudent(stage.reference.namespace)
    for check in stage.checks:
        if check.at_least is None:
            continue
        values = tuple(_measure(check, stage, student, data, number) for number in range(seeds))
        name = data.images.name
        yield Calibration(check.id, name, values, check.at_least[name])


def _measure(check: Check, stage: Stage, student: LocalStudent, data: Data, number: int) -> float:
    rng = generator(b"calibration is no secret", str(number), stage.name, check.id)
    # Without its threshold the check cannot fail; it reports the value that it measured.
    free = replace(check, at_least=dict.fromkeys(check.at_least or (), -np.inf))
    measured = run_check(free, stage, student, rng, data)
    assert measured is not None
    return measured
