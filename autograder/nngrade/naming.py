"""Old name of `nngrade.course.naming`, for configurations that were written for it."""

from nngrade.course.naming import CODE_STUB

__all__ = ["CODE_STUB"]
