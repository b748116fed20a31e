"""The command line. Imports of what only one command needs stay inside that command."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import nngrade
from nngrade import command_options
from nngrade.errors import NngradeError
from nngrade.exit_code import NOT_GRADED
from nngrade.grade_command import grade, progress_bar
from nngrade.watch_command import watch

if TYPE_CHECKING:
    from nngrade.course.stages import Course

__all__ = ["main"]

_COURSE = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


class _Program(click.Group):
    """Errors that are meant for the user end the program with a sentence, not a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NngradeError as error:
            click.echo(f"nngrade: {error}", err=True)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception:
            # Python would exit with 1, which stands for points that were lost.
            traceback.print_exc()
            click.echo("nngrade: this is a mistake in nngrade; please report it", err=True)
        return ctx.exit(NOT_GRADED)


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(nngrade.__version__)
@click.option(
    "--course", type=_COURSE, help="The course's folder (default: this one or one above it)."
)
@click.pass_context
def main(ctx: click.Context, course: Path | None) -> None:
    """A course on neural networks that grades itself.

    Instructors write lessons (solutions/STAGE/lesson.py) and build them into notebooks
    (assignments/); students fill the notebooks in; `nngrade grade` says what they are worth,
    and why.

    \b
    Try:  nngrade demo                          grade a made-up class
          nngrade grade NOTEBOOK.ipynb          grade one notebook
          nngrade doctor                        see what this machine lacks
    """  # noqa: D301 (click's mark for lines that stay as they are)
    ctx.obj = course


main.add_command(grade)
main.add_command(watch)


def _course(ctx: click.Context) -> Course:
    from nngrade.course.stages import find_course

    return find_course(ctx.obj)


@main.command()
@click.argument("stages", nargs=-1, metavar="[STAGE]...")
@click.option(
    "--check", is_flag=True, help="Write nothing; exit with 1 where a notebook is out of step."
)
@click.pass_context
def build(ctx: click.Context, stages: tuple[str, ...], check: bool) -> None:
    """Build the students' notebooks from the lessons.

    Reads solutions/STAGE/lesson.py, writes assignments/STAGE/STAGE.ipynb by way of nbgrader's
    generate_assignment. Without STAGE: all of them.
    """
    from nngrade.authoring import build as builder

    course = _course(ctx)
    chosen = course.select(stages)
    if check:
        found = builder.differences(course, chosen)
        for difference in found:
            click.echo(difference, err=True)
        if found:
            ctx.exit(1)
        click.echo(f"{len(chosen)} stages: the notebooks are what the lessons say.")
        return
    for path, changed in builder.build(course, chosen).items():
        click.echo(f"{'written' if changed else 'unchanged'}  {path.relative_to(course.root)}")


@main.command()
@click.argument("stages", nargs=-1, metavar="[STAGE]...")
@click.option("--write", is_flag=True, help="Write the new grades into the gradebook.")
@command_options.data
@command_options.sandbox
@command_options.jobs
@click.pass_context
def regrade(
    ctx: click.Context,
    stages: tuple[str, ...],
    write: bool,
    data: Any,
    mode: Any,
    jobs: int | None,
) -> None:
    """Grade again what `grade --gradebook` graded before a check was corrected.

    Lists whose score changes, by how much and why. Only --write touches the gradebook, and it
    grades nothing a second time. Without STAGE: all stages that have grades.

    \b
    Exit codes:  0  nothing changes, or it was written
                 1  something changes and was not written
                 2  something could not be graded again, or not be written
    """  # noqa: D301 (click's mark for lines that stay as they are)
    from nngrade.gradebook.console import regrade as run
    from nngrade.runs.processes import processors
    from nngrade.runs.settings import Settings

    course = _course(ctx)
    settings = Settings(course.root, mode, data)
    ctx.exit(run(settings, course.select(stages), jobs or processors(), write))


