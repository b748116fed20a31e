"""Exports of Canvas and Moodle: who handed in what, and archives that mean harm."""

from __future__ import annotations

import contextlib
import io
import json
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.errors import CourseError, NngradeError, SubmissionError
from nngrade.submissions import archive as archives
from nngrade.submissions.archive import entries, read_entry
from nngrade.submissions.exports import hand_in
from nngrade.submissions.files import read_bytes
from nngrade.submissions.find import find_submissions
from nngrade.submissions.records import Candidate
from nngrade.submissions.roster import read_roster

from .conftest import nngrade

STAGE = "stage01_sums"
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.fixture
def text(right: dict[str, Any]) -> str:
    """The right answers, as the text of a notebook."""
    return notebook_text(right)


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Make a zip archive of names and contents."""

    def make(files: dict[str, bytes | str], name: str = "export.zip") -> Path:
        path = tmp_path / name
        path.write_bytes(packed(files.items()))
        return path

    return make


def packed(files: Iterable[tuple[str, bytes | str]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def found(course: Course, path: Path, **told: Any) -> dict[str, Candidate]:
    """The submissions at a path, by student."""
    candidates = find_submissions([path], course, **told)
    assert len({one.student for one in candidates}) == len(candidates), candidates
    return {one.student: one for one in candidates}


def roster(tmp_path: Path, text: str, encoding: str = "utf-8") -> Any:
    path = tmp_path / "students.csv"
    path.write_text(text, encoding=encoding)
    return read_roster(path)


# Names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (f"exampleann_123_4567_{STAGE}.ipynb", ("123", "exampleann", 4567, False)),
        (f"exampleann_LATE_123_4567_{STAGE}-2.ipynb", ("123", "exampleann", 4567, True)),
        ("müllerjörg_9_1010_1_500_hw.ipynb", ("9", "müllerjörg", 1010, False)),
        ("anon_aB3x9_4567_x.ipynb", ("anon_aB3x9", "", 4567, False)),
        ("LATE_anon_aB3x9_4567_x.ipynb", ("anon_aB3x9", "", 4567, True)),
        ("exampleann_123_text.html", ("123", "exampleann", 0, False)),
    ],
)
def test_names_of_canvas_are_read(name, expected):
    one = hand_in([name])
    assert one is not None
    assert one.lms == "Canvas"
    assert (one.id, one.name, one.upload, one.late) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Ann Example_12_assignsubmission_file_/x.ipynb", ("12", "Ann Example", "x.ipynb")),
        ("Ann Example_12_assignsubmission_file/sub/x.ipynb", ("12", "Ann Example", "x.ipynb")),
        ("top/Jörg Müller-Ö_3_assignsubmission_file/x.ipynb", ("3", "Jörg Müller-Ö", "x.ipynb")),
        ("Ann Example_12_assignsubmission_file_x.ipynb", ("12", "Ann Example", "x.ipynb")),
        ("Group 7_44_assignsubmission_file/x.ipynb", ("44", "Group 7", "x.ipynb")),
        ("Default group_assignsubmission_file/x.ipynb", ("", "Default group", "x.ipynb")),
    ],
)
def test_names_of_moodle_are_read(path, expected):
    one = hand_in(path.split("/"))
    assert one is not None
    assert one.lms == "Moodle"
    assert (one.id, one.name, one.file) == expected


@pytest.mark.parametrize(
    "path",
    [
        f"ann/{STAGE}/{STAGE}.ipynb",
        f"{STAGE}.ipynb",
        "ann_2026.ipynb",
        "ann_2026_11_05_x.ipynb",
        "ann_100_200_b/x.ipynb",
    ],
)
def test_other_names_are_nobodys(path):
    assert hand_in(path.split("/")) is None


@pytest.mark.parametrize(
    "path",
    [
        "mallory_5_770_victim_1_200_x.ipynb",
        "mallory_5_770_work.zip/victim_1_200_x.ipynb",
        "mallory_5_770_work.zip/Victim_1_assignsubmission_file_/x.ipynb",
        "Mallory_5_assignsubmission_file_/Victim_1_assignsubmission_file_/x.ipynb",
        "Mallory_5_assignsubmission_file_/victim_1_200_x.ipynb",
    ],
)
def test_nobody_hands_in_as_somebody_else(path):
    one = hand_in(path.split("/"))
    assert one is not None
    assert one.id == "5"


# Exports


def test_an_export_of_canvas_is_graded_as_it_is(new_course, pack, text):
    archive = pack(
        {
            f"exampleann_LATE_11_501_{STAGE}.ipynb": text,
            f"exampleann_LATE_11_502_{STAGE}-1.ipynb": text,
            f"exampleann_LATE_11_499_{STAGE}-9.ipynb": NOTEBOOK,
            "müllerjörg_12_503_my answers.ipynb": text,
            "kimlee_13_504_answers.docx": b"x",
            "ohnson_14_text.html": b"x",
        }
    )
    run = nngrade(
        new_course.root, "grade", str(archive), "--json", "-", "--sandbox", "weak", ok=False
    )
    results = {one["student"]: one for one in json.loads(run.stdout)["submissions"]}
    assert run.returncode == 2
    assert sorted(results) == ["11", "12", "13", "14"]
    assert results["11"]["score"] == results["12"]["score"] == 6
    assert results["11"]["path"] == f"{archive}/exampleann_LATE_11_502_{STAGE}-1.ipynb"
    assert results["11"]["notes"][0] == "Canvas marks this submission as late."
    assert "counts, as the newest" in results["11"]["notes"][1]
    assert "no notebook by kimlee, only answers.docx" not in run.stderr
    assert "no notebook by kimlee, only kimlee_13_504_answers.docx" in run.stderr
    assert "students have the numbers that Canvas gave them, such as 11" in run.stderr


def test_an_export_of_moodle_is_read_as_it_is(course, pack):
    students = found(
        course,
        pack(
            {
                f"Ann Example_12_assignsubmission_file_/{STAGE}.ipynb": NOTEBOOK,
                f"Jörg Müller_13_assignsubmission_file_/deep/er/{STAGE}.ipynb": NOTEBOOK,
                f"Bo_14_assignsubmission_file_{STAGE}.ipynb": NOTEBOOK,
                "Cy D_15_assignsubmission_onlinetext_/onlinetext.html": b"x",
                f"Participant_16_assignsubmission_file_/{STAGE}.ipynb": NOTEBOOK,
                f"Participant_17_assignsubmission_file_/{STAGE}.ipynb": NOTEBOOK,
            }
        ),
    )
    assert {name for name, one in students.items() if one.error is None} == {
        "Ann Example", "Jörg Müller", "Bo", "Participant 16", "Participant 17",
    }  # fmt: skip
    assert "no notebook by Cy D, only onlinetext.html" in str(students["Cy D"].error)


def test_an_export_that_was_unpacked_is_read_the_same(course, pack, tmp_path):
    files = {
        f"exampleann_11_501_{STAGE}.ipynb": NOTEBOOK,
        f"exampleann_11_502_{STAGE}-1.ipynb": NOTEBOOK,
        "leekim_12_503_work.zip": packed([(f"{STAGE}.ipynb", NOTEBOOK)]),
        "docx_13_504_answers.docx": b"x",
        f"Bo Example_14_assignsubmission_file_/{STAGE}.ipynb": NOTEBOOK,
        "Cy Example_15_assignsubmission_file_/answers.pdf": b"x",
        f"plain/{STAGE}/{STAGE}.ipynb": NOTEBOOK,
    }
    inside = found(course, pack(files))
    folder = tmp_path / "unpacked"
    zipfile.ZipFile(tmp_path / "export.zip").extractall(folder)
    outside = found(course, folder)
    assert set(inside) == set(outside)
    for name, one in inside.items():
        assert (one.error is None) == (outside[name].error is None), name
        assert one.stage == outside[name].stage
    assert outside["11"].path.name == f"exampleann_11_502_{STAGE}-1.ipynb"
    assert {name for name, one in outside.items() if one.error} == {"13", "Cy Example"}


def test_a_zip_that_a_student_handed_in_is_looked_into_once(course, pack):
    twice = packed([("again.zip", packed([(f"{STAGE}.ipynb", NOTEBOOK)]))])
    students = found(
        course,
        pack(
            {
                "exampleann_11_501_work.zip": packed([(f"my work/{STAGE}.ipynb", NOTEBOOK)]),
                "leekim_12_502_work.zip": twice,
                "broken_13_503_work.zip": b"PK no zip at all",
            }
        ),
    )
    assert students["11"].error is None
    assert students["11"].path.name == f"{STAGE}.ipynb"
    assert read_bytes(students["11"].path) == NOTEBOOK
    assert "no notebook by leekim, only again.zip" in str(students["12"].error)
    assert "broken_13_503_work.zip: the archive is not read" in str(students["13"].error)


def test_a_zip_of_very_many_notebooks_is_refused(course, pack):
    many = packed((f"{number}.ipynb", NOTEBOOK) for number in range(60))
    (one,) = found(course, pack({"exampleann_11_501_work.zip": many})).values()
    assert "60 notebooks are more than the 50 that a student may hand in" in str(one.error)


def test_a_zip_beside_a_notebook_is_none_of_ours(course, tmp_path):
    folder = tmp_path / "submitted/ann" / STAGE
    folder.mkdir(parents=True)
    (folder / f"{STAGE}.ipynb").write_bytes(NOTEBOOK)
    (folder / "data.zip").write_bytes(b"x")
    (candidate,) = find_submissions([tmp_path / "submitted"], course)
    assert candidate.path == folder / f"{STAGE}.ipynb"


@pytest.mark.parametrize("folder", [f"victim/{STAGE}", "", "some/where/deep"])
def test_what_is_in_a_students_folder_is_that_students(course, tmp_path, folder):
    """Whatever students call the folders that they hand in."""
    work = packed([(f"{folder}/{STAGE}.ipynb".lstrip("/"), NOTEBOOK)])
    place = tmp_path / "submitted/mallory" / STAGE
    place.mkdir(parents=True)
    (place / "work.zip").write_bytes(work)
    assert set(found(course, tmp_path / "submitted")) == {"mallory"}
    (place / "work.zip").unlink()
    (place / folder).mkdir(parents=True, exist_ok=True)
    (place / folder / f"{STAGE}.ipynb").write_bytes(NOTEBOOK)
    assert set(found(course, tmp_path / "submitted")) == {"mallory"}


def test_an_archive_of_a_tree_is_read_as_the_tree(course, pack):
    names = found(course, pack({f"all/{one}/{STAGE}/{STAGE}.ipynb": NOTEBOOK for one in "abc"}))
    assert set(names) == set("abc")
    assert set(found(course, pack({f"{STAGE}.ipynb": NOTEBOOK}, "ann.zip"))) == {"ann"}


def test_an_export_named_like_a_hand_in_is_asked_about(course, pack, tmp_path):
    files = {f"exampleann_11_501_{STAGE}.ipynb": NOTEBOOK, f"b_12_555_{STAGE}.ipynb": NOTEBOOK}
    archive = pack(files, "nn_2026_1101_week.zip")
    assert set(found(course, archive)) == {"11", "12"}, "somebody names it: it is an export"
    (candidate,) = find_submissions([tmp_path], course)
    assert "give an export another name" in str(candidate.error)


def test_links_are_not_followed(course, tmp_path):
    (tmp_path / "class").mkdir()
    (tmp_path / "secret.ipynb").write_bytes(NOTEBOOK)
    (tmp_path / "class/ann.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (candidate,) = find_submissions([tmp_path / "class"], course)
    assert "ann.ipynb: a link" in str(candidate.error)


def test_the_newest_upload_counts_whatever_its_name(course, pack):
    archive = pack(
        {
            f"exampleann_11_900_{STAGE}.ipynb": NOTEBOOK,
            f"exampleann_11_1000_{STAGE}.ipynb": NOTEBOOK,
            f"exampleann_11_901_{STAGE}-7.ipynb": NOTEBOOK,
        }
    )
    assert found(course, archive)["11"].path.name == f"exampleann_11_1000_{STAGE}.ipynb"


def test_grades_of_an_export_go_into_the_gradebook(classroom, pack, text, tmp_path):
    archive = pack({f"Ann Example_12_assignsubmission_file_/{STAGE}.ipynb": text})
    (tmp_path / "who.csv").write_text("lms_name,student\nAnn Example,ann\n")
    command = (
        "grade", str(archive), "--gradebook", "--students", str(tmp_path / "who.csv"),
        "--data", "digits", "--sandbox", "weak",
    )  # fmt: skip
    run = nngrade(classroom.root, *command)
    assert "ann stage01_sums: 6 of 6 points" in run.stderr
    assert "need a person" not in run.stdout
    assert (classroom.root / f"autograded/ann/{STAGE}/{STAGE}.ipynb").exists()
    assert "1 unchanged" in nngrade(classroom.root, *command).stdout
    again = nngrade(classroom.root, "regrade", "--data", "digits", "--sandbox", "weak")
    assert "Nothing to grade again" in again.stdout
    assert not list(classroom.root.rglob("*assignsubmission*")), "unpacked into the course"


# Students


def test_our_own_list_says_who_is_who(course, pack, tmp_path):
    who = roster(
        tmp_path, 'lms_name;student;remark\n11;ann;x\n"Kim, Lee";lee;\nAda B_17;ada;\n\n', "utf-16"
    )
    students = found(
        course,
        pack(
            {
                f"exampleann_11_501_{STAGE}.ipynb": NOTEBOOK,
                f"kimlee_12_502_{STAGE}.ipynb": NOTEBOOK,
                f"whoisit_13_503_{STAGE}.ipynb": NOTEBOOK,
                f"Ada B_17_assignsubmission_file/{STAGE}.ipynb": NOTEBOOK,
            }
        ),
        roster=who,
    )
    assert {name for name, one in students.items() if one.error is None} == {"ann", "lee", "ada"}
    assert "whoisit (13) is not in" in str(students["13"].error)


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Stage 1 (77)\n"
    ",,,,,Manual Posting\n    Points Possible,,,,,20\n"
    '"O\'Example, Ann",11,u11,ann,NN,\n"Müller, Jörg",12,u12,,NN,\n"Student, Test",13,,,NN,\n'
)


def test_the_gradebook_of_canvas_says_who_is_who(course, pack, tmp_path):
    archive = pack(
        {
            f"oexampleann_11_501_{STAGE}.ipynb": NOTEBOOK,
            f"müllerjörg_12_502_{STAGE}.ipynb": NOTEBOOK,
            f"studenttest_LATE_13_503_{STAGE}.ipynb": NOTEBOOK,
        }
    )
    assert set(found(course, archive, roster=roster(tmp_path, CANVAS))) == {"ann", "u12", "13"}


def test_a_number_with_another_name_is_for_a_person(course, pack, tmp_path):
    archive = pack({f"mallory_11_770_{STAGE}.ipynb": NOTEBOOK})
    (one,) = found(course, archive, roster=roster(tmp_path, CANVAS)).values()
    assert "mallory (11) has the number of O'Example, Ann" in str(one.error)


MOODLE = (
    "Identifier,Full name,ID number,Email address,Status,Grade\n"
    "Participant 12,Ann Example,m12,ann@example.org,Submitted,\n"
    "Participant 13,Kim Lee,,kim@example.org,Submitted,\n"
    "Participant 14,Kim Lee,m14,lee@example.org,Submitted,\n"
)


def test_the_worksheet_of_moodle_tells_namesakes_apart(course, pack, tmp_path):
    files = {
        f"Ann Example_99_assignsubmission_file/{STAGE}.ipynb": NOTEBOOK,
        f"Kim Lee_13_assignsubmission_file/{STAGE}.ipynb": NOTEBOOK,
        f"Kim Lee_14_assignsubmission_file/{STAGE}.ipynb": NOTEBOOK,
    }
    archive = pack(files)
    names = found(course, archive, roster=roster(tmp_path, MOODLE))
    assert set(names) == {"m12", "kim@example.org", "m14"}
    alone = find_submissions([archive], course)
    assert [one.error is None for one in alone] == [True, False, False]
    assert "Kim Lee may be several people: Kim Lee (13), Kim Lee (14)" in str(alone[1].error)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "who is who"),
        ("name,id\na,b\n", "who is who"),
        ("lms_name,student\n", "lists no student"),
        ("lms_name,student\nAnn,../../etc\n", "line 2: '../../etc' cannot be a student's id"),
        ("lms_name,student\nAnn,\n", "line 2: '' cannot be"),
        ("lms_name,student\n,ann\n", "line 2: who is ann there"),
    ],
)
def test_a_list_that_says_nothing_is_refused(tmp_path, text, words):
    with pytest.raises(CourseError, match=words):
        roster(tmp_path, text)


def test_a_list_in_another_encoding_is_refused(tmp_path):
    with pytest.raises(CourseError, match="not UTF-8; save it as"):
        roster(tmp_path, "lms_name,student\nJörg,j\n", "latin-1")


# Archives that mean harm


def crafted(*infos: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    """An archive of entries with any attributes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in infos:
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


