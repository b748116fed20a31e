"""``nngrade students``: what concerns the students of a course, one by one."""

from __future__ import annotations

import click

from nngrade.commands import personal_data

__all__ = ["students"]


@click.group()
def students() -> None:
    """Export or remove what is kept of a student."""


students.add_command(personal_data.export)
students.add_command(personal_data.forget)
