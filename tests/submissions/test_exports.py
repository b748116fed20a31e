"""Names in exports of Canvas and Moodle: who handed in what."""

from __future__ import annotations

import zipfile

import pytest

from nngrade.submissions.exports import hand_in
from tests.helpers import STAGE, packed
from tests.submissions.conftest import NOTEBOOK, found


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
