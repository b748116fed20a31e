"""Choose among several uploads by a student, and report how exports identify students."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from nngrade.submissions.exports import plain
from nngrade.submissions.identity import require_stage
from nngrade.submissions.notebook_file import read_notebook
from nngrade.submissions.program import recover
from nngrade.submissions.records import Candidate
from nngrade.text import one_line

__all__ = ["effort", "newest", "unnamed"]


def newest(found: list[Candidate]) -> list[Candidate]:
    """Keep only the newest of several notebooks in an export for the same student and stage.

    A kept notebook gets a note on the others. If the notebooks may be from several people, all are
    kept, with an error. Candidates from outside an export are returned unchanged.
    """
    groups: dict[tuple[str, str], list[Candidate]] = {}
    for one in found:
        if one.hand_in is not None and one.error is None and one.stage is not None:
            groups.setdefault((one.student, one.stage.name), []).append(one)
    kept: dict[int, Candidate] = {}
    for (student, _), group in groups.items():
        people = sorted({(one.hand_in.name, one.hand_in.id) for one in group if one.hand_in})
        if len({number for _, number in people}) > 1 or len({plain(who) for who, _ in people}) > 1:
            who = ", ".join(f"{name} ({number})" for name, number in people)
            problem = (
                f"{student} may be several people: {who}; say with --students who is who, or give "
                "other names to files that are not from Canvas or Moodle"
            )
            for one in group:
                error = f"{one.path}: {problem}"
                kept[id(one)] = replace(one, error=error, stage=None, uncertain=True)
            continue
        newest_one = max(group, key=_newness)
        best = max(group, key=_worth) if len(group) > 1 else newest_one
        if others := [one.path.name for one in sorted(group, key=_newness) if one is not best]:
            few = ", ".join(others[-3:]) + (" and others" if len(others) > 3 else "")
            why = "as the newest" if best is newest_one else "as the newest with an attempt in it"
            note = f"Of several notebooks {best.path.name} counts, {why}; not {few}."
            kept[id(best)] = replace(best, notes=(*best.notes, note))
        else:
            kept[id(best)] = best
    passed = {id(one) for group in groups.values() for one in group}
    return [kept.get(id(one), one) for one in found if id(one) in kept or id(one) not in passed]


def unnamed(found: Iterable[Candidate]) -> Iterator[str]:
    """Yield a message for each system whose names or numbers serve as student ids."""
    what = {"Canvas": "numbers", "Moodle": "full names"}
    seen = set()
    for one in found:
        if one.hand_in is not None and one.hand_in.lms not in seen:
            seen.add(one.hand_in.lms)
            yield (
                f"students have the {what[one.hand_in.lms]} that {one.hand_in.lms} gave them, "
                f"such as {one_line(one.student)}; --students FILE gives them their ids"
            )


def _newness(one: Candidate) -> tuple[int, int, bool, str]:
    """Sort key: Canvas' upload number, then the number after the file's name, as in ``x-2``."""
    assert one.hand_in is not None
    assert one.stage is not None
    stem = Path(one.hand_in.file).stem
    counted = re.fullmatch(r".*-(\d{1,3})", stem, re.DOTALL)
    count = int(counted[1]) if counted else 0
    return one.hand_in.upload, count, stem == one.stage.name, str(one.path)


def _worth(one: Candidate) -> tuple[int, tuple[int, int, bool, str]]:
    return effort(one), _newness(one)


def effort(candidate: Candidate) -> int:
    """Sort key of several notebooks by a student: 2 for an attempt, 1 for an untouched one.

    File synchronisation renames the work and puts a fresh copy in its place; the copy must not
    count. A notebook that cannot be read, or belongs to another stage, has the key 0.
    """
    stage = candidate.stage
    if stage is None or candidate.error is not None:
        return 0
    try:
        notebook = read_notebook(candidate.path)
        program = recover(notebook, stage.lesson, lambda: [one.lesson for one in stage.siblings])
        require_stage(notebook, program, stage, candidate.path)
    except Exception:
        return 0  # whoever grades it will say what is wrong
    return 2 if program.attempted or program.broken else 1