def special(kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("bad.ipynb")
    info.create_system, info.external_attr = 3, (kind | 0o644) << 16
    return info


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../bad.ipynb", "leads out of the archive"),
        ("a/../../bad.ipynb", "leads out of the archive"),
        ("..\\bad.ipynb", "leads out of the archive"),
        ("/etc/bad.ipynb", "is an absolute path"),
        ("\\\\server\\share\\bad.ipynb", "is an absolute path"),
        ("C:\\bad.ipynb", "is an absolute path"),
        ("c:bad.ipynb", "is an absolute path"),
        ("a\x1b[2Jbad.ipynb", "control characters"),
        ("a\nbad.ipynb", "control characters"),
        ("x" * 300 + ".ipynb", "too long"),
    ],
)
def test_a_bad_name_costs_its_entry_only(course, tmp_path, name, words):
    path = tmp_path / "class.zip"
    path.write_bytes(packed([(name, NOTEBOOK), (f"ann/{STAGE}/x.ipynb", NOTEBOOK)]))
    bad, good = find_submissions([path], course)
    assert str(bad.error).startswith(f"{path}/")
    assert words in str(bad.error)
    assert good.error is None
    assert read_bytes(good.path) == NOTEBOOK


def test_a_name_with_a_nul_costs_its_entry_only(tmp_path):
    raw = packed([("bad_.ipynb", NOTEBOOK), ("good.ipynb", NOTEBOOK)])
    (tmp_path / "class.zip").write_bytes(raw.replace(b"bad_", b"bad\0"))
    bad, good = entries(tmp_path / "class.zip")
    assert "control characters" in str(bad.problem)
    assert good.problem is None


