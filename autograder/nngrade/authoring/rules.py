"""What a stage's files must keep to beyond being readable: rules that need no audit to be told.

Each says in one sentence, with file and line, what is wrong and what mends it. What only some
courses ask for, such as twenty points a stage, stands in ``[stages]`` of ``solutions/course.toml``.
"""

from __future__ import annotations

import ast
import builtins
import dis
import inspect
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from types import CodeType
from typing import Any, get_args

from nngrade.authoring.pictures import draws, shown
from nngrade.authoring.workload import WORDS_PER_MINUTE, Assignment, Workload, workload
from nngrade.course.answers import Answer
from nngrade.course.data import DataChoice
from nngrade.course.lesson import Cell, Lesson, Task
from nngrade.course.naming import stub_source
from nngrade.course.options import StageRules
from nngrade.course.reference import compile_cells
from nngrade.course.stages import Stage
from nngrade.errors import LessonError, Problem, line_in
from nngrade.grading.budget import TooLongError, cpu_budget
from nngrade.grading.student import LocalStudent
from nngrade.grading.visible import run_visible_tests
from nngrade.text import amount

__all__ = ["problems_of", "require"]

# Processor time for the visible tests of a task.
SECONDS = 60
# How far what a stage says it takes may be off.
TOLERANCE = 0.15


def require(stages: Iterable[Stage], rules: StageRules) -> None:
    """Refuse stages that break a rule.

    Raises
    ------
    LessonError
        With the problems of every stage.
    """
    problems = [problem for stage in stages for problem in problems_of(stage, rules)]
    if problems:
        raise LessonError(problems)


def problems_of(stage: Stage, rules: StageRules) -> list[Problem]:
    """All that is wrong with the files of a stage, as far as reading and the visible tests tell.

    Where a file cannot be read at all, what depends on it is not looked at.
    """
    problems: list[Problem] = []
    for part in ("lesson", "reference", "graded", "misconceptions", "alternatives"):
        try:
            getattr(stage, part)
        except LessonError as error:
            problems.extend(error.problems)
            if part == "lesson":
                return problems
    if not problems:
        problems.extend(_of_lesson(stage, rules))
        problems.extend(_of_checks(stage, rules))
        problems.extend(_of_answers(stage, rules))
    return problems


# The lesson.


def _of_lesson(stage: Stage, rules: StageRules) -> Iterator[Problem]:
    lesson = stage.lesson
    code = compile_cells(lesson.path, lesson.of_kind("given", "task", "tests", "demo"))
    for name, line in _unknown(code, stage.reference.namespace):
        yield Problem(lesson.path, line, f"{name} is not defined; define it, or correct the name")
    for task in lesson.tasks:
        if problem := _visible_tests(stage, task):
            yield problem
    figures = [cell for cell in lesson.cells if draws(cell)]
    if len(figures) < rules.figures:
        yield Problem(
            lesson.path,
            1,
            f"{amount(len(figures), 'demo cell')} with `plots.show` or `plt.show()`, and a stage "
            f"has {rules.figures} at least (figures in solutions/course.toml); add "
            f"{rules.figures - len(figures)} more",
        )
    if rules.descriptions:
        yield from _descriptions(lesson)
    if rules.plotting_lines is not None:
        yield from _plotting(lesson, figures, rules.plotting_lines)
    if len(stage.questions) < rules.questions:
        yield Problem(
            lesson.path,
            1,
            f"{amount(len(stage.questions), 'question')} that the notebook answers, and a stage "
            f"has {rules.questions} at least (questions in solutions/course.toml); add "
            f"{rules.questions - len(stage.questions)} more, each with a cell "
            '# %% question="NAME"',
        )
    written = len(list(lesson.of_kind("written")))
    if written < rules.written:
        yield Problem(
            lesson.path,
            1,
            f"{amount(written, 'written answer')}, and a stage has {rules.written} at least "
            "(written in solutions/course.toml); add a cell "
            '# %% written="NAME" points=2 with a question and its rubric',
        )
    work = workload(stage)
    for task in lesson.tasks:
        if problem := _too_long(lesson, task, work, rules):
            yield problem
    yield from _of_work(lesson, work, rules)


