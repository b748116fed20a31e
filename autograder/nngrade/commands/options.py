"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["data", "gradebook", "jobs", "sandbox", "stage", "students", "timeout"]

stage = click.option(
    "--stage",
    "stage_name",
    metavar="STAGE",
    help="The stage of all of them (default: told by path or content).",
)
students = click.option(
    "--students",
    "students_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="CSV of who takes the course (default: students.csv in the course's folder), or of whom "
    "names in exports of Canvas or Moodle stand for (docs/students-file.md).",
)
gradebook = click.option(
    "--gradebook",
    is_flag=True,
    help="Write the grades into nbgrader's gradebook, and the autograded notebooks.",
)
data = click.option(
    "--data",
    type=click.Choice(["auto", "mnist", "digits"]),
    default="auto",
    show_default=True,
    help="Images for accuracy checks; auto takes MNIST where it is at hand.",
)
timeout = click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    metavar="SECONDS",
    help="Wall-clock limit for each cell and check (default: 20, more for some checks).",
)
sandbox = click.option(
    "--sandbox",
    "mode",
    type=click.Choice(["strict", "weak", "off"]),
    default="strict",
    show_default=True,
    help="What student code is confined to: all layers, those there are, or only limits.",
)
jobs = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many to work on at once (default: one for each processor).",
)
