"""What is kept of a student: found, handed over without anybody else's, and removed for good."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from nbgrader.api import Gradebook

from nngrade.commands.main import main
from nngrade.course.failures import failures_of
from nngrade.course.stages import Course
from nngrade.gradebook.journal import JOURNAL, Journal
from nngrade.gradebook.release import SECRET
from nngrade.personal_data import forget as forgetting
from tests.conftest import nbgrader, nngrade
from tests.gradebook.conftest import run, scores, submit
from tests.helpers import STAGE, WRONG

# Text that only ann and bob wrote, or that was written about them.
ANN, BOB = "xylophone_of_ann", "xylophone_of_bob"
ROSTER = "students.csv"
REMARK = "Well done, as a xylophone would say."


@pytest.fixture
def graded(classroom: Course) -> Course:
    """A course in which ann, ann2 and bob were graded, and a person has commented on ann."""
    for student, word in (("ann", ANN), ("ann2", "of_ann2"), ("bob", BOB)):
        submit(classroom, student, {"total": f"{WRONG}    # {word}\n"})
    run(classroom)
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        comment = book.find_comment("task-total", STAGE, STAGE, "ann")
        comment.manual_comment = REMARK
        book.db.commit()
    for name in ("ann", "bob"):
        page = classroom.root / "feedback" / name / STAGE / f"{STAGE}.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"feedback for {name}")
        where = f"{classroom.root}/submitted/{name}/{STAGE}/{STAGE}.ipynb"
        failures_of(classroom).keep(f"{where}: grading it", ValueError("a hidden check"))
    (classroom.root / ROSTER).write_bytes(
        b'\xef\xbb\xbfid,name,section\r\nann,"Ann\r\nAnders, M\xe9l",1\r\nbob,B\xf6b,2\r\n'
    )
    return classroom


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_class_list_of_any_kind_forgets_too(
    classroom: Course, encoding: str, separator: str
) -> None:
    """Whatever `students check` reads, wherever the course has it."""
    options = classroom.root / "solutions/course.toml"
    options.write_text('[students]\nfile = "list.csv"\n')
    lines = ["id,name", "ann,Ann Anders", "bob,Böb"]
    text = "".join(f"{line}\r\n".replace(",", separator) for line in lines)
    (classroom.root / "list.csv").write_bytes(text.encode(encoding))
    assert "list.csv: 1 line" in invoke(classroom, "forget", "ann", "--yes").output
    left = text.replace(f"ann{separator}Ann Anders\r\n", "")
    assert (classroom.root / "list.csv").read_bytes() == left.encode(encoding)


def invoke(course: Course, *arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(
        main, ["--course", str(course.root), "students", *arguments], input=answer
    )


def everything(course: Course) -> Iterator[tuple[Path, bytes]]:
    """All files of the course's folder but the course itself, with their bytes."""
    for here, folders, files in os.walk(course.root):
        if Path(here) == course.root:
            folders[:] = [name for name in folders if name not in ("assignments", "build")]
        yield from ((Path(here, name), Path(here, name).read_bytes()) for name in files)


def exported(course: Course, student: str = "ann") -> dict[str, str]:
    target = course.root.parent / "out.zip"
    done = invoke(course, "export", student, "--output", str(target))
    assert done.exit_code == 0, done.output
    assert target.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        return {one: archive.read(one).decode("utf-8", "replace") for one in archive.namelist()}


def test_an_export_has_all_that_is_kept_of_a_student(graded: Course) -> None:
    found = exported(graded)
    assert set(found) == {
        "README.txt", "gradebook.json", "results.json", "students.json",
        f"files/submitted/ann/{STAGE}/{STAGE}.ipynb", f"files/submitted/ann/{STAGE}/timestamp.txt",
        f"files/autograded/ann/{STAGE}/{STAGE}.ipynb",
        f"files/autograded/ann/{STAGE}/timestamp.txt",
        f"files/feedback/ann/{STAGE}/{STAGE}.html",
    }  # fmt: skip
    book = json.loads(found["gradebook.json"])
    assert book["id"] == "ann"
    (submission,) = book["submissions"]
    assert submission["score"] == scores(graded)["ann"]
    assert submission["timestamp"] == "2026-11-01T10:00:00"
    (notebook,) = submission["notebooks"]
    assert sum(one["score"] for one in notebook["grades"]) == submission["score"]
    assert REMARK in [one["manual_comment"] for one in notebook["comments"]]
    (result,) = json.loads(found["results.json"])["submissions"]
    assert (result["student"], result["score"]) == ("ann", submission["score"])
    assert ANN in found[f"files/submitted/ann/{STAGE}/{STAGE}.ipynb"]
    (row,) = json.loads(found["students.json"])
    assert row["name"].startswith("Ann\r\nAnders")


