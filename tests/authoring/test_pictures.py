"""Pictures in the notebooks: drawn where something has changed, kept where nothing has."""

from __future__ import annotations

import base64
import io
import json
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import nbconvert
import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image, PngImagePlugin

import nndata
from nngrade.authoring import build as building
from nngrade.authoring.build import build, differences
from nngrade.authoring.pictures import (
    CHUNKS,
    LARGEST_PICTURE,
    chunks_of,
    compressed,
    digests_of,
    draws,
    picture_of,
)
from nngrade.authoring.specimens import untouched
from nngrade.course.naming import cell_ids
from nngrade.course.stages import Course
from nngrade.errors import CourseError, LessonError
from tests.conftest import ROOT, nbgrader
from tests.gradebook.conftest import autograded, scores, submit
from tests.helpers import STAGE, edit

FIRST = """
# %% demo
import matplotlib.pyplot as plt

from nndata import load_images, plots

plt.figure(figsize=(3, 2))
plt.plot([0, total(np.arange(3.0)), 1])
plt.show()
"""
SECOND = """
# %% demo
images = load_images("auto")
plots.show_digits(images.X_train[:4], image_shape=(8, 8))
plt.figure(figsize=(2, 2))
plt.plot(shifted(np.arange(3.0), 1.0))
print("a number that nobody is to read")
plt.show()
"""
BETWEEN = '# %% task="shifted"'


def with_figures(course: Course, *last: str) -> Course:
    """The course with a figure before its second task, and others at the end."""
    lesson = course.stages[0].folder / "lesson.py"
    edit(lesson, BETWEEN, f"{FIRST}\n{BETWEEN}")
    lesson.write_text(lesson.read_text() + "\n".join(last))
    return Course(course.root)


