"""Nothing of solutions/ may reach a student: not in assignments, wheel, sdist or results."""

from __future__ import annotations

import ast
import base64
import gzip
import html
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from nngrade.authoring.pictures import CHUNKS, LARGEST_PICTURE, chunks_of
from nngrade.authoring.specimens import untouched
from nngrade.course.seeds import SECRET_FILE, SECRET_VARIABLE
from nngrade.course.stages import Course
from nngrade.handout.contents import handout_files
from nngrade.handout.home import Home
from tests.conftest import ROOT, SECRET
from tests.helpers import secret_lines


def engine_lines() -> set[str]:
    """Lines that any program may hold, such as ``return value``: they tell nothing."""
    return {
        line.strip()
        for folder in ("autograder", "datasets")
        for path in (ROOT / folder).rglob("*.py")
        for line in path.read_text().splitlines()
    }


def lines_in(name: str, content: bytes) -> Iterator[str]:
    """Lines of a file as its reader sees them: notebooks cell by cell, archives opened."""
    if name.endswith(".ipynb"):
        for cell in json.loads(content)["cells"]:
            yield from "".join(cell["source"]).splitlines()
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inner in archive.namelist():
                yield from lines_in(inner, archive.read(inner))
    elif content.startswith(b"\x1f\x8b"):
        yield from lines_in(name.removesuffix(".gz"), gzip.decompress(content))
    else:
        yield from content.decode("utf-8", "replace").splitlines()


def test_there_is_something_to_look_for(real_course: Course):
    assert len(secret_lines(real_course)) > 100


def test_no_secret_line_is_in_an_assignment(real_course: Course):
    secrets = secret_lines(real_course)
    for stage in real_course.stages:
        for cell in untouched(real_course, stage)["cells"]:
            if cell["cell_type"] == "code":
                for line in "".join(cell["source"]).splitlines():
                    assert line.strip() not in secrets, (stage.name, cell["id"], line)


def texts_of_rubrics(course: Course) -> list[str]:
    """What rubrics say, in pieces of eight words: lines may have been wrapped anew."""
    words = [
        cell.rubric.split() for stage in course.stages for cell in stage.lesson.of_kind("written")
    ]
    return [" ".join(one[start : start + 8]) for one in words for start in range(0, len(one), 8)]


def require_no_rubric(rubrics: list[str], name: str, content: bytes) -> None:
    text = " ".join(" ".join(lines_in(name, content)).split())
    assert "RUBRIC" not in text or name.endswith((".py", ".md")), name
    assert [one for one in rubrics if one.count(" ") >= 4 and one in text] == [], name


def test_no_rubric_is_in_an_assignment_or_a_handout(handout: dict[str, bytes], real_course: Course):
    rubrics = texts_of_rubrics(real_course)
    assert len(rubrics) > 20
    lesson = real_course.stages[0].folder / "lesson.py"
    with pytest.raises(AssertionError):  # where there is one, it is found
        require_no_rubric(rubrics, "x.py", lesson.read_bytes().replace(b"\n#  ", b"\n"))
    for path in real_course.assignments.rglob("*.ipynb"):
        require_no_rubric(rubrics, path.name, path.read_bytes())
    for name, content in handout.items():
        require_no_rubric(rubrics, name, content)


def test_assignments_hold_notebooks_and_nothing_else(real_course: Course):
    files = sorted(path for path in real_course.assignments.rglob("*") if path.is_file())
    assert files == [
        real_course.assignments / stage.name / f"{stage.name}.ipynb" for stage in real_course.stages
    ]


def test_no_marker_and_no_hidden_test_is_in_an_assignment(real_course: Course):
    for stage in real_course.stages:
        text = json.dumps(untouched(real_course, stage))
        for marker in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "graded by nngrade"):
            assert marker not in text


def outputs_in(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for cell in notebook["cells"]:
        yield from cell.get("outputs", ())


# All the HTML that an output may have.
PICTURE = re.compile(
    r'<img alt="([^"<>]+)" width="\d+" height="\d+" src="data:image/png;base64,([\w+/=]+)">'
)


def require_nothing_but_a_picture(output: dict[str, Any]) -> None:
    """An output must hold the pixels of a PNG, its size and a digest, and say what it shows."""
    assert output.keys() == {"data", "metadata", "output_type"}
    assert output["data"].keys() == {"text/html", "text/plain"}
    match = PICTURE.fullmatch("".join(output["data"]["text/html"]))
    assert match is not None
    alt, png = html.unescape(match[1]), base64.b64decode(match[2], validate=True)
    assert alt == "".join(output["data"]["text/plain"])
    assert len(alt) <= 400
    assert set(chunks_of(png)) <= CHUNKS == {"IHDR", "PLTE", "IDAT", "IEND"}
    assert len(png) <= LARGEST_PICTURE
    assert output["metadata"].keys() == {"nngrade"}
    (digest,) = output["metadata"]["nngrade"].values()
    # Too short to hold code, and of too much of it to be guessed.
    assert re.fullmatch("[0-9a-f]{16}", digest)


def test_the_outputs_of_an_assignment_are_pictures_that_say_nothing_else(real_course: Course):
    for stage in real_course.stages:
        outputs = list(outputs_in(untouched(real_course, stage)))
        assert outputs
        for output in outputs:
            require_nothing_but_a_picture(output)


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """The wheel and the sdist, as files by name."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
        text=True,
    )
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = {name: archive.read(name) for name in archive.namelist()}
    with tarfile.open(sdist) as tar:
        in_sdist = {
            member.name: file.read()
            for member in tar.getmembers()
            if (file := tar.extractfile(member)) is not None
        }
    return {"wheel": in_wheel, "sdist": in_sdist}


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_no_secret_line_is_in_an_archive(archives, real_course: Course, kind):
    secrets = secret_lines(real_course) - engine_lines()
    for name, content in archives[kind].items():
        for line in lines_in(name, content):
            assert line.strip() not in secrets, (name, line)


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_archives_hold_only_what_the_list_allows(archives, kind):
    allowed = {
        "wheel": ("nngrade/", "nndata/", "nngrade-"),
        "sdist": (
            "autograder/nngrade/", "datasets/nndata/", "datasets/README.md",
            "datasets/make_digits.py", "LICENSE", "README.md", "pyproject.toml", "PKG-INFO",
            ".gitignore",
        ),
    }[kind]  # fmt: skip
    for name in archives[kind]:
        inner = name if kind == "wheel" else name.split("/", 1)[1]
        assert inner.startswith(allowed), name
        assert not any(
            word in inner for word in ("solution", "checks.pyc", "assignments", "tests/")
        )


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_archives_hold_all_that_a_student_needs(archives, kind):
    names = "\n".join(archives[kind])
    for needed in (
        "nngrade/commands/main.py",
        "nngrade/formats/schema/results-v1.json",
        "nngrade/formats/schema/results-v2.json",
        "nngrade/py.typed",
        "nndata/plots.py",
        "nndata/digits-images.idx.gz",
    ):
        assert needed in names


@pytest.fixture(scope="module")
def handout(real_course: Course) -> dict[str, bytes]:
    """All that students get, with everything that can be asked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SECRET_VARIABLE, SECRET.decode())
        return handout_files(real_course, real_course.stages, Home("ada/course", "main"))