def _too_long(lesson: Lesson, task: Task, work: Workload, rules: StageRules) -> Problem | None:
    option, mend = "solution_lines", "shorten it, or make two tasks of it"
    if task.name in work.projects and rules.project_lines is not None:
        option, mend = "project_lines", "shorten it, or ask for less"
    most: int | None = getattr(rules, option)
    lines = work.lines[task.name]
    if most is None or lines <= most:
        return None
    return Problem(
        lesson.path,
        task.solution.line,
        f"the solution of {task.name} has {amount(lines, 'line')} of code, and {most} is the most "
        f"({option} in solutions/course.toml); {mend}",
    )


def _descriptions(lesson: Lesson) -> Iterator[Problem]:
    for cell in lesson.of_kind("given", "demo"):
        for call, described in shown(ast.parse(cell.source)):
            if not described:
                yield Problem(
                    lesson.path,
                    cell.line + call.lineno - 1,
                    "this figure has no description for those who do not see it (descriptions in "
                    f'solutions/course.toml); write `plots.show(alt="...")` for '
                    f"`{ast.unparse(call.func)}(...)`, with what one is to see in it",
                )


def _plotting(lesson: Lesson, figures: Sequence[Cell], most: int) -> Iterator[Problem]:
    lines = {one: sum(map(bool, one.source.split("\n"))) for one in figures if not one.folded}
    if (total := sum(lines.values())) > most:
        longest = max(lines, key=lambda one: lines[one])
        yield Problem(
            lesson.path,
            longest.line,
            f"{amount(total, 'line')} of code that draws stand open in this stage, and {most} is "
            "the most (plotting_lines in solutions/course.toml); fold the longest cell, which is "
            "this one: `# %% demo folded`",
        )


# The work that it asks for.


def _of_work(lesson: Lesson, work: Workload, rules: StageRules) -> Iterator[Problem]:
    if rules.projects is not None and len(work.projects) != rules.projects:
        yield Problem(
            lesson.path,
            next((one.line for one in reversed(work.assignments) if one.project), 1),
            f"{amount(len(work.projects), 'project')}, and a stage has {rules.projects} (projects "
            "in solutions/course.toml); a project is a task below the heading "
            "### Project: `NAME`",
        )
    for one in work.assignments:
        if rules.hints is not None and not one.project:
            yield from _hints(lesson, one, rules.hints)
    if rules.minutes is not None:
        yield from _efforts(lesson, work)
        yield from _order(lesson, work)
        yield from _minutes(lesson, work, *rules.minutes)


def _hints(lesson: Lesson, one: Assignment, wanted: int) -> Iterator[Problem]:
    right = [f"Hint {number}" for number in range(1, wanted + 1)]
    # Several tasks below one heading may have their hints together or each its own.
    if list(one.hints) not in [right * times for times in range(1, len(one.names) + 1)]:
        have = ", ".join(one.hints) or "no hint"
        yield Problem(
            lesson.path,
            one.line,
            f"{' and '.join(one.names)} has {have}, and needs {', '.join(right) or 'none'} (hints "
            "in solutions/course.toml); fold each as <details><summary>Hint 1</summary>",
        )


def _efforts(lesson: Lesson, work: Workload) -> Iterator[Problem]:
    example = "*Difficulty 2 of 3, about 10 minutes.*"
    headed = {name for one in work.assignments for name in one.names}
    for task in lesson.tasks:
        if task.name not in headed:
            yield Problem(
                lesson.path,
                task.solution.line,
                f"the task {task.name} has no heading; write ### Task: `{task.name}` above it, "
                f"and below that a line such as {example}",
            )
    tasks = {task.name for task in lesson.tasks}
    for one in work.assignments:
        if unknown := sorted({*one.names} - tasks):
            said = f"this heading is of {', '.join(unknown)}, which is no task"
            yield Problem(lesson.path, one.line, f"{said}; correct it")
        if one.minutes is None:
            said = f"nothing says how long {' and '.join(one.names)} takes"
            fix = f"write a line such as {example} right below the heading"
            yield Problem(lesson.path, one.line, f"{said}; {fix}")


def _order(lesson: Lesson, work: Workload) -> Iterator[Problem]:
    told = [one.difficulty for one in work.assignments if one.difficulty is not None]
    if not told or len(told) < len(work.assignments):
        return
    if told[0] > min(told):
        easiest = next(one for one in work.assignments if one.difficulty == min(told))
        first = work.assignments[0]
        yield Problem(
            lesson.path,
            first.line,
            f"the first task, {first.names[0]}, has difficulty {told[0]}, and "
            f"{easiest.names[0]} has {min(told)}; begin with one of the easiest",
        )


