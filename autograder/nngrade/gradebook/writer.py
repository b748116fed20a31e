"""Write results into nbgrader's database and its folder of autograded notebooks.

The writer uses nbgrader's own interface and options and writes what ``nbgrader autograde`` would,
so that formgrader, export and feedback can continue from there. Manual grades, comments and extra
credit are preserved. A late submission gets the penalty of the course's settings, and where those
have none, that of the plugin.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import nbformat
from nbgrader import utils
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    InvalidEntry,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.exchange.default import Exchange
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import DDL, bindparam, event, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SAWarning, SQLAlchemyError

from nngrade.course.naming import cell_ids, graded_name, is_of_answer
from nngrade.course.options import Level
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError
from nngrade.extras import install_command
from nngrade.gradebook.autograded import autograded_notebook
from nngrade.gradebook.class_run import NotWritten
from nngrade.gradebook.marks import Mark, Marks
from nngrade.gradebook.release import (
    SECRET,
    FeedbackFiles,
    files_in,
    make_releasable,
    remove_feedback,
    set_aside_timestamp,
)
from nngrade.results import BookScore, SubmissionResult, points_of
from nngrade.students.class_list import ClassList
from nngrade.students.deadlines import Deadlines
from nngrade.students.nbgrader_plugin import CourseLatePolicy
from nngrade.students.settling import Change, penalty_of, set_names, settle, times_in
from nngrade.submissions.timestamp import TIMESTAMP

__all__ = [
    "GradebookWriter",
    "NotWritten",
    "Options",
    "first_line",
    "open_gradebook",
    "read_options",
]

# Seconds to wait for a database that another process has locked.
PATIENCE = 30.0

# Timeouts of libpq, which otherwise waits for a quarter of an hour or without end. These are client
# options, so a pooler such as PgBouncer does not see them. The course's own URL takes precedence.
_LIBPQ = {
    "connect_timeout": "10",
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}

# Columns by which nbgrader looks rows up and which it has no index for, by their tables.
_INDEXES = {
    "grade": "notebook_id",
    "comment": "notebook_id",
    "submitted_notebook": "assignment_id",
    "submitted_assignment": "student_id",
}

_T = TypeVar("_T")

# The grades of a submission's notebook: one statement, where nbgrader's objects take four. A run in
# which nothing is new asks this of every submission.
_GRADES = (
    select(BaseCell.name, Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade)
    .select_from(SubmittedAssignment)
    .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
    .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
    .outerjoin(Grade, Grade.notebook_id == SubmittedNotebook.id)
    .outerjoin(BaseCell, BaseCell.id == Grade.cell_id)
    .where(
        SubmittedAssignment.student_id == bindparam("student"),
        Assignment.name == bindparam("stage"),
        Notebook.name == bindparam("stage"),
    )
)


@dataclass(frozen=True)
class Options:
    """The options in nbgrader's configuration that are needed here."""

    db_url: str
    course_id: str
    submitted: str
    autograded: str
    feedback: str
    structure: str
    ignore: list[str]
    create_student: bool
    permissions: int
    exchange: Path
    logfile: str
    feedback_permissions: int
    config: Any


