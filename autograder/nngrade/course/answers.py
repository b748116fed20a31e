"""Planted answers of a course: known mistakes, and correct solutions in other styles.

Answers are ordinary functions in a stage's ``misconceptions.py`` and ``alternatives.py``. They are
read as source rather than imported, because the text of an answer replaces the task's own function
in a notebook. The file's top-level imports and undecorated helpers are copied along with it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeGuard, TypeVar, get_args

from nngrade.course.lesson import Lesson
from nngrade.errors import LessonError, Problem

__all__ = ["Answer", "alternative", "misconception", "read_answers"]

Function = TypeVar("Function", bound=Callable[..., Any])
Decorator = Literal["misconception", "alternative"]


@dataclass(frozen=True)
class Answer:
    """A planted answer to one task.

    Attributes
    ----------
    task : str
        Name of the task.
    name : str
        Name of the answer's function in the file.
    description : str
        Difference from the reference solution, from the function's docstring.
    source : str
        Python source that defines the task's function, under the task's name.
    hint : str
        For a mistake: a sentence that does not give the answer away.
    caught_by : tuple of str
        For a mistake: names of the checks that must fail on it.
    line : int
        The line of the file on which its function starts.
    """

    task: str
    name: str
    description: str
    source: str
    hint: str = ""
    caught_by: tuple[str, ...] = ()
    line: int = field(default=1, compare=False)


def misconception(
    task: str, *, hint: str, caught_by: str | tuple[str, ...]
) -> Callable[[Function], Function]:
    """Declare a function of ``misconceptions.py`` as a wrong solution of a task.

    Parameters
    ----------
    task : str
        Name of the task.
    hint : str
        Hint for a student who made this mistake; it must not give the answer away.
    caught_by : str or tuple of str
        Names of all checks that must fail on this mistake.
    """
    return lambda function: function


def alternative(task: str) -> Callable[[Function], Function]:
    """Declare a function of ``alternatives.py`` as a correct solution of a task."""
    return lambda function: function


def read_answers(path: Path, decorator: Decorator, lesson: Lesson) -> tuple[Answer, ...]:
    """Read a file of planted answers.

    Parameters
    ----------
    path : Path
        The file; if it does not exist, there are no answers.
    decorator : {"misconception", "alternative"}
        Name of the decorator that marks an answer.
    lesson : Lesson
        The lesson that defines the tasks.

    Raises
    ------
    LessonError
        If the file has problems; the error lists all of them.
    """
    if not path.exists():
        return ()
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text, str(path))
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(path, 1, f"cannot be read as UTF-8 text: {error}")
        raise LessonError([problem]) from error
    except SyntaxError as error:
        problem = Problem(path, error.lineno or 1, f"not valid Python: {error.msg}; correct it")
        raise LessonError([problem]) from error
    problems: list[Problem] = []
    answers = tuple(_answers(path, text, tree, decorator, lesson, problems))
    if problems:
        raise LessonError(problems)
    return answers


def _answers(
    path: Path,
    text: str,
    tree: ast.Module,
    decorator: Decorator,
    lesson: Lesson,
    problems: list[Problem],
) -> Iterator[Answer]:
    tasks = {task.name for task in lesson.tasks}
    common = "\n\n".join(
        ast.get_source_segment(text, node) or ""
        for node in tree.body
        if not _decoration(node, decorator) and not _is_scaffolding(node)
    )
    seen: set[str] = set()
    for node in tree.body:
        call = _decoration(node, decorator)
        if call is None or not isinstance(node, ast.FunctionDef):
            if _is_meant_as_answer(node):
                what = f'is no answer as it stands; decorate it with `@{decorator}("TASK", ...)`'
                problems.append(Problem(path, node.lineno, f"{node.name} {what}"))
            continue
        try:
            task = ast.literal_eval(call.args[0])
            options = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
        except (ValueError, IndexError):
            problems.append(
                Problem(path, node.lineno, f"{node.name}: write the decorator's values out")
            )
            continue
        if task not in tasks:
            known = ", ".join(sorted(tasks))
            problems.append(
                Problem(path, node.lineno, f"{node.name}: no task {task!r}; there are: {known}")
            )
        if node.name in seen:
            problems.append(Problem(path, node.lineno, f"a second answer named {node.name}"))
        seen.add(node.name)
        description = ast.get_docstring(node)
        if not description:
            problems.append(
                Problem(path, node.lineno, f"{node.name} needs a docstring: what is it about?")
            )
        caught_by = options.get("caught_by", ())
        yield Answer(
            task=task,
            name=node.name,
            description=" ".join((description or "").split()),
            source=(common + "\n\n\n" if common else "") + _planted(text, node, task),
            hint=options.get("hint", ""),
            caught_by=(caught_by,) if isinstance(caught_by, str) else tuple(caught_by),
            line=node.lineno,
        )


def _decoration(node: ast.stmt, name: Decorator) -> ast.Call | None:
    if isinstance(node, ast.FunctionDef):
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == name:
                return decorator
    return None


def _is_meant_as_answer(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    """Whether a function has one of the two decorators, but not in the form that is read."""
    if not isinstance(node, ast.FunctionDef):
        return False
    for decorator in node.decorator_list:
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        if (getattr(named, "id", "") or getattr(named, "attr", "")) in get_args(Decorator):
            return True
    return False


def _is_scaffolding(node: ast.stmt) -> bool:
    """Whether a statement is left out of the notebook: a docstring or an import from nngrade."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__" or (node.module or "").split(".")[0] == "nngrade"
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _planted(text: str, node: ast.FunctionDef, task: Any) -> str:
    """Source of the function under the task's name, without the docstring that reveals it."""
    lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
    lines[0] = lines[0].replace(f"def {node.name}(", f"def {task}(", 1)
    first = node.body[0]
    if ast.get_docstring(node) is not None and len(node.body) > 1:
        start, stop = first.lineno - node.lineno, (first.end_lineno or first.lineno) - node.lineno
        del lines[start : stop + 1]
    return "\n".join(lines)
