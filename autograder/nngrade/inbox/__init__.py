"""Where submissions come from: files, folders, archives, the exports of Canvas and Moodle.

`walk` finds files, `identity` tells whose they are and of which stage, `precedence` which of
several counts; `find` does all of that.
"""

from nngrade.inbox.find import candidates, find_submissions
from nngrade.inbox.precedence import newest, unnamed
from nngrade.inbox.records import NOBODY, Candidate, Found, Told
from nngrade.inbox.walk import files_at

__all__ = [
    "NOBODY",
    "Candidate",
    "Found",
    "Told",
    "candidates",
    "files_at",
    "find_submissions",
    "newest",
    "unnamed",
]