@pytest.mark.parametrize(
    ("kind", "words"),
    [(stat.S_IFLNK, "a link"), (stat.S_IFIFO, "a pipe"), (stat.S_IFCHR, "a device")],
)
def test_what_is_no_file_is_refused(tmp_path, kind, words):
    path = tmp_path / "class.zip"
    path.write_bytes(crafted((special(kind), b"/etc/passwd")))
    (bad,) = entries(path)
    assert f"it is no file but {words}" in str(bad.problem)
    with pytest.raises(SubmissionError, match="it is no file but"):
        read_entry(path / "bad.ipynb")


def test_encrypted_and_oddly_packed_entries_are_refused(tmp_path):
    raw = bytearray(packed([("bad.ipynb", NOTEBOOK)]))
    central = raw.index(b"PK\x01\x02")
    for offset, value, words in ((8, 1, "encrypted"), (8, 0x2000, "encrypted"), (10, 93, "method")):
        changed = bytearray(raw)
        struct.pack_into("<H", changed, central + offset, value)
        path = tmp_path / f"{offset}-{value}.zip"
        path.write_bytes(changed)
        (bad,) = entries(path)
        assert words in str(bad.problem)


def test_two_entries_of_one_name_are_both_refused(course, tmp_path):
    path = tmp_path / "class.zip"
    with pytest.warns(UserWarning, match="Duplicate name"):
        raw = packed([("a.ipynb", b"1"), ("a.ipynb", b"2"), ("./a.ipynb", b"3")])
    path.write_bytes(raw)
    assert {one.problem is None for one in entries(path)} == {False}
    assert "there are 3 entries of this name" in str(entries(path)[0].problem)


