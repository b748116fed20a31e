"""Write results where nbgrader keeps them: its database, and the folder of autograded notebooks.

What ``nbgrader autograde`` would write, by nbgrader's own interface and under its own options, so
that formgrader, export and feedback carry on from there: manual grades, comments and extra credit
stay as they are, a late submission gets the penalty that the course's plugin says.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SAWarning, SQLAlchemyError

from nngrade.course.options import Level
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError
from nngrade.extras import install_command
from nngrade.gradebook.autograded import autograded_notebook
from nngrade.gradebook.handed_in import NotWritten
from nngrade.results import SubmissionResult, points_of

__all__ = ["GradebookWriter", "NotWritten"]

# Seconds for which a database is waited for that somebody else has locked.
PATIENCE = 30.0

# What libpq waits for without end, or for a quarter of an hour. Options of the client only, which
# a pooler such as PgBouncer does not see; what the course's own URL says goes first.
_LIBPQ = {
    "connect_timeout": "10",
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}

_T = TypeVar("_T")


@dataclass(frozen=True)
class _Options:
    """What nbgrader's configuration says."""

    db_url: str
    course_id: str
    autograded: str
    structure: str
    ignore: list[str]
    create_student: bool
    permissions: int
    config: Any


class GradebookWriter:
    """The one writer of a course's gradebook; use it as a context manager.

    Parameters
    ----------
    course : Course
        Whose folder holds ``nbgrader_config.py``.
    level : Level
        How much the autograded notebooks tell.

    Raises
    ------
    CourseError
        When the gradebook cannot be opened.
    """

    def __init__(self, course: Course, level: Level) -> None:
        self.level = level
        self._course = course
        self._options = _read_options(course)
        self._patience = PATIENCE
        if shutil.which("alembic") is None:
            # nbgrader calls it by its name when it makes a gradebook.
            os.environ["PATH"] += os.pathsep + str(Path(sys.executable).parent)
        # What a database said that took long to fail, and when to ask it again.
        self._trouble: DBAPIError | None = None
        self._ask_again = 0.0
        self._book = _open(self._options)
        plugin = AssignLatePenalties(config=self._options.config)
        plugin.init_plugin()
        self._late = plugin.plugin_inst

    def __enter__(self) -> GradebookWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back."""
        self._book.close()

    @property
    def students(self) -> set[str] | None:
        """The students that may have grades; None where new ones are welcome."""
        if self._options.create_student:
            return None
        return self._read(lambda: {student.id for student in self._book.students})

    def require(self, stage: Stage) -> None:
        """See that the gradebook knows a stage, with the points that its checks give.

        Raises
        ------
        CourseError
            Otherwise, with the fix.
        """
        fix = (
            f"run `nngrade build {stage.name}`, then "
            f"`nbgrader generate_assignment {stage.name} --force`"
        )
        try:
            known = self._read(lambda: self._worth(stage.name))
        except MissingEntry:
            raise CourseError(f"the gradebook does not know {stage.name}; {fix}") from None
        worth: dict[str, float] = {}
        for check in stage.checks:
            name = f"tests-{check.task}"
            worth[name] = round(worth.get(name, 0) + check.points, 6)
        if known != worth:
            raise CourseError(
                f"the gradebook's tasks of {stage.name} are not those of its checks, or are worth "
                f"other points; {fix}"
            )

    def _worth(self, stage: str) -> dict[str, float]:
        cells = self._book.find_notebook(stage, stage).grade_cells
        return {cell.name: float(cell.max_score) for cell in cells}

    def holds(self, student: str, stage: str) -> bool:
        """Whether a submission's grades and its autograded notebook are there."""
        try:
            graded = self._read(lambda: self._is_graded(student, stage))
        except (MissingEntry, CourseError):
            return False  # where the gradebook cannot be read, writing will say why
        return graded and (self._folder(student, stage) / f"{stage}.ipynb").exists()

    def _is_graded(self, student: str, stage: str) -> bool:
        notebook = self._book.find_submission_notebook(stage, stage, student)
        return all(grade.auto_score is not None for grade in notebook.grades)

    def _read(self, action: Callable[[], _T]) -> _T:
        """Read from the database, and leave no transaction open while submissions are graded.

        Raises
        ------
        CourseError
            When it cannot be read.
        """
        try:
            try:
                return self._reconnecting(action)
            finally:
                self._book.db.rollback()
        except SQLAlchemyError as error:
            raise CourseError(
                f"the gradebook cannot be read ({_first_line(error)}); "
                "mend that and run the same command again"
            ) from error

    def write(self, result: SubmissionResult, stage: Stage, timestamp: datetime | None) -> None:
        """Write one result: the notebook first, then the grades, all of them or none.

        Raises
        ------
        NotWritten
        """
        try:
            self._write_notebook(result, stage)
            with warnings.catch_warnings():
                # nbgrader's own, of which nobody here can make anything.
                warnings.simplefilter("ignore", SAWarning)
                self._retrying(lambda: self._write_grades(result, stage, timestamp))
        except OSError as error:
            raise NotWritten(
                f"{error.filename or self._folder(result.student, stage.name)} cannot be written "
                f"({error.strerror}); mend that and run the same command again"
            ) from error
        except SQLAlchemyError as error:
            raise NotWritten(
                f"the gradebook cannot be written ({_first_line(error)}); "
                "mend that and run the same command again"
            ) from error

    def _retrying(self, action: Callable[[], None]) -> None:
        """Carry out a transaction, waiting while somebody else holds the database."""
        give_up, pause = time.monotonic() + self._patience, 0.1
        while True:
            try:
                self._reconnecting(action)
                return
            except DBAPIError as error:
                if not _is_locked(error):
                    raise
                if time.monotonic() > give_up:
                    self._patience = 0.0  # who held it so long may hold it for all the others too
                    raise
                time.sleep(pause)
                pause = min(2 * pause, 2.0)

    def _reconnecting(self, action: Callable[[], _T]) -> _T:
        """Carry out an action; where its connection turns out to be dead, once more on a new one.

        The server was started again, say. An action may be repeated at any point: it sets values,
        and adds to none.
        """
        started = time.monotonic()
        if self._trouble is not None and started < self._ask_again:
            raise self._trouble
        try:
            try:
                return self._undone(action)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                return self._undone(action)
        except DBAPIError as error:
            # A server that cannot be reached must not cost its time-out for each of a thousand.
            if (took := time.monotonic() - started) > 5.0 and not _is_locked(error):
                self._trouble, self._ask_again = error, time.monotonic() + 10 * took
            raise

    def _undone(self, action: Callable[[], _T]) -> _T:
        """Carry out an action; where it fails, leave a session that can be used again."""
        try:
            return action()
        except InvalidEntry as error:
            self._book.db.rollback()
            # What nbgrader makes of every error of the database in its own commits.
            if isinstance(error.__context__, SQLAlchemyError):
                raise error.__context__ from None
            raise
        except BaseException:
            self._book.db.rollback()
            raise

    def _write_grades(
        self, result: SubmissionResult, stage: Stage, timestamp: datetime | None
    ) -> None:
        book = self._book
        if self._options.create_student:
            book.update_or_create_student(result.student)
        stamp = {} if timestamp is None else {"timestamp": timestamp}
        submission = book.update_or_create_submission(stage.name, result.student, **stamp)
        notebook = book.find_submission_notebook(stage.name, stage.name, result.student)
        for grade in notebook.grades:
            task = grade.name.removeprefix("tests-")
            grade.auto_score, _ = points_of([one for one in result.checks if one.task == task])
            # A person looks again at what a person graded before.
            grade.needs_manual_grade = grade.manual_score is not None
        unanswered = self._unanswered(result.student, stage.name)
        for comment in notebook.comments:
            comment.auto_comment = "No response." if comment.name in unanswered else None
        book.db.flush()
        book.db.refresh(notebook)
        notebook.late_submission_penalty = self._penalty(submission, notebook, result.student)
        book.db.commit()
        # Sessions remember what they have seen; a run of thousands must not grow.
        book.db.expunge_all()

    def _penalty(self, submission: Any, notebook: Any, student: str) -> float | None:
        late = submission.total_seconds_late
        if late <= 0:
            return None
        penalty = self._late.late_submission_penalty(student, notebook.score, late)
        return None if penalty is None else min(max(0.0, penalty), notebook.score)

    def _unanswered(self, student: str, stage: str) -> set[str]:
        """The tasks' cells that are as the release had them."""
        known = {
            cell.name: cell.checksum for cell in self._book.find_notebook(stage, stage).source_cells
        }
        path = self._folder(student, stage) / f"{stage}.ipynb"
        untouched = set()
        for cell in nbformat.read(path, as_version=4).cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if utils.is_solution(cell) and utils.compute_checksum(cell) == known.get(name):
                untouched.add(name)
        return untouched

    def _folder(self, student: str, stage: str) -> Path:
        structure = self._options.structure.format(
            nbgrader_step=self._options.autograded, student_id=student, assignment_id=stage
        )
        return self._course.root / structure

    def _write_notebook(self, result: SubmissionResult, stage: Stage) -> None:
        """Write the autograded folder anew beside the old one, and put it in its place."""
        folder = self._folder(result.student, stage.name)
        draft = folder.with_name(f".{folder.name}.new")
        _remove(draft)
        draft.mkdir(parents=True)
        submitted = Path(result.path)
        if submitted.parent.name == stage.name:
            for name in utils.find_all_files(
                str(submitted.parent), [*self._options.ignore, "*.ipynb"]
            ):
                target = draft / Path(name).relative_to(submitted.parent)
                target.parent.mkdir(parents=True, exist_ok=True)
                if os.path.isfile(name) and not os.path.islink(name):
                    shutil.copyfile(name, target)
        notebook = autograded_notebook(submitted, stage, result, self.level)
        path = draft / f"{stage.name}.ipynb"
        path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        for file in draft.rglob("*"):
            if file.is_file():
                file.chmod(self._options.permissions)
        _remove(folder)
        draft.rename(folder)