def test_examples_of_the_projects_own_documents_are_of_nobody(graded: Course) -> None:
    for name in ("README.md", "CHANGELOG.md", "notes.md"):
        (graded.root / name).write_text("ann has 6 points\n")
    told = invoke(graded, "forget", "ann", "--yes").output
    assert "naming this student: notes.md (make them anew" in told


def test_an_export_has_nothing_of_others_and_nothing_secret(graded: Course) -> None:
    (graded.root / "submitted/ann" / STAGE / "link").symlink_to(graded.solutions / STAGE)
    (graded.root / "submitted/ann" / STAGE / "other.py").symlink_to(
        graded.solutions / STAGE / "checks.py"
    )
    os.mkfifo(graded.root / "submitted/ann" / STAGE / "pipe")
    secret = (graded.root / "autograded/ann" / STAGE / SECRET).read_text()
    found = exported(graded)
    readme = found.pop("README.txt")
    everything_told = "\n".join(found.values())
    for word in (BOB, "of_ann2", "bob", "a hidden check", secret, "@check"):
        assert word not in everything_told, word
    for name in ("link", "other.py", "pipe", SECRET):
        assert not any(one.endswith(name) for one in found)
        assert f"{STAGE}/{name}" in readme


def test_results_are_told_as_far_as_the_course_tells_them(graded: Course) -> None:
    with Journal(graded.root / JOURNAL, reading=True) as journal:
        (entry,) = journal.of_student("ann")
    message = next(check.message for check in entry.result.lost if check.message)
    assert json.dumps(message)[1:-1] in exported(graded)["results.json"]
    (graded.solutions / "course.toml").write_text('[feedback]\nlevel = "score"\n')
    told = exported(Course(graded.root))["results.json"]
    assert json.dumps(message)[1:-1] not in told


def test_what_is_forgotten_is_gone_and_all_else_stays(graded: Course) -> None:
    before = dict(everything(graded))
    assert any(ANN.encode() in content for content in before.values())
    assert any(REMARK.encode() in content for content in before.values())
    done = invoke(graded, "forget", "ann", "--yes")
    assert done.exit_code == 0, done.output
    after = dict(everything(graded))
    for path, content in after.items():
        for trace in (ANN, REMARK, "Anders"):
            assert trace.encode() not in content, (path, trace)
        assert "ann" not in path.relative_to(graded.root).parts
        if not path.name.endswith(".db"):
            others = content.replace(b"ann2", b"")
            assert b"/ann/" not in others, path
    databases = {graded.root / "gradebook.db", graded.root / JOURNAL, graded.root / ROSTER}
    kept = {path: one for path, one in after.items() if path not in databases}
    assert kept.items() <= before.items()
    assert sum("bob" in path.parts for path in kept) == sum("bob" in path.parts for path in before)
    assert scores(graded).keys() == {"ann2", "bob"}
    with Journal(graded.root / JOURNAL, reading=True) as journal:
        assert journal.students() == {"ann2", "bob"}
    roster = (graded.root / ROSTER).read_bytes()
    assert roster == b"\xef\xbb\xbfid,name,section\r\nbob,B\xf6b,2\r\n"
    assert run(graded)["bob"].outcome == "unchanged"
    assert "nothing is kept of a student 'ann'" in invoke(graded, "forget", "ann", "--yes").output