def _minutes(lesson: Lesson, work: Workload, least: int, most: int) -> Iterator[Problem]:
    if work.minutes is None:
        said = "nothing says how long this stage takes"
        fix = "end this cell with a paragraph that begins with **About 75 minutes**"
        yield Problem(lesson.path, work.line, f"{said}; {fix}")
        return
    if not least <= work.minutes <= most:
        yield Problem(
            lesson.path,
            work.line,
            f"this stage takes {work.minutes} minutes, and a stage takes {least} to {most} "
            "(minutes in solutions/course.toml); cut or add prose, questions or tasks",
        )
    if any(one.minutes is None for one in work.assignments):
        return
    if abs(work.minutes - work.estimate) > TOLERANCE * work.estimate:
        tasks = sum(one.minutes or 0 for one in work.assignments)
        yield Problem(
            lesson.path,
            work.line,
            f"this stage says {work.minutes} minutes, and its {work.words:,} words (at "
            f"{WORDS_PER_MINUTE} a minute), {amount(work.questions, 'question')} (a minute each) "
            f"and the {tasks} minutes of its tasks are {work.estimate:.0f}; say so within "
            f"{TOLERANCE:.0%}, or change what takes so long",
        )


def _visible_tests(stage: Stage, task: Task) -> Problem | None:
    """The first visible test of a task that its reference fails."""
    try:
        with cpu_budget(SECONDS):
            run_visible_tests(stage, task, LocalStudent(stage.reference.namespace))
    except TooLongError:
        line, said = 1, f"they do not end within {SECONDS} seconds"
    except LessonError as error:
        return error.problems[0]
    except Exception as error:
        line, said = line_in(Path("<visible tests>"), error.__cause__ or error), str(error)
    else:
        return None
    return Problem(
        stage.lesson.path,
        task.tests.line + line - 1,
        f"the solution of {task.name} fails its own visible tests ({' '.join(said.split())}); "
        "correct the test or the solution",
    )


# The checks.


def _of_checks(stage: Stage, rules: StageRules) -> Iterator[Problem]:
    path = stage.folder / "checks.py"
    own = [one for one in stage.checks if one.function is not None]
    yield from _points(stage, rules)
    first = own[0].function
    assert first is not None
    code = compile(path.read_text(encoding="utf-8"), str(path), "exec")
    for name, line in _unknown(code, first.__globals__):
        yield Problem(path, line, f"{name} is not defined; import or define it, or correct it")
    yield from _functions_of_the_lesson(stage, path)
    names = set(get_args(DataChoice)) - {"auto"}
    public = "\n".join(
        stub_source(cell.source) if cell.kind == "task" else cell.source
        for cell in stage.lesson.cells
    )
    for one in own:
        if one.at_least is not None and set(one.at_least) != names:
            yield Problem(
                path,
                one.line,
                f"{one.name} has thresholds for {', '.join(sorted(one.at_least)) or 'nothing'}, "
                f"and needs one for each of {', '.join(sorted(names))}; set them with "
                f"`nngrade calibrate {stage.name}`",
            )
        if one.name in public:
            yield Problem(
                path,
                one.line,
                f"the name {one.name} stands in the students' notebook, which must not tell of "
                "hidden checks; rename the check",
            )


def _points(stage: Stage, rules: StageRules) -> Iterator[Problem]:
    total = sum(check.points for check in stage.checks)
    wanted = rules.points
    if total == wanted or (wanted is None and total == int(total)):
        return
    # The one to be changed is most probably the one that is no whole number.
    own = [one for one in stage.checks if one.points]
    culprit = next((one for one in own if one.points != int(one.points)), own[-1])
    told = f"the checks of {stage.name} are worth {total:g} points in all"
    if wanted is None:
        said = f"{told}, which is no whole number; change the points of {culprit.name}, say"
    else:
        change = f"{abs(wanted - total):g} {'more' if wanted > total else 'fewer'}"
        said = (
            f"{told}, and a stage is worth {wanted} (points in solutions/course.toml); give "
            f"{change} to {culprit.name}, say"
        )
    yield Problem(stage.folder / "checks.py", culprit.line, said)


