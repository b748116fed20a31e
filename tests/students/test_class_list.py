"""The class list: what a file may look like, and all that is wrong with one, in one go."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nngrade.course.stages import Course
from nngrade.students.class_list import (
    ClassListError,
    read_class_list,
    read_students,
    students_of,
)
from nngrade.submissions.exports import HandIn
from tests.helpers import STAGE

OTHER = "stage02_gradients"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "students.csv"
    path.write_bytes(text.encode(encoding))
    return path


def problems(folder: Path, course: Course, text: str) -> list[str]:
    with pytest.raises(ClassListError) as raised:
        read_class_list(written(folder, text), course)
    assert str(raised.value) == "\n".join(raised.value.problems)
    return [one.replace(f"{folder}/", "") for one in raised.value.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(
    encoding: str, separator: str, course: Course, tmp_path: Path
) -> None:
    text = "Name,E-Mail,Student,Group\nÇelik  Cem,c@x.org,cem,team\nAnn,,ann,\n\n"
    path = written(tmp_path, text.replace(",", separator), encoding)
    found = read_class_list(path, course)
    cem, ann = found.students
    assert (cem.id, cem.name, cem.email, cem.group) == ("cem", "Çelik Cem", "c@x.org", "team")
    assert (ann.id, ann.section, dict(ann.extensions)) == ("ann", "", {})
    assert found.find("cem") is cem
    assert found.find("nobody") is None


def test_the_order_of_columns_and_lines_does_not_matter(course: Course, tmp_path: Path) -> None:
    columns = ["id", "name", "section", "group", "lms_name"]
    lines = [[f"s{number}", f"N {number}", "a", f"g{number % 3}", ""] for number in range(9)]
    seen = set()
    for seed in range(5):
        order = random.Random(seed)
        place = order.sample(range(5), 5)
        order.shuffle(lines)
        text = "\n".join(",".join(one[at] for at in place) for one in [columns, *lines])
        found = read_class_list(written(tmp_path, text), course)
        seen.add(
            frozenset(
                (one.id, one.name, one.group, found.group_of(one.id)) for one in found.students
            )
        )
    assert len(seen) == 1


def test_groups(course: Course, tmp_path: Path) -> None:
    found = read_class_list(
        written(tmp_path, "id,group\nbob,red\nann,red\ncem,blue\ndee,\n"), course
    )
    assert found.group_of("ann") == found.group_of("bob") == ("ann", "bob")
    # Who is alone in a group works alone.
    assert found.group_of("cem") == found.group_of("dee") == found.group_of("zoe") == ()


def test_extensions(new_course: Course, tmp_path: Path) -> None:
    new_course.options_file.write_text('[late]\ntimezone = "Europe/Berlin"\n')
    course = Course(new_course.root)
    text = (
        "id,extensions\n"
        "ann,stage01: 2 days\n"
        f"bob,all: 36 Hours; {OTHER}: 2026-07-20 18:00\n"
        "cem,stage02: 2026-11-20T18:00+00:00;\n"
    )
    ann, bob, cem = read_class_list(written(tmp_path, text), course).students
    assert ann.extensions == {STAGE: timedelta(days=2)}
    # Summer time in Berlin.
    assert bob.extensions == {
        STAGE: timedelta(hours=36),
        OTHER: datetime(2026, 7, 20, 16, tzinfo=UTC),
    }
    assert cem.extensions == {OTHER: datetime(2026, 11, 20, 18, tzinfo=UTC)}


def test_all_that_is_wrong_is_told_at_once(course: Course, tmp_path: Path) -> None:
    text = (
        "id,name,extensions\n"
        "ann,Ann,\n"
        ",Bob,\n"
        "a/b,Bob,\n"
        "..,Bob,\n"
        "Ann,Other Ann,\n"
        "cem,Ann,exam: 1 day; stage01 1 day; stage01: soon; stage01: 2026-11-20\n"
        "dee,Dee,stage01: 2026-11-20 18:00; stage02: 1 day; stage02_gradients: 2 days\n"
        "eve,Eve,,,x\n"
    )
    assert problems(tmp_path, course, text) == [
        "students.csv, line 3: the id is empty; fill it in, or take out the line",
        "students.csv, line 4: 'a/b' cannot be an id, since a folder gets its name; take out / "
        "and \\, and what cannot be seen",
        "students.csv, line 5: '..' cannot be an id, since a folder gets its name; take out / "
        "and \\, and what cannot be seen",
        "students.csv, line 6: Ann is also in line 2 as ann; an id stands for one student, so take "
        "out one of the two lines",
        "students.csv, line 7 (cem): there is no stage 'exam'; there are: all, stage01_sums, "
        "stage02_gradients",
        "students.csv, line 7 (cem): the extension 'stage01 1 day' lacks its stage; write it as in "
        "stage03: 2 days",
        "students.csv, line 7 (cem): 'soon' is no extension; write it as in 2 days, 12 hours or "
        "2026-11-20 18:00",
        "students.csv, line 7 (cem): '2026-11-20' is no extension; write it as in 2 days, 12 hours "
        "or 2026-11-20 18:00",
        "students.csv, line 8 (dee): 2026-11-20 18:00 does not say in which time zone; add an "
        'offset, as in 2026-11-20 18:00+01:00, or timezone = "Europe/Berlin" to the table [late] '
        "of course.toml",
        "students.csv, line 8 (dee): stage02_gradients has two extensions; take out one of them",
        "students.csv, line 9: there are 5 fields and 3 columns; put what holds a separator "
        'between quotation marks, "…"',
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id,emial\n", "there is no column 'emial'; did you mean email?"),
        ("id,shoe\n", "there is no column 'shoe'; there are: id, name,"),
        ("name,email\nAnn,\n", "no column says who it is; name one id"),
        ("id,student\nann,ann\n", "the column id is there twice"),
        ("id\n", "it lists no student"),
        ("", "no column says who it is"),
    ],
)
def test_a_header_that_is_wrong(text: str, problem: str, course: Course, tmp_path: Path) -> None:
    (told,) = problems(tmp_path, course, text)
    assert problem in told


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"id\n{text}".encode()))
def test_whatever_is_in_it_it_is_read_or_refused(content: bytes) -> None:
    import tempfile

    from nngrade.errors import CourseError
    from tests.conftest import ROOT

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "students.csv"
        path.write_bytes(content)
        try:
            found = read_class_list(path, Course(ROOT / "tests/small_course"))
        except CourseError as error:
            assert error.args[0].startswith(str(path))  # noqa: PT017
        else:
            ids = [one.id for one in found.students]
            assert len(set(ids)) == len(ids) > 0
            assert not [one for one in ids if set(one) & set("/\\")]


def test_it_tells_who_is_who_in_exports(course: Course, tmp_path: Path) -> None:
    path = written(
        tmp_path, "id,name,lms_name\nada,Ada Lovelace,\nbob,Bob B.,4711\ncem,Cem,Chem Istry\n"
    )
    roster = read_students(path, course).roster
    assert roster is not None
    assert roster.student(HandIn("Canvas", "1", "lovelaceada", "x.ipynb")) == "ada"
    assert roster.student(HandIn("Moodle", "1", "Ada Lovelace", "x.ipynb")) == "ada"
    assert roster.student(HandIn("Canvas", "4711", "anybody", "x.ipynb")) == "bob"
    assert roster.student(HandIn("Moodle", "9", "Chem Istry", "x.ipynb")) == "cem"
    # Nobody is lost who is not in it.
    assert roster.student(HandIn("Canvas", "5", "eve", "x.ipynb")) == "5"


def test_a_roster_goes_with_the_courses_own_list(new_course: Course, tmp_path: Path) -> None:
    assert students_of(new_course).class_list is None
    written(new_course.root, "id,group\nann,red\nbob,red\n")
    path = tmp_path / "roster.csv"
    path.write_text("lms_name,student\n4711,ann\n")
    found = students_of(new_course, path)
    assert found.class_list is not None
    assert found.roster is not None
    assert found.class_list.group_of("ann") == ("ann", "bob")
    assert found.roster.student(HandIn("Canvas", "4711", "x", "x.ipynb")) == "ann"
    assert students_of(new_course).strangers(["ann", "zoe", "zoe"]) == ["zoe"]
    new_course.options_file.write_text('[students]\nfile = "elsewhere.csv"\n')
    assert students_of(Course(new_course.root)).class_list is None