@pytest.fixture(scope="module")
def _drawn(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("drawn") / "course"
    shutil.copytree(course.root, root)
    made = with_figures(Course(root), SECOND)
    build(made, made.stages)
    return root


@pytest.fixture
def drawn(_drawn: Path, tmp_path: Path) -> Course:
    """A course whose notebook has pictures, which a test may change."""
    root = tmp_path / "drawn"
    shutil.copytree(_drawn, root)
    return Course(root)


def notebook_of(course: Course) -> Path:
    return course.assignments / STAGE / f"{STAGE}.ipynb"


def cells_of(course: Course) -> dict[str, dict[str, Any]]:
    return {cell["id"]: cell for cell in untouched(course, course.stages[0])["cells"]}


def figures_of(course: Course) -> list[str]:
    lesson = course.stages[0].lesson
    return [name for cell, name in cell_ids(lesson).items() if draws(cell)]


def png_of(output: dict[str, Any]) -> bytes:
    return base64.b64decode(output["data"]["image/png"])


def change(course: Course, function: Callable[[list[dict[str, Any]]], None]) -> None:
    """Change the outputs of the last figure's cell."""
    path = notebook_of(course)
    notebook = json.loads(path.read_text())
    (cell,) = (one for one in notebook["cells"] if one["id"] == figures_of(course)[-1])
    function(cell["outputs"])
    path.write_text(json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


# What a build makes.


def test_figures_have_their_pictures_and_other_cells_nothing(drawn: Course):
    counts = {name: len(cell.get("outputs", ())) for name, cell in cells_of(drawn).items()}
    first, second = figures_of(drawn)
    assert counts == {**dict.fromkeys(counts, 0), first: 1, second: 2}
    for name, digest in digests_of(drawn.stages[0]).items():
        for output in cells_of(drawn)[name]["outputs"]:
            assert output["output_type"] == "display_data"
            assert output["data"].keys() == {"image/png"}
            assert output["metadata"]["nngrade"] == {"drawn_from": digest}
            png, size = png_of(output), output["metadata"]["image/png"]
            width, height = struct.unpack_from(">II", png, 16)
            # Twice the pixels that it takes on the page, up to rounding.
            assert abs(width - 2 * size["width"]) <= 1
            assert abs(height - 2 * size["height"]) <= 1
            assert set(chunks_of(png)) <= CHUNKS
            assert len(png) <= LARGEST_PICTURE
    assert "nobody is to read" not in str(
        [cell.get("outputs") for cell in cells_of(drawn).values()]
    )


def test_pictures_are_kept_to_the_byte_where_nothing_has_changed(drawn: Course):
    # A picture that no build would draw shows that none does.
    other = io.BytesIO()
    Image.new("P", (8, 8)).save(other, "PNG")

    def replace(outputs: list[dict[str, Any]]) -> None:
        outputs[0]["data"]["image/png"] = base64.b64encode(other.getvalue()).decode()

    change(drawn, replace)
    before = notebook_of(drawn).read_bytes()
    assert differences(drawn, drawn.stages) == []
    assert not any(build(drawn, drawn.stages).values())
    assert notebook_of(drawn).read_bytes() == before


def test_only_what_has_changed_is_drawn(drawn: Course):
    first, _ = figures_of(drawn)
    before = cells_of(drawn)[first]["outputs"]
    edit(drawn.stages[0].folder / "lesson.py", "shifted(np.arange(3.0), 1.0)", "[3, 1, 2]")
    course = Course(drawn.root)
    (found,) = differences(course, course.stages)
    assert "differs from its lesson" in found.why
    told: list[str] = []
    build(course, course.stages, told.append)
    assert told == [f"drawing 1 figure of {STAGE}"]
    assert cells_of(course)[first]["outputs"] == before
    assert len(cells_of(course)[figures_of(course)[1]]["outputs"]) == 2
    assert differences(course, course.stages) == []


def test_a_changed_solution_is_told_with_the_fix_and_draws_anew(drawn: Course):
    first, second = figures_of(drawn)
    before = cells_of(drawn)
    edit(
        drawn.stages[0].folder / "lesson.py",
        "return values + by",
        "return values + by + (values == 0)",
    )
    course = Course(drawn.root)
    (found,) = differences(course, course.stages)
    lines = (course.stages[0].folder / "lesson.py").read_text().splitlines()
    line = lines.index('images = load_images("auto")') + 1
    assert str(found) == (
        f"assignments/{STAGE}/{STAGE}.ipynb: 1 picture missing or drawn from other code or data, "
        f"first that of the cell on line {line} of its lesson; run `nngrade build {STAGE}`"
    )
    assert f'"id": "{second}"' in notebook_of(course).read_text().splitlines()[found.line - 1]
    build(course, course.stages)
    after = cells_of(course)
    assert after[first] == before[first]
    # The digits are the same as before, the curve is not.
    digits, curve = (png_of(one) for one in after[second]["outputs"])
    assert digits == png_of(before[second]["outputs"][0])
    assert curve != png_of(before[second]["outputs"][1])
    assert differences(course, course.stages) == []


# Described ones.


DESCRIBED = r"""
# %% demo
import matplotlib.pyplot as plt

from nndata import plots

for height in (1, 2):
    plt.figure(figsize=(2, 2))
    plt.plot([0, height], label='"<&>"')
plots.show(alt=["A line \"up\" to 1, & <more>.", f"A line up\n to {height}."])
"""
TEXTS = ['A line "up" to 1, & <more>.', "A line up to 2."]


@pytest.fixture
def described(new_course: Course) -> Course:
    lesson = new_course.stages[0].folder / "lesson.py"
    lesson.write_text(lesson.read_text() + DESCRIBED)
    course = Course(new_course.root)
    build(course, course.stages)
    return course


def test_a_description_is_where_programs_look_for_it(described: Course):
    (name,) = figures_of(described)
    outputs = cells_of(described)[name]["outputs"]
    assert ["".join(one["data"]["text/plain"]) for one in outputs] == TEXTS
    for output, text in zip(outputs, TEXTS, strict=True):
        assert output["data"].keys() == {"text/html", "text/plain"}
        assert output["metadata"].keys() == {"nngrade"}
        image = BeautifulSoup("".join(output["data"]["text/html"]), "html.parser").img
        assert image["alt"] == text
        kind, _, content = image["src"].partition(",")
        png = base64.b64decode(content, validate=True)
        assert kind == "data:image/png;base64"
        assert set(chunks_of(png)) <= CHUNKS
        assert len(png) <= LARGEST_PICTURE
        width, height = struct.unpack_from(">II", png, 16)
        assert abs(width - 2 * int(image["width"])) <= 1
        assert abs(height - 2 * int(image["height"])) <= 1
    page, _ = nbconvert.HTMLExporter().from_filename(str(notebook_of(described)))
    shown = BeautifulSoup(page, "html.parser").select(".jp-OutputArea-output img")
    assert [one["alt"] for one in shown] == TEXTS


def test_described_pictures_are_kept_to_the_byte_too(described: Course):
    before = notebook_of(described).read_bytes()
    assert differences(described, described.stages) == []
    assert not any(build(described, described.stages).values())
    assert notebook_of(described).read_bytes() == before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.update({"text/plain": "Another text."}),
        lambda data: data.update({"text/plain": ""}),
        lambda data: data.update({"image/png": "iVBORw0KGgo="}),
        lambda data: data.update({"text/html": [*data["text/html"], "<b>more</b>"]}),
        lambda data: data.update(
            {"text/html": [one.replace("<img", "<img onload='f()'") for one in data["text/html"]]}
        ),
        lambda data: data.update(
            {"text/html": [one.replace("image/png", "image/gif") for one in data["text/html"]]}
        ),
    ],
    ids=["another text", "no text", "a picture beside it", "more", "a script", "another kind"],
)
def test_what_no_build_has_described_is_no_picture(described: Course, spoil):
    change(described, lambda outputs: spoil(outputs[-1]["data"]))
    (found,) = differences(described, described.stages)
    assert "1 picture missing or drawn from other code or data" in found.why


