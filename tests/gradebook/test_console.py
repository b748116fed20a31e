"""What a class run prints."""

from __future__ import annotations

from pathlib import Path

from nngrade.gradebook.class_run import Event
from nngrade.gradebook.console import Summary, print_summary
from nngrade.submissions.records import Candidate


def test_what_is_wrong_with_a_stage_is_said_once(capsys):
    summary = Summary()
    for number in range(30):
        candidate = Candidate(Path("x.ipynb"), f"student{number}", None)
        problem = "the gradebook does not know it" if number else "no notebook"
        summary.add(Event(candidate, "failed", problem=problem))
    print_summary(summary, 1.0)
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:] == [
        "These need a person (2):",
        "  student0: no notebook",
        "  the gradebook does not know it",
        "    29 submissions: student1, student2, student3, student4 and 25 more",
    ]
