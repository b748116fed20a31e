"""Old name of `nngrade.gradebook.preprocessors`, for configurations that were written for it."""

from nngrade.gradebook.preprocessors import GradeInSandbox, RestoreCells

__all__ = ["GradeInSandbox", "RestoreCells"]
