"""The state of a notebook that is being worked on: which tasks pass, which are in the way."""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
from collections.abc import Collection, Iterator, MutableMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nngrade.live.clock import TooLong, limited
from nngrade.live.evidence import RECORDER, Evidence, recorded
from nngrade.live.outline import Outline, find_notebook, read_outline
from nngrade.live.places import code_of, frames_in, names_used, own_places
from nngrade.live.reading import function_in
from nngrade.live.settings import settings
from nngrade.live.verdict import Circumstances, Verdict, judge
from nngrade.worker.magics import parse_cell

__all__ = ["Session"]

# So long the tests of another task may run, of which nothing is known yet.
SECONDS_ASIDE = 2.0
MOST_MEANWHILE = 3


@dataclass
class Session:
    """What is known of the running notebook.

    Parameters
    ----------
    namespace : mutable mapping
        The kernel's user namespace.
    path : Path, optional
        The notebook's file; looked for where it is not given.
    """

    namespace: MutableMapping[str, Any]
    path: Path | None = None
    # Verdicts, each with the code of the functions that it is about.
    _known: dict[str, tuple[Verdict, tuple[Any, ...]]] = field(default_factory=dict)
    # Names that a cell did not set, or only began to, because a task in it was not done, with that
    # task.
    missing: dict[str, str] = field(default_factory=dict)
    _outline: Outline = field(default_factory=Outline)
    _stamp: float = 0.0
    _seen: dict[str, str] = field(default_factory=dict)

    def outline(self, cell_id: str | None = None, source: str = "") -> Outline:
        """The notebook's cells; read again when its file has changed."""
        path = self.path or find_notebook(self.namespace, cell_id, source)
        if path is not None:
            with contextlib.suppress(OSError, ValueError, RecursionError):
                stamp = path.stat().st_mtime
                if stamp != self._stamp:
                    self._outline, self._stamp = read_outline(path), stamp
                self.path = path
        return self._outline

    def is_question(self, cell_id: str | None, source: str) -> bool:
        """Whether the cell that is run is where a question is answered."""
        if "answer(" not in source:
            return False
        cell = self.outline(cell_id, source).cell(cell_id, source)
        return cell is not None and cell.kind == "question"

    def test_of(self, cell_id: str | None, source: str) -> str | None:
        """The task whose test cell is run, or None where it is another cell."""
        if "assert" not in source:
            return None
        outline = self.outline(cell_id, source)
        cell = outline.cell(cell_id, source)
        if cell is not None and cell.kind:
            return cell.task if cell.kind == "tests" else None
        if cell_id is not None and cell_id.startswith("tests-"):
            return cell_id.removeprefix("tests-")
        return self._task_in(source)

    def _task_in(self, source: str) -> str | None:
        """The task that a cell of asserts is about, where no file tells: the function it calls."""
        tree = parse_cell(source)
        if tree is None:
            return None
        if any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body):
            return None
        if not any(isinstance(node, ast.Assert) for node in ast.walk(tree)):
            return None
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                function = self.namespace.get(node.func.id)
                code = code_of(function)
                if code is not None and getattr(function, "__globals__", None) is self.namespace:
                    return node.func.id
        return None

    @property
    def tasks(self) -> tuple[str, ...]:
        """All tasks of the notebook that are known."""
        return tuple(dict.fromkeys([*self._outline.tasks, *self._seen]))

    def begin(self, task: str, source: str) -> Evidence:
        """Make ready for a run of a task's test cell."""
        self._seen[task] = source
        evidence = self._evidence()
        self.namespace[RECORDER] = evidence
        return evidence

    def _evidence(self) -> Evidence:
        """Evidence of a run, with the tasks whose functions are there."""
        return Evidence(frozenset(one for one in self.tasks if callable(self.namespace.get(one))))

    def end(
        self, task: str, seen: Evidence, error: BaseException | None, test_file: str
    ) -> Verdict:
        """Say what a run of a test cell means, and keep it."""
        self.namespace.pop(RECORDER, None)
        verdict = self._judged(task, seen, error, test_file, settings.seconds, {task})
        self._keep(verdict)
        return self._with_progress(verdict)

    def _judged(
        self,
        task: str,
        seen: Evidence,
        error: BaseException | None,
        test_file: str,
        seconds: float,
        asking: set[str],
    ) -> Verdict:
        raised_in = [frame.f_code.co_filename for frame, _ in frames_in(error, self.namespace)]
        used = names_used(self.namespace.get(task), self.namespace)
        called = [name for name in self.tasks if name in used and name not in asking]
        known = Circumstances(
            self.namespace,
            own_places(error, self.namespace, self.tasks, test_file),
            lambda name: self.state_of(name, asking),
            called,
            self._in_tests(task, asking),
            seconds,
            self._code(task),
            self._stub(task),
            task in self._outline.projects,
            raised_in[-1:] == [test_file],
        )
        verdict = judge(task, seen, error, known)
        if verdict.state == "undone":
            return replace(verdict, meanwhile=self._without(task))
        if verdict.state == "waiting":
            return replace(verdict, meanwhile=self._without(verdict.culprit))
        return verdict

    def _in_tests(self, task: str, asking: Collection[str]) -> list[str]:
        source = self._seen.get(task) or self._outline.tests_of(task)
        return [
            name for name in self.tasks if name not in {*asking, task} and _names_it(source, name)
        ]

    def sources(self) -> dict[str, str]:
        """Source of the cell that defines each task's function, as it was run last."""
        codes = {task: code_of(self.namespace.get(task)) for task in self._outline.tasks}
        return {
            task: "".join(linecache.getlines(code.co_filename))
            for task, code in codes.items()
            if code is not None
        }

    def _code(self, task: str) -> ast.FunctionDef | None:
        code = code_of(self.namespace.get(task))
        if code is None:
            return None
        return function_in("".join(linecache.getlines(code.co_filename)), task)

    def _stub(self, task: str) -> Any:
        """A function with the description of a task's cell in the file."""
        function = function_in(self._outline.source_of(task), task)
        if function is None:
            return None

        def stub() -> None:
            pass

        stub.__doc__ = ast.get_docstring(function)
        return stub

    def _keep(self, verdict: Verdict) -> None:
        self._known[verdict.task] = verdict, self._version(verdict.task)

    def _version(self, task: str) -> tuple[Any, ...]:
        """Code of a task and of all that it calls: as long as it is the same, so is the verdict."""
        used = names_used(self.namespace.get(task), self.namespace) | {task}
        codes = [code_of(self.namespace.get(name)) for name in sorted(used)]
        return tuple(code for code in codes if code is not None)

    def known(self, task: str) -> Verdict | None:
        """Verdict on a task as it is now, or None where its tests have not been run since."""
        verdict, version = self._known.get(task, (None, ()))
        return verdict if verdict is not None and version == self._version(task) else None

    def state_of(
        self, task: str, asking: frozenset[str] | set[str] = frozenset()
    ) -> Verdict | None:
        """Verdict on another task; its tests are run where nothing is known of it yet."""
        known = self.known(task)
        if known is not None:
            return known
        source = self._outline.tests_of(task) or self._seen.get(task, "")
        if not source or not callable(self.namespace.get(task)):
            return None
        verdict = self._aside(task, source, set(asking) | {task})
        if verdict is not None:
            self._keep(verdict)
        return verdict

    def _aside(self, task: str, source: str, asking: set[str]) -> Verdict | None:
        """Run a task's tests beside the notebook; None where they take too long."""
        name = f"<tests of {task}>"
        tree = parse_cell(source)
        if tree is None:
            return None
        code = compile(recorded(tree), name, "exec")
        seen = self._evidence()
        error: BaseException | None = None
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                with limited(SECONDS_ASIDE):
                    exec(code, {**self.namespace, RECORDER: seen})
            except TooLong:
                return None
            except Exception as raised:
                error = raised
        return self._judged(task, seen, error, name, SECONDS_ASIDE, asking)

    def _without(self, culprit: str) -> tuple[str, ...]:
        """Tasks to go on with where one is not to be done now: those that do not name it."""
        found = []
        for task in self._outline.tasks:
            known = self.known(task)
            if task == culprit or (known is not None and known.state == "passed"):
                continue
            used = names_used(self.namespace.get(task), self.namespace)
            if culprit not in used and not _names_it(self._outline.tests_of(task), culprit):
                found.append(task)
        later = self._after(found, culprit)
        return tuple(later[:MOST_MEANWHILE])

    def _after(self, tasks: list[str], culprit: str) -> list[str]:
        order = self._outline.tasks
        place = order.index(culprit) if culprit in order else -1
        return sorted(tasks, key=lambda task: (order.index(task) < place, order.index(task)))

    def _with_progress(self, verdict: Verdict) -> Verdict:
        states = [self.known(task) for task in self._outline.tasks]
        passing = sum(one is not None and one.state == "passed" for one in states)
        return replace(verdict, passing=passing, tasks=len(states))

    def not_done(self, error: NotImplementedError) -> str | None:
        """The task that is not done, where that is what an exception in another cell means."""
        inner = None
        for frame, _ in frames_in(error, self.namespace):
            inner = frame.f_code.co_name
        return inner if inner in self.tasks or self._is_stub(inner) else None

    def failing_in(self, cell_id: str | None, source: str) -> str | None:
        """The task whose tests do not pass on which one of the course's own cells stops."""
        if all(one.state == "passed" for one, _ in self._known.values()):
            return None  # the file need not be looked at
        if not self._is_of_course(cell_id, source, "demo", "given"):
            return None
        for task in self.tasks:
            if _names_it(source, task):
                known = self.known(task)
                if known is not None and known.state != "passed":
                    return known.culprit or task
        return None

    def lacking_in(self, cell_id: str | None, source: str) -> str | None:
        """A name that one of the course's demo cells reads and that is missing."""
        if not self.missing or not self._is_of_course(cell_id, source, "demo"):
            return None
        read = set(_read_names(source)).difference(stored_names(source))
        return min(read.intersection(self.missing), default=None)

    def made(self, source: str) -> None:
        """Note that a cell has run to its end: what it sets is there."""
        for name in stored_names(source) if self.missing else ():
            self.missing.pop(name, None)

    def _is_of_course(self, cell_id: str | None, source: str, *kinds: str) -> bool:
        cell = self.outline(cell_id, source).cell(cell_id, source)
        return cell is not None and cell.kind in kinds

    def _is_stub(self, name: str | None) -> bool:
        code = code_of(self.namespace.get(name or ""))
        return code is not None and "NotImplementedError" in code.co_names


def _names_it(source: str, name: str) -> bool:
    tree = parse_cell(source)
    return tree is not None and any(
        isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree)
    )


def _read_names(source: str) -> Iterator[str]:
    """Names that a cell reads when it runs: not what its functions read when they are called."""
    tree = parse_cell(source)
    waiting: list[ast.AST] = list(tree.body) if tree is not None else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        waiting.extend(ast.iter_child_nodes(node))


def stored_names(source: str) -> Iterator[str]:
    """Names that a cell sets."""
    tree = parse_cell(source)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
