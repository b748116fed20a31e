"""Groups: one hand-in counts for all members."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC

from nngrade.errors import SubmissionError
from nngrade.students.class_list import ClassList
from nngrade.submissions.files import read_bytes
from nngrade.submissions.precedence import effort
from nngrade.submissions.records import Candidate
from nngrade.submissions.timestamp import read_timestamp

__all__ = ["HANDED_IN_BY", "with_groups"]

# Begins the note of each result of a group.
HANDED_IN_BY = "Handed in by "


def with_groups(
    candidates: Sequence[Candidate], class_list: ClassList | None, beside: bool = True
) -> tuple[list[Candidate], list[str]]:
    """Let what a member of a group handed in count for all of its members.

    Of what they handed in for a stage one counts: an attempt before an untouched notebook, then
    what came last.

    Parameters
    ----------
    candidates : sequence of Candidate
    class_list : ClassList or None
    beside : bool
        Whether to look in ``submitted/`` for what other members handed in, where it was not asked
        for.

    Returns
    -------
    candidates : list of Candidate
        Those of a group stand where its first one stood, one for each member.
    conflicts : list of str
        A sentence for each group and stage for which something else was handed in, too.
    """
    if class_list is None:
        return list(candidates), []
    shared: dict[tuple[tuple[str, ...], str], list[Candidate]] = {}
    for one in candidates:
        if one.stage is not None and one.error is None and class_list.group_of(one.student):
            key = class_list.group_of(one.student), one.stage.name
            shared.setdefault(key, []).append(one)
    made: list[Candidate] = []
    conflicts: list[str] = []
    for one in candidates:
        key = class_list.group_of(one.student), one.stage.name if one.stage else ""
        group = shared.get(key)
        if group is None or one.stage is None or one.error is not None:
            made.append(one)
        elif one is group[0]:
            rivals = [*group, *(_beside(group, key[0]) if beside else ())]
            best = max(rivals, key=_precedence) if len(rivals) > 1 else one
            conflict = _conflict(best, rivals)
            conflicts.extend(filter(None, [conflict]))
            notes = (*best.notes, f"{HANDED_IN_BY}{best.student}.", *filter(None, [conflict]))
            made.extend(replace(best, student=who, group=key[0], notes=notes) for who in key[0])
    return made, conflicts


def _beside(group: Sequence[Candidate], members: Iterable[str]) -> list[Candidate]:
    """What other members handed in, where only some of a tree was asked for."""
    known, there = {one.path for one in group}, []
    for one in group:
        path = one.path
        if one.stage is None or path.parent.name != one.stage.name:
            continue
        if path.parents[1].name != one.student:
            continue
        for who in members:
            other = path.parents[2] / who / one.stage.name / f"{one.stage.name}.ipynb"
            if other not in known and other.is_file():
                known.add(other)
                there.append(Candidate(other, who, one.stage, root=one.root))
    return there


def _precedence(one: Candidate) -> tuple[int, float, int, str, str]:
    time, _ = read_timestamp(one.path)
    if time is not None:
        came = time.replace(tzinfo=UTC).timestamp()
    else:
        try:
            came = one.path.stat().st_mtime
        except OSError:
            came = 0.0  # in an archive
    upload = one.hand_in.upload if one.hand_in is not None else 0
    return effort(one), came, upload, one.student, str(one.path)


def _conflict(best: Candidate, group: Sequence[Candidate]) -> str:
    """What others of the group handed in besides; empty if that is the same."""
    others = [one for one in group if one is not best and _content(one) != _content(best)]
    if not others:
        return ""
    whose = ", ".join(sorted({one.student for one in others}))
    stage = best.stage.name if best.stage else ""
    return (
        f"In the group of {best.student} something else was handed in for {stage} by {whose}; "
        f"what {best.student} handed in counts."
    )


def _content(one: Candidate) -> bytes | str:
    try:
        return read_bytes(one.path)
    except SubmissionError as error:
        return str(error)
