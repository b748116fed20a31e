"""Programs of several stages in one worker, each in a namespace of its own.

Stages define functions of the same names, and each must go on to see its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from nngrade.worker.cells import CellRunner

__all__ = ["SideBySide"]


class SideBySide:
    """Runner of the cells of several stages."""

    def __init__(self) -> None:
        self._runners: dict[str, CellRunner] = {}

    def run(self, stage: str, label: str, source: str) -> None:
        """Run a cell in the namespace of its stage; raises what it raises."""
        if stage not in self._runners:
            self._runners[stage] = CellRunner(f"{stage}, cell")
        error = self._runners[stage].run(label, source)
        if error is not None:
            raise error

    def call(
        self, function: Callable[..., Any], needs: Mapping[str, Sequence[str]], *arguments: Any
    ) -> dict[str, Any]:
        """Call a function with functions of the stages as its first argument.

        Parameters
        ----------
        function : callable
        needs : mapping of str to sequence of str
            Names of the functions, by stage; ``mine.STAGE.NAME`` is one of them, where `mine` is
            the first argument of `function`.
        *arguments
            The other arguments.

        Returns
        -------
        dict
            ``found`` is what the function returned; or ``error`` says what it raised, and where in
            the cells of which stage.
        """
        try:
            mine = {stage: self._functions(stage, names) for stage, names in needs.items()}
            return {"found": function(SimpleNamespace(**mine), *arguments)}
        except Exception as error:
            return {"error": self._described(error)}

    def _functions(self, stage: str, names: Sequence[str]) -> SimpleNamespace:
        there = self._runners[stage].functions if stage in self._runners else {}
        return SimpleNamespace(**{name: there[name] for name in names if name in there})

    def _described(self, error: Exception) -> str:
        said = f"{type(error).__name__}: {error}"
        traceback, place = error.__traceback__, ""
        while traceback is not None:
            filename = traceback.tb_frame.f_code.co_filename
            for stage, runner in self._runners.items():
                if filename in runner.labels:
                    where = f"cell {runner.labels[filename]}, line {traceback.tb_lineno}"
                    place = f", in {where} of {stage}"
            traceback = traceback.tb_next
        return said + place