class GradebookWriter:
    """The only writer of a course's gradebook; use it as a context manager.

    Parameters
    ----------
    course : Course
        The course; its folder holds ``nbgrader_config.py``.
    level : Level
        Feedback level of the autograded notebooks.
    class_list : ClassList, optional
        Who takes the course, with extensions.
    feedback : bool
        Whether pages of feedback are written afterwards, so that nobody needs to be told of old
        ones that cannot be removed.

    Attributes
    ----------
    deadlines : Deadlines
        Due dates and the times of submission that hold; at first those in the gradebook.

    Raises
    ------
    CourseError
        If the gradebook cannot be opened.
    """

    def __init__(
        self,
        course: Course,
        level: Level,
        class_list: ClassList | None = None,
        feedback: bool = False,
    ) -> None:
        self.level = level
        self.deadlines = Deadlines(course.options, class_list)
        self._feedback_follows = feedback
        self._course = course
        self._options = read_options(course)
        self._patience = PATIENCE
        if shutil.which("alembic") is None:
            # nbgrader calls alembic by its name when it creates a gradebook.
            os.environ["PATH"] += os.pathsep + str(Path(sys.executable).parent)
        # Error of a database that was slow to fail, and the time of the next attempt.
        self._trouble: DBAPIError | None = None
        self._ask_again = 0.0
        self._book = open_gradebook(self._options)
        _add_indexes(self._book)
        plugin = AssignLatePenalties(config=self._options.config)
        plugin.init_plugin()
        self._late = plugin.plugin_inst
        if self.deadlines.cost and not isinstance(self._late, CourseLatePolicy):
            raise CourseError(
                f"{course.options_file} says what lateness costs ([late]), and nbgrader_config.py "
                f"has another plugin for it, {type(self._late).__name__}; take out one of them: "
                "docs/students-file.md has the line for nbgrader_config.py"
            )
        if self.deadlines.exist:
            self.deadlines.add(self._read(lambda: list(times_in(self._book))))

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
        """Close the connection to the database."""
        self._book.close()

    @property
    def students(self) -> set[str] | None:
        """Ids of the students that may have grades; None if new students are accepted."""
        if self._options.create_student:
            return None
        return self._read(lambda: {student.id for student in self._book.students})

    def settle(self) -> list[Change]:
        """Write due dates, extensions and penalties of all that is there; return what changed.

        A late day that one stage needs no more is there for another one.

        Raises
        ------
        CourseError
            If the gradebook cannot be written.
        """
        if not self.deadlines.exist and self.deadlines.class_list is None:
            return []
        try:
            return self._retrying(self._settle)
        except SQLAlchemyError as error:
            raise CourseError(
                f"the gradebook cannot be written ({first_line(error)}); "
                "mend that and run the same command again"
            ) from error

    def _settle(self) -> list[Change]:
        if self.deadlines.class_list is not None:
            set_names(self._book, self.deadlines.class_list)
        changes = settle(self._book, self.deadlines)
        self._book.db.expunge_all()
        return changes

    def require(self, stage: Stage) -> None:
        """Check that the gradebook knows a stage, with the same points as its checks.

        Raises
        ------
        CourseError
            If it does not; the message gives the fix.
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
        for check in stage.graded:
            worth[check.grade_cell] = round(worth.get(check.grade_cell, 0) + check.points, 6)
        ids = cell_ids(stage.lesson)
        worth.update((ids[cell], cell.points) for cell in stage.lesson.of_kind("written"))
        if known != worth:
            raise CourseError(
                f"the gradebook's tasks and written answers of {stage.name} are not those of the "
                f"course, or are worth other points; {fix}; where somebody has handed it in, "
                "docs/upgrade.md says more"
            )

    def _worth(self, stage: str) -> dict[str, float]:
        cells = self._book.find_notebook(stage, stage).grade_cells
        return {cell.name: float(cell.max_score) for cell in cells}

    def holds(self, student: str, stage: str) -> bool:
        """Whether a submission's grades and its autograded notebook are present.

        So must be what nbgrader looks for beside the notebook when it releases feedback.
        """
        try:
            graded = self._read(lambda: self._is_graded(student, stage))
        except (MissingEntry, CourseError):
            return False  # if the gradebook cannot be read, writing reports the reason
        folder = self._folder(student, stage)
        return graded and all(
            (folder / name).is_file() for name in (f"{stage}.ipynb", TIMESTAMP, SECRET)
        )

    def receive(self, path: Path) -> str:
        """Set aside a ``timestamp.txt`` without a time, with which formgrader shows no submission.

        Only files in the course's folder of submissions are touched: nbgrader reads no others.

        Parameters
        ----------
        path : Path
            The submission: a notebook, or a folder without one.

        Returns
        -------
        str
            What was done, or what has to be done; empty if nothing.
        """
        folder = path if path.is_dir() else path.parent
        submitted = self._course.root / self._options.submitted
        if not folder.resolve().is_relative_to(submitted.resolve()):
            return ""
        return set_aside_timestamp(folder)

    def _is_graded(self, student: str, stage: str) -> bool:
        grades = self._book.db.execute(_GRADES, {"student": student, "stage": stage}).all()
        # Without any grade there is a row with nothing in it, without a notebook there is no row.
        # Until a person has graded it, a written answer has no score of any kind.
        return bool(grades) and all(
            name is None
            or auto_score is not None
            or (is_of_answer([name]) and (needs_manual_grade or manual_score is not None))
            for name, auto_score, manual_score, needs_manual_grade in grades
        )

    def scores(self, student: str, stage: str) -> BookScore | None:
        """Scores of a submission as the gradebook has them; None if it has none.

        Raises
        ------
        CourseError
            If the gradebook cannot be read.
        """
        try:
            marks = self.marks(stage, [student])
        except MissingEntry:
            return None
        return marks[student].sums if student in marks else None

    def marks(self, stage: str, students: Sequence[str]) -> dict[str, Marks]:
        """What the gradebook says of some students' submissions, cell by cell.

        Raises
        ------
        CourseError
            If the gradebook cannot be read.
        """
        return self._read(lambda: self._marks(stage, students))

    def _marks(self, stage: str, students: Sequence[str]) -> dict[str, Marks]:
        # Rows rather than nbgrader's objects, which ask the database once for each of their parts.
        def rows(*columns: Any) -> Any:
            return (
                self._book.db.query(SubmittedAssignment.student_id, *columns)
                .select_from(SubmittedNotebook)
                .join(
                    SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id
                )
                .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
                .filter(Assignment.name == stage, SubmittedAssignment.student_id.in_(students))
            )

        worth = self._worth(stage)
        penalties = dict(rows(SubmittedNotebook.late_submission_penalty).all())
        grades: dict[str, list[Mark]] = {student: [] for student in penalties}
        comments: dict[str, list[tuple[str, str]]] = {student: [] for student in penalties}
        for student, cell, checks, manual, extra in (
            rows(
                BaseCell.name,
                Grade.auto_score,
                Grade.manual_score,
                Grade.extra_credit,
            )
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(BaseCell, Grade.cell_id == BaseCell.id)
            .order_by(BaseCell.name)
        ):
            score = checks if manual is None else manual
            if score is not None:
                score = round(float(score) + float(extra or 0), 6)
            grades[student].append(
                Mark(
                    cell,
                    score,
                    worth.get(cell, 0.0),
                    checks,
                    manual is not None,
                    float(extra or 0),
                )
            )
        for student, cell, text in (
            rows(BaseCell.name, Comment.manual_comment)
            .join(Comment, Comment.notebook_id == SubmittedNotebook.id)
            .join(BaseCell, Comment.cell_id == BaseCell.id)
            .order_by(BaseCell.name)
        ):
            if text:
                comments[student].append((cell, text))
        return {
            student: Marks(
                tuple(grades[student]),
                tuple(comments[student]),
                float(penalty or 0),
                self.deadlines.told(student, stage, float(penalty or 0)),
            )
            for student, penalty in penalties.items()
        }

    def feedback_files(self, student: str, stage: str) -> FeedbackFiles:
        """Where a submission's feedback stands, and what it is made of."""
        name = f"{stage}.ipynb"
        return FeedbackFiles(
            self._folder(student, stage) / name,
            self._folder(student, stage, self._options.feedback) / f"{stage}.html",
            self._options.feedback_permissions,
        )

    def _read(self, action: Callable[[], _T]) -> _T:
        """Read from the database, and close the transaction before submissions are graded.

        Raises
        ------
        CourseError
            If the database cannot be read.
        """
        try:
            try:
                return self._retrying(action)
            finally:
                self._book.db.rollback()
        except SQLAlchemyError as error:
            raise CourseError(
                f"the gradebook cannot be read ({first_line(error)}); "
                "mend that and run the same command again"
            ) from error

    def write(self, result: SubmissionResult, stage: Stage, timestamp: datetime | None) -> str:
        """Write one result: first the notebook, then all grades in one transaction.

        Feedback that nbgrader made of an earlier result is removed in the end.

        Parameters
        ----------
        result : SubmissionResult
        stage : Stage
        timestamp : datetime or None
            Time of submission, if known.

        Returns
        -------
        str
            What a person has to look at; empty if nothing.

        Raises
        ------
        NotWritten
        """
        try:
            earlier, problem = self._write_notebook(result, stage, timestamp)
            with warnings.catch_warnings():
                # Warnings about nbgrader's own code do not help the user.
                warnings.simplefilter("ignore", SAWarning)
                self._retrying(lambda: self._write_grades(result, stage, timestamp))
        except OSError as error:
            raise NotWritten(
                f"{error.filename or self._folder(result.student, stage.name)} cannot be written "
                f"({error.strerror}); mend that and run the same command again"
            ) from error
        except SQLAlchemyError as error:
            raise NotWritten(
                f"the gradebook cannot be written ({first_line(error)}); "
                "mend that and run the same command again"
            ) from error
        feedback = self._folder(result.student, stage.name, self._options.feedback)
        autograded = self._folder(result.student, stage.name)
        stale = remove_feedback(feedback, autograded, earlier, result.student, stage.name)
        if self._feedback_follows:
            stale = ""
        return "; ".join(filter(None, (problem, stale)))

    def _retrying(self, action: Callable[[], _T]) -> _T:
        """Run a transaction, and retry while another process has locked the database."""
        try:
            return _patiently(lambda: self._reconnecting(action), self._patience)
        except DBAPIError as error:
            if _is_locked(error):
                self._patience = 0.0  # the lock may last for all that is still to come, too
            raise

    def _reconnecting(self, action: Callable[[], _T]) -> _T:
        """Run an action; if its connection turns out to be dead, run it again on a new one.

        A restarted server is an example. Actions can be repeated at any point: they set values and
        never increment them.
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
            # The time-out of an unreachable server must not be repeated for every submission.
            if (took := time.monotonic() - started) > 5.0 and not _is_locked(error):
                self._trouble, self._ask_again = error, time.monotonic() + 10 * took
            raise

    def _undone(self, action: Callable[[], _T]) -> _T:
        """Run an action; if it fails, roll back so that the session remains usable."""
        try:
            return action()
        except InvalidEntry as error:
            self._book.db.rollback()
            # nbgrader turns every database error in its own commits into this one.
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
        unanswered = self._unanswered(result.student, stage.name)
        for grade in notebook.grades:
            if is_of_answer([grade.name]):
                grade.auto_score = 0 if grade.name in unanswered else None
            else:
                task = graded_name(grade.name)
                grade.auto_score, _ = points_of([one for one in result.checks if one.task == task])
            # Written answers need a person, and manual grades have to be reviewed by one again.
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        for comment in notebook.comments:
            comment.auto_comment = "No response." if comment.name in unanswered else None
        book.db.flush()
        book.db.refresh(notebook)
        notebook.late_submission_penalty = self._penalty(submission, notebook, result)
        book.db.commit()
        # A session keeps all loaded objects; memory must not grow during long runs.
        book.db.expunge_all()

    def _penalty(self, submission: Any, notebook: Any, result: SubmissionResult) -> float | None:
        if self.deadlines.cost:
            return penalty_of(self.deadlines, result.student, result.stage, notebook)
        late = submission.total_seconds_late
        if late <= 0:
            return None
        penalty = self._late.late_submission_penalty(result.student, notebook.score, late)
        return None if penalty is None else min(max(0.0, penalty), notebook.score)

    def _unanswered(self, student: str, stage: str) -> set[str]:
        """Ids of the solution cells that are unchanged since the release."""
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

    def _folder(self, student: str, stage: str, step: str | None = None) -> Path:
        """Folder of a submission in a step of nbgrader's; by default the autograded one."""
        structure = self._options.structure.format(
            nbgrader_step=step or self._options.autograded,
            student_id=student,
            assignment_id=stage,
        )
        return self._course.root / structure

    def _write_notebook(
        self, result: SubmissionResult, stage: Stage, timestamp: datetime | None
    ) -> tuple[set[Path], str]:
        """Write a new autograded folder beside the old one, then replace the old one.

        Returns
        -------
        earlier : set of Path
            The files of the old folder, relative to it.
        problem : str
            What was wrong with the submission's files for nbgrader; empty if nothing.
        """
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
        # A lone surrogate in a student's cell has no place in a file.
        path.write_bytes(f"{nbformat.writes(notebook)}\n".encode("utf-8", "replace"))
        problem = make_releasable(draft, submitted, self._course, result.student, stage, timestamp)
        for file in draft.rglob("*"):
            if file.is_file():
                file.chmod(self._options.permissions)
        earlier = files_in(folder)
        _remove(folder)
        draft.rename(folder)
        return earlier, problem