def test_a_figure_beside_a_described_one_needs_a_description(new_course: Course):
    lesson = new_course.stages[0].folder / "lesson.py"
    before = lesson.read_text()
    lesson.write_text(before + DESCRIBED.replace('f"A line up\\n to {height}."', ""))
    with pytest.raises(LessonError) as caught:
        build(Course(new_course.root), Course(new_course.root).stages)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == (lesson, len(before.splitlines()) + 3)
    assert problem.what == (
        "this cell draws 2 figures and describes 1; give `alt` a list of texts, one for each"
    )


def with_text(png: bytes) -> bytes:
    info, file = PngImagePlugin.PngInfo(), io.BytesIO()
    info.add_text("Software", "whatever drew it")
    Image.open(io.BytesIO(png)).save(file, "PNG", pnginfo=info)
    return file.getvalue()


def too_large(png: bytes) -> bytes:
    file = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), dtype=np.uint8)
    Image.fromarray(noise).save(file, "PNG")
    return file.getvalue()


def replaced(by: Callable[[bytes], bytes]) -> Callable[[list[dict[str, Any]]], None]:
    def replace(outputs: list[dict[str, Any]]) -> None:
        outputs[0]["data"]["image/png"] = base64.b64encode(by(png_of(outputs[0]))).decode()

    return replace


@pytest.mark.parametrize(
    "spoil",
    [
        lambda outputs: outputs.clear(),
        lambda outputs: outputs[0]["data"].update({"text/plain": ["<Figure>"]}),
        lambda outputs: outputs[0]["metadata"].pop("nngrade"),
        lambda outputs: outputs[0]["metadata"]["nngrade"].update(drawn_from="0" * 16),
        lambda outputs: outputs[0].update(output_type="execute_result", execution_count=3),
        lambda outputs: outputs.append({"output_type": "stream", "name": "stdout", "text": ["1"]}),
        lambda outputs: outputs[0]["metadata"]["image/png"].update(width="100"),
        lambda outputs: outputs[0]["metadata"]["image/png"].update(alt="a text"),
        replaced(with_text),
        replaced(too_large),
        replaced(lambda png: b"no PNG"),
        replaced(lambda png: png[:-6]),
    ],
    ids=[
        "none", "a text beside it", "no digest", "another digest", "a result", "a number printed",
        "a width that is text", "a text on it", "a PNG that tells", "a large one", "none at all",
        "half of one",
    ],
)  # fmt: skip
def test_what_no_build_has_made_is_no_picture(drawn: Course, spoil):
    change(drawn, spoil)
    (found,) = differences(drawn, drawn.stages)
    assert "1 picture missing or drawn from other code or data" in found.why


