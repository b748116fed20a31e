"""The command line: ``nngrade COMMAND``."""

from __future__ import annotations

import importlib
import io
import sys
import traceback
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

import nngrade
from nngrade.commands.signals import Terminated, terminable
from nngrade.errors import NngradeError
from nngrade.exit_code import INTERRUPTED, NOT_GRADED, TERMINATED

__all__ = ["COMMANDS", "main"]

# Each command has a module of its name, imported when the command is called or listed.
COMMANDS = (
    "audit",
    "build",
    "calibrate",
    "data",
    "demo",
    "doctor",
    "gate",
    "grade",
    "gradescope",
    "handout",
    "practice",
    "regrade",
    "report",
    "schema",
    "students",
    "watch",
)

_COURSE = click.Path(exists=True, file_okay=False, path_type=Path)


class _Program(click.Group):
    """A group of commands that reports errors for the user in a sentence, not a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        # Students get the commands that need no course.
        return [one for one in COMMANDS if find_spec(f"nngrade.commands.{one}") is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(f"nngrade.commands.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # In the locale C, a sign that cannot be encoded must not end the run.
                stream.reconfigure(errors="replace")
        try:
            if sys.flags.optimize:
                raise NngradeError(
                    "Python runs without asserts, and so without the visible tests: unset "
                    "PYTHONOPTIMIZE, and run it without -O"
                )
            with terminable():
                return super().invoke(ctx)
        except NngradeError as error:
            click.echo(f"nngrade: {error}", err=True)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except KeyboardInterrupt as stop:
            # Click would exit with 1, which means that points were lost.
            click.echo("nngrade: stopped", err=True)
            return ctx.exit(TERMINATED if isinstance(stop, Terminated) else INTERRUPTED)
        except MemoryError:
            click.echo(
                "nngrade: this process ran out of memory; `ulimit -a` says whether a limit of this "
                "shell or container is too low",
                err=True,
            )
        except Exception:
            # Python would exit with 1, which stands for lost points.
            traceback.print_exc()
            click.echo("nngrade: this is a mistake in nngrade; please report it", err=True)
        return ctx.exit(NOT_GRADED)


# In place of the docstring of `main`, where only the notebooks' part of nngrade is installed.
_FOR_STUDENTS = """A course on neural networks that grades itself.

\b
Try:  nngrade practice          what to do next, each time a notebook is saved
      nngrade practice --once   the same, once
"""


@click.group(
    cls=_Program,
    help=None if find_spec("nngrade.grading") is not None else _FOR_STUDENTS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(nngrade.__version__)
@click.option(
    "--course", type=_COURSE, help="The course's folder (default: this one or one above it)."
)
@click.pass_context
def main(ctx: click.Context, course: Path | None) -> None:
    """A course on neural networks that grades itself.

    Instructors write lessons and build them into notebooks; students fill the notebooks in;
    `nngrade grade` says what they are worth, and why.

    \b
    Try:  nngrade demo                          grade a made-up class
          nngrade grade NOTEBOOK.ipynb          grade one notebook
          nngrade doctor                        see what this machine lacks
    """  # noqa: D301 (click's mark for lines that stay as they are)
    ctx.obj = course