@main.command()
@click.argument("stage_name", required=False, metavar="[STAGE]")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where to write it (default: report.html or report-STAGE.html in this folder).",
)
@click.option("--names", is_flag=True, help="Name the students, and link to their feedback.")
@click.option(
    "--from",
    "source",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Results of `nngrade grade --format json` (default: those in the gradebook).",
)
@click.pass_context
def report(
    ctx: click.Context,
    stage_name: str | None,
    output: Path | None,
    names: bool,
    source: Path | None,
) -> None:
    """Write a report on a class: one HTML page that loads nothing.

    It shows scores, how often each check was passed, the most frequent mistakes, and who may need
    help. Students are numbered: their ids, and paths, are taken out of messages too. Without STAGE:
    all stages that have results.
    """
    from nngrade.class_report.page import write_report
    from nngrade.class_report.results import of_file, of_journal

    course = _course(ctx)
    if source is not None:
        statistics = of_file(source, stage_name)
    else:
        stages = [course.stage(stage_name)] if stage_name is not None else course.stages
        statistics = of_journal(course, stages)
    name = "report.html" if stage_name is None else f"report-{statistics[0].stage}.html"
    target = output or Path(Path(name).name)
    write_report(course, statistics, target, names)
    click.echo(f"The report is in {target}.")


@main.command()
@click.argument(
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    metavar="[DIR]",
)
@click.option(
    "--stage", "stages", multiple=True, metavar="STAGE", help="Only this stage (repeatable)."
)
@click.pass_context
def demo(ctx: click.Context, folder: Path, stages: tuple[str, ...]) -> None:
    """Make a small class of submissions, grade it, and show the result.

    The class is written to DIR (default: demo/): for each stage a right submission, an untouched
    one, and several with a typical mistake each. It works offline, on the bundled digits.
    """
    from nngrade.authoring.demo import write_class
    from nngrade.formats.registry import render
    from nngrade.formats.target import Target
    from nngrade.grade_command import carry_out, grading, print_table
    from nngrade.runs.settings import Settings
    from nngrade.submissions.find import find_submissions

    course = _course(ctx)
    notebooks = write_class(course, folder, stages)
    click.echo(f"A class of {len(notebooks)} submissions is in {folder / 'submitted'}.\n")
    settings = Settings(course.root, "weak", "digits")
    candidates = find_submissions(notebooks, course)
    results = carry_out(candidates, grading(settings))
    with settings.sandbox(warm=False) as sandbox:
        working = [layer.name for layer in sandbox.layers if layer.works]
    target = folder / "results.json"
    Target(str(target)).write(render("json", results, course.options.feedback_level))
    print_table(results)
    click.echo(f"Student code was confined by: {', '.join(working) or 'nothing'}.")
    click.echo(f"The results, with every check: {target}")
    click.echo(f"Grade one yourself:  nngrade grade {notebooks[0]}")


@main.command()
def schema() -> None:
    """Print the JSON schema of what `nngrade grade --format json` writes."""
    from nngrade.formats.json import schema as text

    click.echo(text(), nl=False)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--stages",
    "names",
    multiple=True,
    metavar="STAGE[,STAGE...]",
    help="What students get now (repeatable; default: all stages).",
)
@click.option(
    "--github",
    metavar="OWNER/REPOSITORY",
    help="Where you will publish it: adds links that open the notebooks in Colab and Binder.",
)
@click.option("--branch", default="main", show_default=True, help="With --github: its branch.")
@click.pass_context
def handout(
    ctx: click.Context, folder: Path, names: tuple[str, ...], github: str | None, branch: str
) -> None:
    """Write what students get to DIR: notebooks, data, and all that opens and tries them.

    Nothing of solutions/ is in it. A DIR that an earlier hand-out went to is brought up to date;
    what somebody changed in it since, such as a notebook that was filled in, stays as it is.
    """
    from nngrade.handout.contents import handout_files
    from nngrade.handout.folder import write_handout
    from nngrade.handout.home import Home

    course = _course(ctx)
    stages = course.select(one for name in names for one in name.split(",") if one)
    # In the order of the course, each once.
    stages = tuple(stage for stage in course.stages if stage in stages)
    files = handout_files(course, stages, Home.of(github, branch) if github else None)
    written = write_handout(files, folder)
    for name in written.removed:
        click.echo(f"removed  {folder / name}")
    for name in written.kept:
        click.echo(f"kept     {folder / name}: it was changed since; delete it to have it anew")
    n_stages = f"{len(stages)} stage{'' if len(stages) == 1 else 's'}"
    click.echo(
        f"{len(files)} files of {n_stages} are in {folder}: {len(written.new)} written, "
        f"{len(files) - len(written.new) - len(set(written.kept) & set(files))} unchanged."
    )