def test_an_output_of_a_cell_that_draws_nothing_is_a_difference(drawn: Course):
    path = notebook_of(drawn)
    stale = path.read_text().replace('"outputs": []', '"outputs": [{}]', 1)
    path.write_text(stale)
    (found,) = differences(drawn, drawn.stages)
    assert "differs from its lesson, first at line" in found.why


def test_a_notebook_that_is_too_large_is_refused(drawn: Course, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(building, "LARGEST_NOTEBOOK", 5_000)
    sentence = r"bytes with its pictures, and 5,000 is the most; draw fewer figures, or smaller"
    with pytest.raises(CourseError, match=sentence):
        build(drawn, drawn.stages[:1])
    (found,) = differences(drawn, drawn.stages[:1])
    assert sentence in found.why


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("1 / 0\nplt.show()", "this cell raises ZeroDivisionError: division by zero, with the ref"),
        ("plt.show()", "this cell draws nothing; plot above its `plots.show` or `plt.show()`"),
        (
            "noise = np.random.default_rng(0).uniform(size=(300, 300))\n"
            "plt.figure(figsize=(4, 4))\nplt.imshow(noise)\nplt.show()",
            "bytes in 64 colours, and 60,000 is the most; draw less, or smaller",
        ),
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_drawn_is_told_with_its_line(new_course: Course, code, sentence):
    course = with_figures(new_course, f"\n# %% demo\n{code}\n")
    lesson = course.stages[0].folder / "lesson.py"
    before = notebook_of(course).read_bytes()
    with pytest.raises(LessonError) as caught:
        build(course, course.stages)
    (problem,) = caught.value.problems
    assert problem.path == lesson
    assert problem.line == len(lesson.read_text().splitlines()) - code.count("\n")
    assert sentence in problem.what
    assert notebook_of(course).read_bytes() == before


# nbgrader's own commands.


@pytest.mark.thorough
def test_nbgrader_keeps_pictures_when_it_makes_and_drops_them_when_it_grades(drawn: Course):
    config = (ROOT / "nbgrader_config.py").read_text()
    (drawn.root / "nbgrader_config.py").write_text(
        config + 'c.GradeInSandbox.sandbox = "weak"\nc.GradeInSandbox.data = "digits"\n'
    )
    before = notebook_of(drawn).read_bytes()
    nbgrader(drawn.root, "generate_assignment", STAGE)
    assert notebook_of(drawn).read_bytes() == before
    submit(drawn, "ada")
    assert b"image/png" in (drawn.root / "submitted/ada" / STAGE / f"{STAGE}.ipynb").read_bytes()
    nbgrader(drawn.root, "autograde", STAGE)
    assert scores(drawn) == {"ada": 6}
    assert "image/png" not in str(autograded(drawn)["ada"])
    nbgrader(drawn.root, "generate_feedback", STAGE)
    assert (drawn.root / "feedback/ada" / STAGE / f"{STAGE}.html").exists()


# Digests.


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("Adding things up.", "Adding up.", []),
        ("SCALE = 2.0", "SCALE = 2.5", [0, 1]),
        ("return float(np.sum(values))", "return float(sum(values))", [0, 1]),
        ('"1 + 2 is 3"', '"1 + 2 = 3"', [0, 1]),
        ("plt.plot([0, total", "plt.plot([1, total", [0, 1]),
        ("return values + by", "return by + values", [1]),
        ("plt.figure(figsize=(2, 2))", "plt.figure(figsize=(2, 3))", [1]),
    ],
)
def test_a_digest_covers_the_code_of_its_cell_and_above(drawn: Course, old, new, changed):
    before = list(digests_of(drawn.stages[0]).values())
    edit(drawn.stages[0].folder / "lesson.py", old, new)
    after = list(digests_of(Course(drawn.root).stages[0]).values())
    assert [i for i in range(2) if before[i] != after[i]] == changed


