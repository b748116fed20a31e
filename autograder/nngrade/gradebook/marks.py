"""What a gradebook says of a submission, cell by cell: scores, comments, and a penalty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nngrade.course.naming import graded_name, is_of_answer, read_ids
from nngrade.results import BookScore

__all__ = ["Mark", "Marks"]


@dataclass(frozen=True)
class Mark:
    """The score of a cell.

    Attributes
    ----------
    cell : str
        Id of the cell.
    score : float or None
        Score with extra credit; None if a person has yet to grade it.
    max_score : float
    checks : float or None
        Score that the grader gave; None if it gave none.
    manual : bool
        Whether a person decided the score.
    extra_credit : float
    """

    cell: str
    score: float | None
    max_score: float
    checks: float | None
    manual: bool
    extra_credit: float

    @property
    def name(self) -> str:
        """Name of the task, question or written answer."""
        return self.cell.removeprefix("written-") if self.is_answer else graded_name(self.cell)

    @property
    def is_answer(self) -> bool:
        """Whether it is the score of a written answer."""
        return is_of_answer([self.cell])


@dataclass(frozen=True)
class Marks:
    """All that a gradebook says of a submission.

    Attributes
    ----------
    grades : tuple of Mark
        In the order of the cells' ids.
    comments : tuple of (str, str)
        Ids of cells, and what a person wrote about each, in the same order.
    late_penalty : float
        Points to be taken off because the submission is late.
    lateness : str
        What the student is told of that, late days included; empty if there is nothing to tell.
    """

    grades: tuple[Mark, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()
    late_penalty: float = 0.0
    lateness: str = ""

    @property
    def tasks(self) -> tuple[Mark, ...]:
        """The scores of tasks and questions."""
        return tuple(one for one in self.grades if not one.is_answer)

    @property
    def answers(self) -> tuple[Mark, ...]:
        """The scores of written answers."""
        return tuple(one for one in self.grades if one.is_answer)

    @property
    def by_person(self) -> tuple[Mark, ...]:
        """The scores of tasks and questions that a person decided or added to."""
        return tuple(one for one in self.tasks if one.manual or one.extra_credit)

    @property
    def score(self) -> float:
        """Score of tasks and questions."""
        return _sum(one.score for one in self.tasks)

    @property
    def written(self) -> float | None:
        """Score of the written answers; None if any of them is not graded yet."""
        scores = [one.score for one in self.answers]
        return None if None in scores else _sum(scores)

    @property
    def max_written(self) -> float:
        """Maximum score of the written answers."""
        return _sum(one.max_score for one in self.answers)

    @property
    def sums(self) -> BookScore:
        """The scores that sheets have."""
        return BookScore(self.score, self.written, self.max_written, self.late_penalty)

    @property
    def named_comments(self) -> tuple[tuple[str, str], ...]:
        """The comments, each with the name of its task or answer in the place of the id."""
        return tuple(
            (next((name for _, name in read_ids([cell])), cell), text)
            for cell, text in self.comments
        )


def _sum(scores: Iterable[float | None]) -> float:
    return round(sum(one or 0.0 for one in scores), 6)