def test_a_bomb_is_refused_before_it_goes_off(tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(packed([("bad.ipynb", bytes(40 * 2**20)), ("good.ipynb", NOTEBOOK)]))
    assert path.stat().st_size < 2**17
    bad, good = entries(path)
    assert "as a zip bomb does" in str(bad.problem)
    assert good.problem is None


def declaring(raw: bytes, offset: int, value: int) -> bytes:
    """An archive in whose list the first entry declares something else, as an unsigned 32."""
    changed = bytearray(raw)
    struct.pack_into("<L", changed, raw.index(b"PK\x01\x02") + offset, value)
    return bytes(changed)


PACKED, UNPACKED, HEADER = 20, 24, 42


def test_a_bomb_that_declares_a_small_size_is_stopped_there(tmp_path):
    path = tmp_path / "class.zip"
    bomb = packed([("bad.ipynb", bytes(40 * 2**20)), ("good.ipynb", NOTEBOOK)])
    path.write_bytes(declaring(bomb, UNPACKED, 1000))
    assert [one.problem for one in entries(path)] == [None, None]
    with pytest.raises(SubmissionError, match="unpacks to more than the archive declares"):
        read_entry(path / "bad.ipynb")
    assert read_entry(path / "good.ipynb") == NOTEBOOK


@pytest.mark.parametrize(
    ("offset", "value"), [(UNPACKED, 10**4), (PACKED, 10), (PACKED, 2**31), (HEADER, 7)]
)
def test_other_lies_are_a_sentence(tmp_path, offset, value):
    path = tmp_path / "class.zip"
    path.write_bytes(declaring(packed([("bad.ipynb", NOTEBOOK * 9)]), offset, value))
    with pytest.raises(SubmissionError, match=r"class\.zip"):
        read_entry(path / "bad.ipynb")


def test_an_archive_of_64_bit_lies_is_a_sentence(tmp_path):
    """Sizes beyond all bounds, in the extra field that has room for them."""
    name = b"bad.ipynb"
    extra = struct.pack("<2H3Q", 1, 24, 2**62, 2**62, 2**61)
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 45, 0, 8, 0, 0, 0, 9, 9, len(name), 0) + name
    listed = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 45, 45, 0, 8, 0, 0, 0, 2**32 - 1, 2**32 - 1,
        len(name), len(extra), 0, 0, 0, 0, 2**32 - 1,
    ) + name + extra  # fmt: skip
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(listed), len(local), 0)
    path = tmp_path / "class.zip"
    path.write_bytes(local + listed + end)
    with pytest.raises(SubmissionError, match="reaches beyond its end"):
        entries(path)


