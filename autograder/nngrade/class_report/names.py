"""Who is who in a report: students by name, or by numbers that give nothing away."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nngrade.course.seeds import seed
from nngrade.submissions.records import NOBODY
from nngrade.text import presentable

__all__ = ["Names"]

# Longer names are hidden inside of words, too: in file names and variables.
_SHORT = 4
# People put their names into paths, and their homes are named after them.
_PATHS = re.compile(
    # In quotes a path may hold blanks; else it has two parts or more, or it could be a fraction.
    r"(['\"])[^'\"\n]*[\\/][^'\"\n]*\1"
    r"|(?<![\w.])(?:~|[A-Za-z]:|\.{1,2})?(?:[\\/][^\s\\/'\"<>|:,;()]+){2,}[\\/]?"
    # A file's name begins nobody knows where: whatever stands before it goes, too.
    r"|[^\s\\/'\":,;][^\n\\/'\":,;]*\.(?:ipynb|py|csv|txt|json|np[yz]|pdf|docx?|odt|html?|zip)\b"
)


class Names:
    """What students are called.

    Parameters
    ----------
    students : iterable of str
        All of them.
    secret : bytes or None
        Numbers students in an order that only those can tell who have it; None names them.
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
        # Longest first, or the rest of a longer name would be left over.
        names = known | {one.partition("@")[0] for one in known}
        self._hidden = sorted(filter(None, names), key=lambda one: (-len(one), one))

    def of(self, student: str) -> str:
        """What a student is called."""
        return self._labels.get(student, NOBODY)

    def knows(self, student: str) -> bool:
        """Whether this is one student, and not all those whom nobody could name."""
        return student in self._labels

    def place(self, student: str) -> int:
        """The place of a student in a list of all: by name, or by number."""
        return self._places.get(student, len(self._places))

    def without(self, text: str) -> str:
        """A text that may be shown: where students are numbered, without names and paths."""
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