def _functions_of_the_lesson(stage: Stage, path: Path) -> Iterator[Problem]:
    """What checks ask of ``student`` and ``reference`` is there."""
    checks = {one.name for one in stage.checks}
    there = stage.reference.namespace.keys() | vars(type(stage.reference)).keys()
    known = ", ".join(task.name for task in stage.lesson.tasks)
    for function in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(function, ast.FunctionDef) or function.name not in checks:
            continue
        for node in ast.walk(function):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in ("student", "reference")
                and node.attr not in there
            ):
                yield Problem(
                    path,
                    node.lineno,
                    f"the lesson defines no {node.attr}, which {function.name} asks of "
                    f"`{node.value.id}`; the tasks are: {known}",
                )


# The planted answers.


def _of_answers(stage: Stage, rules: StageRules) -> Iterator[Problem]:
    for kind, answers, wanted in (
        ("misconception", stage.misconceptions, rules.misconceptions),
        ("alternative", stage.alternatives, rules.alternatives),
    ):
        path = stage.folder / f"{kind}s.py"
        for task in stage.lesson.tasks:
            have = sum(one.task == task.name for one in answers)
            if have < wanted:
                told = amount(have, kind) if have else f"no {kind}"
                yield Problem(
                    path,
                    1,
                    f"the task {task.name} has {told} and needs {wanted} at least; add "
                    f'{amount(wanted - have, "function")} with `@{kind}("{task.name}", ...)`',
                )
        for one in answers:
            if problem := _source(stage, path, one):
                yield problem
    yield from _caught_by(stage)


def _source(stage: Stage, path: Path, answer: Answer) -> Problem | None:
    """Whether an answer can stand in a notebook in the place of the solution."""
    try:
        tree = ast.parse(answer.source)
    except SyntaxError as error:
        said = f"cannot be planted ({error.msg}); write `def NAME(...)` and its body plainly"
        return Problem(path, answer.line, f"{answer.name} {said}")
    defined = [one.name for one in tree.body if isinstance(one, ast.FunctionDef)]
    if answer.task not in defined:
        said = f"cannot be planted; start it with `def {answer.name}(` on one line"
        return Problem(path, answer.line, f"{answer.name} {said}")
    code = compile(tree, str(path), "exec")
    for name, _ in _unknown(code, stage.reference.namespace):
        said = f"uses {name}, which nothing defines; import or define it, or correct the name"
        return Problem(path, answer.line, f"{answer.name} {said}")
    return None


def _caught_by(stage: Stage) -> Iterator[Problem]:
    path = stage.folder / "misconceptions.py"
    homes = {one.name: one.task for one in stage.checks if one.function is not None}
    for one in stage.misconceptions:
        own = ", ".join(name for name, task in homes.items() if task == one.task)
        if not one.hint:
            yield Problem(path, one.line, f'{one.name} has no hint; write hint="..."')
        if not one.caught_by:
            said = f"names no check that must catch it; write caught_by=, one of: {own}"
            yield Problem(path, one.line, f"{one.name} {said}")
            continue
        dangling = [name for name in one.caught_by if name not in homes]
        if dangling:
            said = f"caught_by names {', '.join(dangling)}, which is no check of this stage"
            yield Problem(path, one.line, f"{one.name}: {said}; those of {one.task} are: {own}")
        elif one.task not in {homes[name] for name in one.caught_by}:
            said = f"is caught by no check of its own task; name one of: {own}"
            yield Problem(path, one.line, f"{one.name} {said}")


# Names.


def _unknown(code: CodeType, known: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Global names that functions in a module use and nothing defines, each once, and where."""
    codes = list(_codes(code))
    there = {*known, *dir(builtins), "__file__", "__name__"}
    for one in codes:
        for step in dis.get_instructions(one):
            if step.opname in ("STORE_GLOBAL", "STORE_NAME") and step.argval:
                there.add(step.argval)
    seen: set[str] = set()
    for one in codes:
        for step in dis.get_instructions(one):
            name: Any = step.argval
            if step.opname == "LOAD_GLOBAL" and name not in there and name not in seen:
                seen.add(name)
                line = step.positions.lineno if step.positions else None
                yield name, line or one.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    return chain([code], *(_codes(one) for one in code.co_consts if inspect.iscode(one)))