def test_a_cell_below_changes_no_digest(drawn: Course):
    before = digests_of(drawn.stages[0])
    lesson = drawn.stages[0].folder / "lesson.py"
    lesson.write_text(lesson.read_text() + "\n# %% demo\nbelow = 3\n")
    assert digests_of(Course(drawn.root).stages[0]) == before


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("plots.py", True),
        ("__init__.py", True),
        ("images.py", True),
        ("idx.py", True),  # which only other modules import
        ("digits-images.idx.gz", True),
        ("milestones.py", False),  # which the lesson cannot reach
        ("train-images-idx3-ubyte.gz", False),  # a downloaded MNIST
    ],
)
def test_a_digest_covers_the_data_package_as_far_as_it_is_used(
    drawn: Course, tmp_path: Path, name: str, counts: bool
):
    package = tmp_path / "nndata"
    shutil.copytree(Path(nndata.__file__).parent, package)
    before = digests_of(drawn.stages[0], package)
    assert before == digests_of(drawn.stages[0])
    with (package / name).open("ab") as file:
        file.write(b"\n")
    assert (digests_of(drawn.stages[0], package) != before) == counts


# Small pictures.


def saved(pixels: Any, **options: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.asarray(pixels, dtype=np.uint8)).save(file, "PNG", **options)
    return file.getvalue()


def pixels_of(png: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def test_a_picture_of_few_colours_stays_as_it_is_and_loses_its_metadata():
    pixels = np.zeros((40, 60, 3))
    pixels[10:20, 5:50] = 0, 114, 178
    pixels[:, 30:] += 16
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", "whatever drew it")
    png = saved(pixels, pnginfo=info, dpi=(200, 200))
    assert {"tEXt", "pHYs"} <= set(chunks_of(png))
    made = compressed(png)
    assert set(chunks_of(made)) == {"IHDR", "PLTE", "IDAT", "IEND"}
    assert (pixels_of(made) == pixels).all()
    assert compressed(png) == made


def test_what_is_transparent_lies_on_white():
    pixels = np.zeros((10, 10, 4))
    pixels[:, 5:] = 200, 0, 0, 255
    made = pixels_of(compressed(saved(pixels)))
    assert (made[:, :5] == 255).all()
    assert (made[:, 5:] == (200, 0, 0)).all()


def test_a_small_marker_keeps_its_colour_among_many_others():
    x, y = np.meshgrid(np.linspace(0, 250, 600), np.linspace(0, 250, 400))
    pixels = np.stack([x, y, (x + y) / 2], axis=2).astype(np.uint8)
    pixels[:, :200] = 255
    pixels[100:112, 300:312] = 230, 159, 0
    made = pixels_of(compressed(saved(pixels)))
    assert (made[:, :200] == 255).all()
    assert np.abs(made[100:112, 300:312] - (230, 159, 0)).max() <= 20
    assert np.abs(made - pixels).max() <= 48


def test_a_rich_figure_is_made_small_enough():
    figure, ax = plt.subplots(figsize=(8, 6))
    rng = np.random.default_rng(0)
    for colour in ("#0072B2", "#E69F00", "#009E73", "#CC79A7"):
        ax.plot(np.cumsum(rng.normal(size=(500, 2)), axis=0), color=colour)
    ax.imshow(np.hypot(*np.mgrid[-40:40, -30:30]), extent=(0, 500, -40, 40), aspect="auto")
    file = io.BytesIO()
    figure.savefig(file, dpi=200)
    png, size = picture_of(figure)
    plt.close(figure)
    assert len(file.getvalue()) > 2 * LARGEST_PICTURE
    assert len(png) <= LARGEST_PICTURE
    width, height = struct.unpack_from(">II", png, 16)
    assert width >= size["width"] > 600
    assert abs(width / height - size["width"] / size["height"]) < 0.01


def test_chunks_are_read_to_the_end():
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"tEXt", b"A\0b")
    assert chunks_of(png) == ["IHDR", "tEXt"]
    for broken in (png[1:], png + b"\0\0", png[:-1]):
        with pytest.raises(ValueError, match="PNG"):
            chunks_of(broken)