def test_an_archive_whose_entries_overlap_is_refused(tmp_path):
    """The bomb of a few kilobytes in which all entries are the same bytes."""
    kernel = zlib.compress(bytes(10**6))[2:-4]
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(kernel), 10**6, 7, 0)
    raw = local + b"x.ipynb" + kernel
    names = [f"{number}.ipynb".encode() for number in range(9)]
    listed = b"".join(
        struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(kernel), 10**6, len(name),
            0, 0, 0, 0, 0, 0,
        ) + name
        for name in names
    )  # fmt: skip
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, len(listed), len(raw), 0)
    path = tmp_path / "class.zip"
    path.write_bytes(raw + listed + end)
    with pytest.raises(SubmissionError, match="overlap, as those of a zip bomb do"):
        entries(path)


def test_too_many_entries_and_too_many_bytes_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "class.zip"
    path.write_bytes(packed((f"{number}.ipynb", NOTEBOOK) for number in range(8)))
    monkeypatch.setattr(archives, "MOST_ENTRIES", 7)
    with pytest.raises(SubmissionError, match="8 entries are more than the 7"):
        entries(path)
    monkeypatch.setattr(archives, "MOST_ENTRIES", 8)
    monkeypatch.setattr(archives, "MOST_BYTES", 7 * len(NOTEBOOK))
    with pytest.raises(SubmissionError, match="as those of a zip bomb do"):
        entries(path)
    monkeypatch.setattr(archives, "MOST_BYTES", 8 * len(NOTEBOOK))
    monkeypatch.setattr(archives, "_LONGEST_LIST", 100)
    with pytest.raises(SubmissionError, match="longer than any honest one"):
        entries(path)