@pytest.mark.parametrize("packed", ["notebook", "zip", "gzip", "zip in gzip"])
def test_a_line_is_found_wherever_it_hides(packed):
    content, name = b"first\n  a secret line\n", "x.txt"
    if packed == "notebook":
        cell = {"cell_type": "markdown", "source": ["first\n", "  a secret line"]}
        content, name = json.dumps({"cells": [cell]}).encode(), "x.ipynb"
    if "zip " in f"{packed} ":
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        content, name = file.getvalue(), "x.whl"
    if "gzip" in packed:
        content, name = gzip.compress(content), "x.idx.gz"
    assert "a secret line" in {line.strip() for line in lines_in(name, content)}


def test_no_secret_line_is_in_a_handout(handout, real_course: Course):
    secrets = secret_lines(real_course) - engine_lines()
    for name, content in handout.items():
        for line in lines_in(name, content):
            assert line.strip() not in secrets, (name, line)


def test_the_outputs_of_a_handout_are_pictures_that_say_nothing_else(handout):
    for name, content in handout.items():
        if name.endswith(".ipynb"):
            for output in outputs_in(json.loads(content)):
                require_nothing_but_a_picture(output)


def test_a_handout_says_nothing_of_the_staffs_machine_and_has_no_secret(
    handout,
):
    for name, content in handout.items():
        text = "\n".join([name, *lines_in(name, content)])
        for word in (str(ROOT), "solutions/", SECRET_FILE, SECRET.decode(), "HIDDEN TEST"):
            assert word not in text, (name, word)


# Rooms of the engine that know checks, references or known mistakes, or how to get at them.
STAFF_ROOMS = (
    "audit", "authoring", "catalogue", "class_report", "course", "formats", "gradebook", "grading",
    "gradescope", "handout", "practice", "runs", "students", "submissions", "watching",
)  # fmt: skip


def test_a_handout_has_no_room_that_knows_a_secret(handout):
    files = [name for name in handout if name.startswith("package/nngrade/")]
    assert "package/nngrade/live/hook.py" in files
    assert [
        name
        for name in files
        if name.startswith(tuple(f"package/nngrade/{room}/" for room in STAFF_ROOMS))
    ] == []
    assert [name for name in files if not name.endswith((".py", "/py.typed"))] == []


def strings_in(source: bytes) -> Iterator[str]:
    """Texts in a program, each as Python reads it: joined over lines, and without its quotes."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_no_text_of_checks_and_known_mistakes_is_in_a_handouts_package(
    handout, real_course: Course
):
    """Descriptions, hints and names: what lines of code do not show, as they may be wrapped."""
    told = {
        text
        for stage in real_course.stages
        for name in ("checks.py", "misconceptions.py")
        for text in strings_in((stage.folder / name).read_bytes())
        if len(text.split()) >= 6
    }
    names = {one.name for stage in real_course.stages for one in stage.misconceptions}
    assert len(told) > 1000
    assert len(names) > 500
    package = {name: text for name, text in handout.items() if name.endswith(".py")}
    everything = {one for text in package.values() for one in strings_in(text)}
    joined = "\n".join(everything)
    assert [text for text in told if text in joined] == []
    words = {word for text in package.values() for word in re.findall(r"\w+", text.decode())}
    assert sorted(one for one in names & words if one.count("_") >= 2) == []


def test_no_message_of_a_lost_check_quotes_a_check_or_the_grader(real_course, grader):
    """Students read messages: no traceback, no path and no code of the course's side."""
    secrets = secret_lines(real_course)
    for stage in real_course.stages:
        path = real_course.assignments / stage.name / f"{stage.name}.ipynb"
        for check in grader.grade(path, stage, "ann").checks:
            assert "Traceback" not in check.message
            assert "/solutions/" not in check.message
            assert check.message not in secrets
