"""Between IPython and the panels: which cell runs, how it ended, what is shown."""

from __future__ import annotations

import ast
import contextlib
import copy
import sys
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Any

from nngrade.live.asking import answer
from nngrade.live.clock import Clock, TooLong
from nngrade.live.evidence import RECORDER, Evidence, recorded
from nngrade.live.panel import bundle, display, note_bundle
from nngrade.live.places import frames_in
from nngrade.live.session import Session, stored_names
from nngrade.live.settings import settings
from nngrade.live.staff import hidden_checks
from nngrade.live.verdict import Verdict
from nngrade.text import with_article

__all__ = ["Hook", "off", "on"]

_hook: Hook | None = None


def on(shell: Any = None) -> None:
    """Have the cells of a notebook answer.

    Parameters
    ----------
    shell : InteractiveShell, optional
        The shell that runs the cells; IPython's own, where there is one that shows something. Where
        there is none, as when grading, nothing happens.
    """
    global _hook
    if shell is None:
        shell = _shown_shell()
    if shell is None or (_hook is not None and _hook.shell is shell):
        return
    off()
    _hook = Hook(shell, display)
    _hook.install()


def off() -> None:
    """Have IPython answer by itself again."""
    global _hook
    if _hook is not None:
        _hook.remove()
        _hook = None


