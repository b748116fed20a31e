"""A watched archive: an export is graded once, and what changed in a newer one again."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nngrade.authoring.specimens import fill, solutions, untouched
from nngrade.commands.main import main
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.results import SubmissionResult
from nngrade.runs.processes import grade_all
from nngrade.runs.settings import Settings
from nngrade.submissions.find import find_submissions
from nngrade.submissions.records import Candidate, Told
from nngrade.watching.arrivals import PATIENCE, SETTLE
from nngrade.watching.watch import Stop, Watch, Watcher

STAGE = "stage01_sums"


@pytest.fixture(scope="module")
def right_text(course: Course) -> str:
    stage = course.stages[0]
    return notebook_text(fill(untouched(course, stage), stage, solutions(stage)))


@pytest.fixture(scope="module")
def blank_text(course: Course) -> str:
    return notebook_text(untouched(course, course.stages[0]))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Where an export of Canvas will lie, beside what is none of the watcher's business."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "other.ipynb").write_text("{}")
    return folder / "submissions.zip"


def write(export: Path, **notebooks: str) -> None:
    """Write an export, as browsers do: under another name first."""
    draft = export.with_name(f"{export.name}.part")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, text) in enumerate(notebooks.items(), 1):
            archive.writestr(f"{name}example_{number}_10000{number}_{STAGE}.ipynb", text)
    draft.replace(export)


class Bench:
    """A watcher of an archive, a clock, and who was graded."""

    def __init__(self, course: Course, export: Path, stop: Stop) -> None:
        self.graded: list[str] = []
        self._now = 0.0
        plan = Watch(export, Settings(course.root, "weak", "digits"), Told(), self._by)
        self._watcher = Watcher(plan, stop, lambda: self._now)

    def _by(
        self, settings: Settings
    ) -> Callable[[Sequence[Candidate]], Iterator[tuple[int, SubmissionResult]]]:
        def grade(todo: Sequence[Candidate]) -> Iterator[tuple[int, SubmissionResult]]:
            for index, result in grade_all(settings, todo, 1):
                self.graded.append(todo[index].student)
                yield index, result

        return grade

    def after(self, seconds: float = SETTLE) -> list[str]:
        """Who is graded when time goes by and the watcher looks twice."""
        self.graded.clear()
        self._watcher.step()
        self._now += seconds
        self._watcher.step()
        return sorted(self.graded)


@pytest.fixture
def bench(new_course: Course, export: Path) -> Iterator[Bench]:
    with Stop() as stop:
        yield Bench(new_course, export, stop)


def command(course: Course, *arguments: object) -> Result:
    told = [*map(str, arguments), "--data", "digits", "--sandbox", "weak"]
    return CliRunner().invoke(main, ["--course", str(course.root), "watch", *told])


def test_an_export_is_graded_and_what_changed_in_a_newer_one_again(
    bench, export, right_text, blank_text
):
    write(export, ann=right_text, bob=blank_text)
    assert bench.after() == ["1", "2"]
    assert bench.after() == []
    write(export, ann=right_text, bob=right_text, cyd=blank_text)
    assert bench.after() == ["2", "3"]
    assert bench.after() == []


def test_its_students_are_those_of_a_class_run(bench, export, course, right_text):
    write(export, ann=right_text, bob=right_text)
    found = sorted(one.student for one in find_submissions([export], course))
    assert bench.after() == found


def test_an_export_that_is_not_there_yet_is_waited_for(bench, export, right_text, capsys):
    assert bench.after() == []
    assert bench.after() == []
    assert capsys.readouterr().out.count("submissions.zip is not there; waiting for it") == 1
    write(export, ann=right_text)
    assert bench.after() == ["1"]


def test_half_an_export_is_waited_for(bench, export, right_text, capsys):
    write(export, ann=right_text)
    whole = export.read_bytes()
    export.write_bytes(whole[: len(whole) // 2])
    assert bench.after(PATIENCE - 1) == []
    assert "not read" not in capsys.readouterr().out
    export.write_bytes(whole)
    assert bench.after() == ["1"]


def test_an_export_that_goes_for_a_while_is_not_graded_again(bench, export, right_text):
    write(export, ann=right_text)
    assert bench.after() == ["1"]
    aside = export.rename(export.with_suffix(".old"))
    assert bench.after() == []
    aside.rename(export)
    os.utime(export)
    assert bench.after() == []


def test_once_takes_an_archive(new_course, export, right_text, blank_text):
    write(export, ann=right_text, bob=blank_text)
    done = command(new_course, export, "--once")
    assert done.exit_code == 1, done.output
    assert "2 graded" in done.output
    write(export, ann=right_text, bob=right_text)
    done = command(new_course, export, "--once")
    assert done.exit_code == 0, done.output
    assert "1 graded, 1 unchanged" in done.output


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nowhere.zip", None, "nowhere.zip: no such file"),
        ("broken.zip", b"PK\3\4", "the archive is not read: it is cut off, damaged or no zip"),
        ("one.ipynb", b"{}", "one.ipynb is neither a folder nor an archive (*.zip)"),
        ("list.csv", b"x", "list.csv is neither a folder nor an archive (*.zip)"),
    ],
)
def test_what_is_no_archive_is_said(new_course, tmp_path, name, content, words):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = command(new_course, path, "--once")
    assert done.exit_code == 2
    assert words in done.output