@main.group()
def data() -> None:
    """Data sets: which are there, and fetching them."""


@data.command()
def status() -> None:
    """Say where each data set was found, with its digests."""
    import nndata

    for one in nndata.data_status():
        if one.available:
            click.echo(f"{one.name}: {one.path}")
        else:
            click.echo(f"{one.name}: not available. {one.problem} {one.fix}")
        for path, digest in one.digests:
            click.echo(f"  sha256 {digest}  {path.name}")


@data.command()
@click.argument("name", type=click.Choice(["mnist"]))
def fetch(name: str) -> None:
    """Download a data set, unless it is there already."""
    import nndata

    try:
        nndata.fetch_mnist(progress=sys.stderr.isatty())
    except nndata.DataError as error:
        raise NngradeError(str(error)) from error
    click.echo(f"{name}: {nndata.find_mnist()}")


@main.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Say what this machine has and lacks, each with the fix."""
    from nngrade.doctor import examine

    signs = {
        "ok": ("ok     ", "green"),
        "note": ("note   ", "yellow"),
        "missing": ("MISSING", "red"),
    }
    bad = False
    for finding in examine(ctx.obj):
        sign, colour = signs[finding.state]
        fix = f"  Fix: {finding.fix}" if finding.fix else ""
        click.echo(f"{click.style(sign, fg=colour)}  {finding.what}: {finding.detail}{fix}")
        bad = bad or finding.state == "missing"
    ctx.exit(1 if bad else 0)


@main.command()
@click.argument("stages", nargs=-1, metavar="[STAGE]...")
@click.option(
    "--seeds",
    type=click.IntRange(min=2),
    default=60,
    show_default=True,
    help="How many made-up students.",
)
@command_options.data
@click.pass_context
def calibrate(ctx: click.Context, stages: tuple[str, ...], seeds: int, data: Any) -> None:
    """Measure what the reference reaches in accuracy checks, to set their thresholds.

    Suggests a threshold that a right solution does not miss by bad luck.
    """
    import statistics

    from nngrade.authoring.calibrate import calibrate as measure
    from nngrade.course.data import Data

    images = Data(data)
    for stage in _course(ctx).select(stages):
        for one in measure(stage, images, seeds):
            mean, spread = statistics.mean(one.values), statistics.stdev(one.values)
            click.echo(
                f"{stage.name} {one.check} on {one.data}, {len(one.values)} seeds: "
                f"mean {mean:.4f}, sd {spread:.4f}, min {min(one.values):.4f}; "
                f"threshold {one.threshold:g}, suggested {one.suggestion:g}"
            )


@main.command()
@click.argument("stages", nargs=-1, metavar="[STAGE]...")
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    metavar="N",
    help="With how many seeds right answers are tried (default: 50; with --fast 5).",
)
@command_options.jobs
@click.option(
    "--fast", is_flag=True, help="A sixth of the mutants, and only the first check that each loses."
)
@click.option(
    "--luck",
    type=click.IntRange(min=1),
    metavar="N",
    help="Only right answers and known mistakes, each with N seeds: is any grade luck?",
)
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write all findings as JSON.")
@click.option("--html", "html_file", type=_FILE, metavar="FILE", help="Write a page to read.")
@click.option(
    "--update-readme", is_flag=True, help="Put the table of all stages into solutions/README.md."
)
@click.pass_context
def audit(
    ctx: click.Context,
    stages: tuple[str, ...],
    seeds: int | None,
    jobs: int | None,
    fast: bool,
    luck: int | None,
    json_file: Path | None,
    html_file: Path | None,
    update_readme: bool,
) -> None:
    """Test the tests: try every check on right answers, known mistakes and generated ones.

    Right answers are the reference and solutions/STAGE/alternatives.py, known mistakes those of
    misconceptions.py, generated ones the reference with a small change. Where a changed reference
    loses no points and is right all the same, solutions/STAGE/reviewed_mutants.toml says why.

    \b
    Exit codes:  0  no right answer loses anything, and every wrong one loses points
                 1  otherwise
                 2  the course could not be audited
    """  # noqa: D301 (click's mark for lines that stay as they are)
    from nngrade.audit.console import show
    from nngrade.audit.page import render_audit
    from nngrade.audit.run import audit as run
    from nngrade.audit.summary import as_json, replace_table, write
    from nngrade.audit.task import Plan
    from nngrade.runs.processes import processors

    if update_readme and (stages or fast or luck):
        raise click.UsageError("--update-readme is about all stages and all mutants")
    if luck and (seeds or fast):
        raise click.UsageError("--luck says itself how many seeds and which answers are tried")
    course = _course(ctx)
    if luck:
        plan = Plan.of_luck(luck)
    elif fast:
        plan = Plan.fast(seeds or 5)
    else:
        plan = Plan(seeds or 50)
    chosen, findings = course.select(stages), []
    with progress_bar() as progress:
        bar = progress.add_task("auditing", total=len(chosen))
        for one in run(course, chosen, plan, jobs or processors()):
            findings.append(one)
            progress.update(bar, advance=1)
    holds = show(findings)
    if json_file is not None:
        write(as_json(findings), json_file)
    if html_file is not None:
        write(render_audit(findings), html_file)
    if update_readme:
        replace_table(course.solutions / "README.md", findings)
    ctx.exit(0 if holds else 1)


@main.command()
@click.argument("target", type=_FILE, metavar="OUT.zip")
@click.option(
    "--stage",
    "stages",
    multiple=True,
    metavar="STAGE",
    help="What the assignment is about (repeatable; default: all stages).",
)
@click.option(
    "--sandbox",
    type=click.Choice(["strict", "weak"]),
    default="strict",
    show_default=True,
    help="weak grades on machines of Gradescope's that lack a layer, too (docs/gradescope.md).",
)
@click.option(
    "--data",
    type=click.Choice(["digits", "mnist"]),
    default="digits",
    show_default=True,
    help="Images for accuracy checks; MNIST goes into the zip.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(min=1),
    default=10,
    show_default=True,
    help="The assignment's time limit on Gradescope.",
)
@click.pass_context
def gradescope(
    ctx: click.Context,
    target: Path,
    stages: tuple[str, ...],
    sandbox: Any,
    data: Any,
    minutes: float,
) -> None:
    """Make the zip of an autograder for Gradescope.

    It holds the solutions and the course's secret: keep it as safe as those. One zip is for one
    assignment; an upload has one notebook for each of its stages.
    """
    from nngrade.gradescope.package import write_zip

    if target.suffix != ".zip":
        raise click.UsageError(
            f"{target}: Gradescope takes a zip; give it a name that ends in .zip"
        )
    course = _course(ctx)
    chosen = course.select(stages)
    write_zip(course, chosen, target, sandbox, data, minutes)
    points = sum(stage.max_score for stage in chosen)
    names = ", ".join(stage.name for stage in chosen)
    click.echo(f"{target} grades {names}: {points:g} points. It is secret, as solutions/ is.")
    if len(chosen) > 1:
        click.echo(
            f"An upload has one notebook for each of the {len(chosen)} stages. For an assignment "
            "about one of them, make a zip of its own: --stage STAGE."
        )
