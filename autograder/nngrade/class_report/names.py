"""Labels of students in a report: their names, or anonymous numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nngrade.course.seeds import seed
from nngrade.submissions.records import NOBODY
from nngrade.text import presentable

__all__ = ["Names"]

# Names longer than this are also hidden within words, such as file names and variables.
_SHORT = 4
# Paths often hold a person's name, as home folders do.
_PATHS = re.compile(
    # A quoted path may hold blanks. Others have at least two parts: one could be a fraction.
    r"(['\"])[^'\"\n]*[\\/][^'\"\n]*\1"
    r"|(?<![\w.])(?:~|[A-Za-z]:|\.{1,2})?(?:[\\/][^\s\\/'\"<>|:,;()]+){2,}[\\/]?"
    # The start of a file name with blanks is unknown: the text before it is hidden, too.
    r"|[^\s\\/'\":,;][^\n\\/'\":,;]*\.(?:ipynb|py|csv|txt|json|np[yz]|pdf|docx?|odt|html?|zip)\b"
)


class Names:
    """The labels of students.

    Parameters
    ----------
    students : iterable of str
        Ids of all students.
    secret : bytes or None
        Students are numbered in an order that only holders of the secret can reconstruct; None
        shows their names.
    """

    def __init__(self, students: Iterable[str], secret: bytes | None) -> None:
        self.shown = secret is None
        known = set(students) - {NOBODY}
        if secret is None:
            self._labels = {one: presentable(one, 100) for one in known}
            order = sorted(known)
        else:
            order = sorted(known, key=lambda one: seed(secret, "report", one))
            self._labels = {one: f"student {place}" for place, one in enumerate(order, 1)}
        self._places = {one: place for place, one in enumerate(order)}
        # Longest first: otherwise a part of a longer name could remain.
        names = known | {one.partition("@")[0] for one in known}
        self._hidden = sorted(filter(None, names), key=lambda one: (-len(one), one))

    def of(self, student: str) -> str:
        """Label of a student."""
        return self._labels.get(student, NOBODY)

    def knows(self, student: str) -> bool:
        """Whether this is a known student rather than an unidentified one."""
        return student in self._labels

    def place(self, student: str) -> int:
        """Position of a student in a list of all, ordered by label."""
        return self._places.get(student, len(self._places))

    def without(self, text: str) -> str:
        """A text with names and paths removed if students are numbered."""
        if self.shown:
            return text
        text = _PATHS.sub("(path)", text)
        lowered = text.lower()
        for name in self._hidden:
            if name.lower() in lowered:
                pattern = re.escape(name)
                if len(name) <= _SHORT:
                    pattern = rf"(?<![^\W_]){pattern}(?![^\W_])"
                text = re.sub(pattern, "(name)", text, flags=re.IGNORECASE)
        return text