def read_options(course: Course) -> Options:
    """Read the configuration of the course's folder, as nbgrader does.

    Raises
    ------
    CourseError
        If it cannot be read.
    """
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
    return Options(
        db_url=directory.db_url,
        course_id=directory.course_id,
        submitted=directory.submitted_directory,
        autograded=directory.autograded_directory,
        feedback=directory.feedback_directory,
        structure=directory.directory_structure,
        ignore=list(directory.ignore),
        create_student=converter.create_student,
        permissions=int(str(converter.permissions), 8),
        exchange=Path(Exchange(coursedir=directory, config=app.config).root),
        logfile=app.logfile,
        feedback_permissions=int(
            str(GenerateFeedback(coursedir=directory, config=app.config).permissions), 8
        ),
        config=app.config,
    )


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def open_gradebook(options: Options) -> Gradebook:
    """Open the gradebook with timeouts for its server.

    Raises
    ------
    CourseError
        If it cannot be opened; the message holds no password.
    """
    try:
        url = make_url(options.db_url)
    except (SQLAlchemyError, ValueError):
        # The message omits the URL, which may hold a password.
        raise CourseError(
            "CourseDirectory.db_url in nbgrader_config.py is not a database's URL, such as "
            "postgresql+psycopg2://USER:PASSWORD@HOST/DATABASE"
        ) from None
    shown = url.set(query={}).render_as_string()
    told = options.db_url
    if url.drivername in {"postgresql", "postgresql+psycopg2", "postgresql+psycopg"}:
        told = url.set(query={**_LIBPQ, **url.query}).render_as_string(hide_password=False)
    # nbgrader logs tracebacks of errors that are reported in one sentence here.
    logging.getLogger("tornado.application").addHandler(logging.NullHandler())
    try:
        book = _patiently(lambda: _gradebook(told, options.course_id), PATIENCE)
    except ImportError as error:
        raise CourseError(
            f"the gradebook {shown} needs a driver that is not installed ({error}); for "
            f"PostgreSQL: {install_command('postgresql')}"
        ) from error
    except (SQLAlchemyError, InvalidEntry) as error:
        raise CourseError(f"the gradebook {shown} cannot be opened: {first_line(error)}") from error
    if url.get_backend_name() == "postgresql":
        _limit_waiting(book)
    return book


