"""Lists that say who is who."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nngrade.errors import CourseError
from nngrade.submissions.find import find_submissions
from nngrade.submissions.roster import read_roster
from tests.helpers import STAGE
from tests.submissions.conftest import NOTEBOOK, found


def roster(tmp_path: Path, text: str, encoding: str = "utf-8") -> Any:
    path = tmp_path / "students.csv"
    path.write_text(text, encoding=encoding)
    return read_roster(path)


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