@pytest.mark.parametrize("lost_at", range(6))
def test_it_goes_on_after_a_crash(
    graded: Course, lost_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_calls = 0

    def killed(function):
        def called(*args):
            nonlocal n_calls
            n_calls += 1
            if n_calls > lost_at:
                raise KeyboardInterrupt
            return function(*args)

        return called

    with monkeypatch.context() as patch:
        patch.setattr(forgetting, "_remove", killed(forgetting._remove))
        patch.setattr(forgetting, "_strike", killed(forgetting._strike))
        patch.setattr(Journal, "forget", killed(Journal.forget))
        assert invoke(graded, "forget", "ann", "--yes").exit_code == 130
    assert n_calls == lost_at + 1
    done = invoke(graded, "forget", "ann", "--yes")
    assert done.exit_code == 0, done.output
    assert not any(ANN.encode() in content for _, content in everything(graded))
    assert "nothing is kept of" in invoke(graded, "forget", "ann", "--yes").output
    assert scores(graded).keys() == {"ann2", "bob"}


def test_nobody_is_forgotten_without_being_asked(graded: Course) -> None:
    before = dict(everything(graded))
    done = invoke(graded, "forget", "ann", answer="y\n")  # the answer comes from no terminal
    assert done.exit_code == 2
    assert "nobody can be asked without a terminal; say --yes" in done.output
    assert f"{STAGE}" not in done.output
    assert "submitted/ann/: 2 files" in done.output
    assert f"{JOURNAL}: 1 result" in done.output
    assert dict(everything(graded)) == before


def test_an_unknown_student_is_told_with_those_most_like_it(graded: Course) -> None:
    for command in (("export", "bobb", "--output", "out.zip"), ("forget", "bobb", "--yes")):
        done = invoke(graded, *command)
        assert done.exit_code == 2
        assert "nothing is kept of a student 'bobb'; most like it: bob\n" in done.output


@pytest.mark.parametrize("student", ["", ".", "..", "../bob", "ann/stage01_sums", "*", "an?", "a"])
def test_an_id_is_no_path_and_no_pattern(graded: Course, student: str) -> None:
    before = dict(everything(graded))
    done = invoke(graded, "forget", "--yes", "--", student)
    assert done.exit_code == 2
    assert "cannot be a student's id" in done.output or "nothing is kept of" in done.output
    assert dict(everything(graded)) == before


def test_other_places_are_named(graded: Course, tmp_path: Path) -> None:
    exchange = tmp_path / "exchange"
    (exchange / "nngrade/inbound/ann+stage01_sums+2026-11-01 10:00:00 UTC+key").mkdir(parents=True)
    (exchange / "nngrade/inbound/ann2+stage01_sums+2026-11-01 10:00:00 UTC+key").mkdir()
    with (graded.root / "nbgrader_config.py").open("a") as file:
        file.write(f'c.Exchange.root = "{exchange}"\n')
    (graded.root / "grades.csv").write_text("student,score\nann,3\n")
    (graded.root / "points.csv").write_text("student,score\nann2,3\njo-ann,2\n")
    shutil.copy(graded.root / "gradebook.db", graded.root / "gradebook.db.2026-11-01")
    done = invoke(graded, "forget", "ann", "--yes")
    assert done.exit_code == 0, done.output
    told = done.output.partition("Not reached from here")[2]
    assert "naming this student: grades.csv (make" in told
    assert "copies of the databases: gradebook.db.2026-11-01" in told
    assert f"1 hand-in in the exchange: {exchange}/nngrade/inbound/ann+" in told
    assert "backups" in told


def test_pages_of_a_watched_folder_go_when_it_is_named(graded: Course, tmp_path: Path) -> None:
    for student in ("ann", "bob"):
        page = tmp_path / "out" / student / f"{STAGE}.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"page of {student}")
    done = invoke(graded, "forget", "ann", "--yes", "--feedback", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["bob"]


def test_folders_by_assignment_are_found_and_only_the_students(graded: Course) -> None:
    structure = "{assignment_id}/{nbgrader_step}/{student_id}"
    with (graded.root / "nbgrader_config.py").open("a") as file:
        file.write(f'c.CourseDirectory.directory_structure = "{structure}"\n')
    for step in ("submitted", "autograded", "feedback"):
        for folder in sorted((graded.root / step).iterdir()):
            target = graded.root / STAGE / step / folder.name
            shutil.move(folder / STAGE, target)
        shutil.rmtree(graded.root / step)
    done = invoke(graded, "forget", "ann", "--yes")
    assert done.exit_code == 0, done.output
    left = {path.name for path in (graded.root / STAGE / "submitted").iterdir()}
    assert left == {"ann2", "bob"}
    assert not any(ANN.encode() in content for _, content in everything(graded))


def test_a_class_run_is_not_disturbed(graded: Course) -> None:
    with Journal(graded.root / JOURNAL):
        done = invoke(graded, "forget", "ann", "--yes")
        assert done.exit_code == 2
        assert "another class run is under way" in done.output
        assert exported(graded)


@pytest.mark.slow
def test_after_a_small_term(classroom: Course) -> None:
    """As on the command line, with nbgrader's own feedback."""
    root = classroom.root
    for student, word in (("ann", ANN), ("bob", BOB)):
        submit(classroom, student, {"total": f"{WRONG}    # {word}\n"})
        submit(classroom, student, {}, stage="stage02_gradients")
    nngrade(root, "grade", "submitted", "--gradebook", "--data", "digits", "--sandbox", "weak",
            ok=False)  # fmt: skip
    nbgrader(root, "generate_feedback", STAGE)
    nbgrader(root, "export")
    assert any(ANN.encode() in content for _, content in everything(classroom))
    done = nngrade(root, "students", "export", "ann", "--output", "ann.zip")
    with zipfile.ZipFile(root / "ann.zip") as archive:
        assert f"files/feedback/ann/{STAGE}/{STAGE}.html" in archive.namelist()
        book = json.loads(archive.read("gradebook.json"))
    assert len(book["submissions"]) == 2
    (root / "ann.zip").unlink()
    refused = nngrade(root, "students", "forget", "ann", ok=False)
    assert refused.returncode == 2
    done = nngrade(root, "students", "forget", "ann", "--yes")
    assert "naming this student: grades.csv" in done.stdout
    assert not any(ANN.encode() in content for _, content in everything(classroom))
    again = nngrade(root, "grade", "submitted", "--gradebook", "--data", "digits", "--sandbox",
                    "weak", ok=False)  # fmt: skip
    assert "2 unchanged since they were graded" in again.stdout
    nbgrader(root, "export")
    assert "ann" not in (root / "grades.csv").read_text()