def _add_indexes(book: Gradebook) -> None:
    """Add the indexes that nbgrader's tables lack: without, each look-up reads a whole table.

    Of ten thousand submissions, the last would take several times as long as the first. What does
    not know of the indexes, such as nbgrader, is faster with them, too.
    """
    try:
        there = {
            one["name"] for table in _INDEXES for one in inspect(book.engine).get_indexes(table)
        }
        for table, column in _INDEXES.items():
            if (name := f"nngrade_{table}_{column}") not in there:
                book.db.execute(DDL(f"CREATE INDEX {name} ON {table} ({column})"))
        book.db.commit()
    except SQLAlchemyError:
        # Somebody else's tables, or locked ones: it is only slower.
        book.db.rollback()


def _gradebook(url: str, course_id: str) -> Gradebook:
    try:
        return Gradebook(url, course_id)
    except InvalidEntry as error:
        # nbgrader turns every database error in its own commits into this one.
        if isinstance(error.__context__, SQLAlchemyError):
            raise error.__context__ from None
        raise


def _patiently(action: Callable[[], _T], seconds: float) -> _T:
    """Run an action, and again while another process has locked the database."""
    give_up, pause = time.monotonic() + seconds, 0.1
    while True:
        try:
            return action()
        except DBAPIError as error:
            if not _is_locked(error) or time.monotonic() > give_up:
                raise
        time.sleep(pause)
        pause = min(2 * pause, 2.0)


def _limit_waiting(book: Gradebook) -> None:
    """Limit the time that a statement waits for a row locked by another transaction."""
    book.db.remove()
    book.engine.dispose()

    def limit(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = '{PATIENCE:g}s'")
        cursor.close()
        connection.commit()

    event.listen(book.engine, "connect", limit)


def _is_locked(error: DBAPIError) -> bool:
    """Whether an error is temporary: a lock of SQLite, or a resolved deadlock."""
    said = str(error.orig)  # without the statement, in which a column is named "locked"
    return "locked" in said or "deadlock" in said


def first_line(error: Exception) -> str:
    """What a database says of an error, in one line."""
    # The database's own message, if any: SQLAlchemy's text around it is for programmers.
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__