def test_an_archive_that_is_cut_off_or_none_is_a_sentence(course, tmp_path):
    whole = packed([(f"{number}.ipynb", NOTEBOOK) for number in range(9)])
    for number, raw in enumerate((b"", b"no zip", whole[:-30], whole[: len(whole) // 2])):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(raw)
        (candidate,) = find_submissions([path], course)
        assert f"{path}: the archive is not read: it is cut off" in str(candidate.error)


def test_names_in_utf_8_are_read_where_nobody_says_so(tmp_path):
    path = tmp_path / "class.zip"
    name = "Jörg".encode()
    raw = packed([("J__rg.ipynb", NOTEBOOK)]).replace(b"J__rg", name)
    path.write_bytes(raw)
    (one,) = entries(path)
    assert one.parts == ("Jörg.ipynb",)
    assert read_entry(path / "Jörg.ipynb") == NOTEBOOK


def test_a_name_that_is_another_folder_is_nobodys(classroom, pack, text):
    archive = pack({f".._12_assignsubmission_file/{STAGE}.ipynb": text})
    run = nngrade(classroom.root, "grade", str(archive), "--gradebook", ok=False)
    assert "'..' cannot be a student's id" in run.stdout
    assert not (classroom.root / STAGE).exists()


def test_what_macos_and_jupyter_add_is_left_out(tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(
        packed(
            (name, NOTEBOOK)
            for name in ("__MACOSX/._a.ipynb", ".ipynb_checkpoints/a-checkpoint.ipynb", "a.ipynb")
        )
    )
    assert [one.parts for one in entries(path)] == [("a.ipynb",)]


def test_an_entry_that_is_gone_is_a_sentence(tmp_path, pack):
    archive = pack({"a.ipynb": NOTEBOOK})
    for path in (archive / "b.ipynb", archive / "a.ipynb/c.ipynb", tmp_path / "no.zip/a.ipynb"):
        with pytest.raises(SubmissionError, match="no such"):
            read_bytes(path)
    (tmp_path / "file").touch()
    with pytest.raises(SubmissionError, match="no such file"):
        read_bytes(tmp_path / "file/a.ipynb")


SOUND = packed(
    [
        (f"exampleann_11_501_{STAGE}.ipynb", NOTEBOOK),
        ("leekim_12_502_work.zip", packed([(f"{STAGE}.ipynb", NOTEBOOK)])),
        (f"Bo_14_assignsubmission_file_/{STAGE}.ipynb", NOTEBOOK),
    ]
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(SOUND) - 1), st.binary(max_size=6)), min_size=1, max_size=6
    ),
    end=st.integers(0, len(SOUND)) | st.just(len(SOUND)),
)
def test_whatever_is_in_an_archive_nothing_but_a_sentence_comes_out(course, tmp_path, changes, end):
    raw = bytearray(SOUND)
    for place, piece in changes:
        raw[place : place + len(piece)] = piece
    path = tmp_path / "class.zip"
    path.write_bytes(raw[:end])
    os.utime(path, ns=(0, zlib.crc32(raw)))
    for candidate in find_submissions([path], course):
        with contextlib.suppress(NngradeError):
            assert len(read_bytes(candidate.path)) < 10**6
    assert [one.name for one in tmp_path.iterdir()] == ["class.zip"]