def _read_options(course: Course) -> _Options:
    """Read the configuration as nbgrader does, for the course's folder."""
    app = NbGrader()
    app.log = logging.getLogger("nngrade.term")
    here = Path.cwd()
    try:
        os.chdir(course.root)
        with contextlib.redirect_stderr(None):
            app.initialize([])
    except SystemExit as error:
        raise CourseError(
            f"{course.root / 'nbgrader_config.py'} cannot be read; see what `nbgrader --version` "
            "says there"
        ) from error
    finally:
        os.chdir(here)
    directory = app.coursedir
    converter = Autograde(coursedir=directory, config=app.config)
    return _Options(
        db_url=directory.db_url,
        course_id=directory.course_id,
        autograded=directory.autograded_directory,
        structure=directory.directory_structure,
        ignore=list(directory.ignore),
        create_student=converter.create_student,
        permissions=int(str(converter.permissions), 8),
        config=app.config,
    )


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _open(options: _Options) -> Gradebook:
    """Open the gradebook so that nothing waits for its server without end."""
    try:
        url = make_url(options.db_url)
    except (SQLAlchemyError, ValueError):
        # Said without the URL, or a part of it: that may be the password.
        raise CourseError(
            "CourseDirectory.db_url in nbgrader_config.py is not a database's URL, such as "
            "postgresql+psycopg2://USER:PASSWORD@HOST/DATABASE"
        ) from None
    shown = url.set(query={}).render_as_string()
    told = options.db_url
    if url.drivername in {"postgresql", "postgresql+psycopg2", "postgresql+psycopg"}:
        told = url.set(query={**_LIBPQ, **url.query}).render_as_string(hide_password=False)
    # nbgrader logs a traceback of what is told in a sentence here.
    logging.getLogger("tornado.application").addHandler(logging.NullHandler())
    try:
        book = Gradebook(told, options.course_id)
    except ImportError as error:
        raise CourseError(
            f"the gradebook {shown} needs a driver that is not installed ({error}); for "
            f"PostgreSQL: {install_command('postgresql')}"
        ) from error
    except (SQLAlchemyError, InvalidEntry) as error:
        raise CourseError(
            f"the gradebook {shown} cannot be opened: {_first_line(error)}"
        ) from error
    if url.get_backend_name() == "postgresql":
        _limit_waiting(book)
    return book


def _limit_waiting(book: Gradebook) -> None:
    """Let no statement wait longer than a while for a row that somebody else is changing."""
    book.db.remove()
    book.engine.dispose()

    def limit(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = '{PATIENCE:g}s'")
        cursor.close()
        connection.commit()

    event.listen(book.engine, "connect", limit)


def _is_locked(error: DBAPIError) -> bool:
    """Whether it may go well a moment later: SQLite's lock, or a deadlock that was resolved."""
    said = str(error.orig)  # without the statement, in which a column is named "locked"
    return "locked" in said or "deadlock" in said


def _first_line(error: Exception) -> str:
    # What the database said, where it said it: around it SQLAlchemy speaks to programmers.
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__