def _shown_shell() -> Any:
    """The shell of a Jupyter kernel, if this is one."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell if shell is not None and getattr(shell, "kernel", None) is not None else None


class Hook:
    """The panels of one shell.

    Parameters
    ----------
    shell : InteractiveShell
    show : callable
        Shows what it is given by MIME type.
    tell : callable, optional
        Is told each verdict, whether it is shown or not.
    """

    def __init__(
        self,
        shell: Any,
        show: Callable[[dict[str, str]], None],
        tell: Callable[[Verdict], None] | None = None,
    ) -> None:
        self.shell = shell
        self.session = Session(shell.user_ns)
        self._show = show
        self._tell = tell
        self._asks = hidden_checks() if tell is None else None
        self._task: str | None = None
        self._evidence: Evidence | None = None
        self._source = ""
        self._cell_id: str | None = None
        self._file = ""
        self._clock: Clock | None = None
        self._forgiven = False
        self._figures: set[int] = set()

    def install(self) -> None:
        """Begin."""
        events = self.shell.events
        events.register("pre_run_cell", self.before)
        events.register("post_run_cell", self.after)
        self.shell.ast_transformers.append(self)
        self.shell.set_custom_exc((Exception, TooLong, KeyboardInterrupt), self.failed)

    def remove(self) -> None:
        """End."""
        events = self.shell.events
        for name, callback in (("pre_run_cell", self.before), ("post_run_cell", self.after)):
            with contextlib.suppress(ValueError):
                events.unregister(name, callback)
        with contextlib.suppress(ValueError):
            self.shell.ast_transformers.remove(self)
        self.shell.custom_exceptions = ()

    def before(self, info: Any) -> None:
        """Look at a cell that is about to run."""
        self._task = self._evidence = None
        self._forgiven = False
        self._source = info.raw_cell or ""
        self._cell_id = getattr(info, "cell_id", None)
        if not settings.panel or getattr(info, "silent", False):
            return
        self._figures = _open_figures()
        with _harmless():
            if self.session.is_question(self._cell_id, self._source):
                # The name may be a student's variable by now.
                self.shell.user_ns["answer"] = answer
            self._task = self.session.test_of(self._cell_id, self._source)

    def visit(self, tree: ast.Module) -> ast.Module:
        """Have a test cell tell what it does; IPython calls this for each cell."""
        if self._task is None:
            if (name := self._lacking()) is not None:
                return ast.parse(f"raise NameError('not made yet', name={name!r})")
            self._guard()
            return tree
        with _harmless():
            watched = recorded(copy.deepcopy(tree))
            # Of a cell with a magic such as %%time, that comes first, and then what is in it.
            if self._evidence is None:
                self._evidence = self.session.begin(self._task, self._source)
                self._clock = Clock(settings.seconds)
                self._clock.start()
                self._evidence.hurry = self._clock.hurry
            return watched
        if self._evidence is None:
            self._task = None
        return tree

    def _lacking(self) -> str | None:
        """A name that a cell of the course reads and that a cell above could not make."""
        with _harmless():
            if settings.panel:
                return self.session.lacking_in(self._cell_id, self._source)
        return None

    def _guard(self) -> None:
        """Set a cell of the course a limit if it uses what is known to be wrong."""
        with _harmless():
            if (
                settings.panel
                and self._clock is None
                and self.session.failing_in(self._cell_id, self._source)
            ):
                self._clock = Clock(settings.seconds)
                self._clock.start()

    def failed(
        self,
        shell: Any,
        kind: type[BaseException],
        value: BaseException,
        traceback: TracebackType,
        tb_offset: int | None = None,
    ) -> list[str]:
        """Show what an exception means, in place of its traceback; IPython calls this."""
        self._stop_clock()
        if isinstance(value, KeyboardInterrupt):
            if self._clock is None or not self._clock.fired:
                shell.showtraceback((kind, value, traceback), tb_offset=tb_offset)
                self._evidence = None
                return []
            value = TooLong().with_traceback(traceback)
        if self._task is not None and self._evidence is not None:
            if not self._answer(value):
                shell.showtraceback((kind, value, traceback), tb_offset=tb_offset)
            elif settings.go_on:
                self._forgiven = True
            else:
                self._shown_shortly(kind, value)
            self._evidence = None
            return []
        sentence = None
        if settings.panel:
            with _harmless():
                sentence = self._follows(value)
        if sentence is not None:
            self._forgiven = True
            _close(_open_figures() - self._figures)
            self._show(note_bundle(sentence))
        else:
            shell.showtraceback((kind, value, traceback), tb_offset=tb_offset)
        return []

    def _follows(self, error: BaseException) -> str | None:
        """One line where a cell only lacks what is not done or wrong; None where it is at fault."""
        name = str(error.name) if isinstance(error, NameError) else ""
        task: str | None
        if name in self.session.missing:
            task = self.session.missing[name]
            sentence = f"○ This cell needs {name}, which a cell above makes once {task} is right."
        elif isinstance(error, NotImplementedError) and (task := self.session.not_done(error)):
            sentence = f"○ This cell needs {task}, which is not done yet."
        elif failing := self.session.failing_in(self._cell_id, self._source):
            task = failing
            how = (
                "it would not come to an end"
                if isinstance(error, TooLong)
                else f"it stops with {with_article(type(error).__name__)}"
            )
            sentence = f"○ This cell needs {task}, whose tests do not pass yet: {how}."
        else:
            return None
        # What is there already may be half made, or an earlier cell's.
        self.session.missing.update(dict.fromkeys(stored_names(self._source), task))
        return sentence

    def after(self, result: Any) -> None:
        """Show the answer of a test cell that went through."""
        self._stop_clock()
        if self._forgiven:
            # "Run all" goes on.
            result.error_in_exec = None
            self._forgiven = False
        elif self._evidence is not None and result.error_before_exec is None:
            # An exception that has not come by `failed` is one of those that nothing may catch.
            self._answer(result.error_in_exec)
        elif result.success:
            with _harmless():
                self.session.made(self._source)
        self.shell.user_ns.pop(RECORDER, None)
        self._task = self._evidence = self._clock = None

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.over = True
            self._clock.stop()

    def _answer(self, error: BaseException | None) -> bool:
        """Show a panel; whether that came about."""
        task, evidence = self._task, self._evidence
        assert task is not None
        assert evidence is not None
        with _harmless():
            verdict = self.session.end(task, evidence, error, self._test_file(error))
            verdict = self._with_points(verdict)
            if self._tell is not None:
                self._tell(verdict)
            self._show(bundle(verdict))
            return True
        return False

    def _with_points(self, verdict: Verdict) -> Verdict:
        """What the hidden checks say, where whoever runs the notebook has named the course."""
        if self._asks is None or verdict.state == "undone" or self.session.path is None:
            return verdict
        return replace(
            verdict, hidden=self._asks(self.session.path, verdict.task, self.session.sources())
        )

    def _test_file(self, error: BaseException | None) -> str:
        """Name of the test cell for Python: that of the outermost line of the notebook."""
        frames = frames_in(error, self.shell.user_ns)
        return next((frame.f_code.co_filename for frame, _ in frames), "")

    def _shown_shortly(self, kind: type[BaseException], value: BaseException) -> None:
        """Tell the notebook program that the cell failed, so that "Run all" stops there."""
        self.shell._showtraceback(kind, value, [f"{kind.__name__}: the panel says why."])


def _open_figures() -> set[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot is not None else set()


def _close(figures: set[int]) -> None:
    """Close figures that are not finished: the next cell that draws would show them."""
    for number in figures:
        sys.modules["matplotlib.pyplot"].close(number)


class _harmless:
    """A mistake in here must not stand in the way of a student's cell."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> bool:
        return kind is not None and issubclass(kind, Exception)
