"""What tests of grading share."""

from __future__ import annotations

from nngrade.authoring.specimens import fill


def filled(stage, right, **answers):
    return fill(right, stage, answers)
