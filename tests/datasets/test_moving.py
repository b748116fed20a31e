"""Pictures that move: one function that draws, and what stands there where nothing can move."""

from __future__ import annotations

import base64
import json
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from matplotlib import pyplot as plt

from nndata.moving import controls, move
from nngrade.authoring.pictures import draws
from nngrade.course.stages import Course
from tests.moving import moving_pictures

WIDGET = "application/vnd.jupyter.widget-view+json"
CELL = """
from nndata.moving import move

def draw(figure, power):
    figure.subplots().plot([1, 2, 3], [1, 2**power, 3**power])
    return f"The power is {power}."

move(draw, power=range(1, 9), size=(3, 2), alt="Six powers.")
"""
HIDDEN = "import sys\nsys.modules['ipywidgets'] = None\n"


class Kernel:
    """A kernel, and what its cells show."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(self, code: str, somebody: bool) -> list[dict[str, Any]]:
        """Run a cell, as somebody at a notebook does or as a program does."""
        shown: list[dict[str, Any]] = []

        def note(message: dict[str, Any]) -> None:
            content = message["content"]
            assert message["msg_type"] != "error", content
            if message["msg_type"] == "display_data":
                shown.append(content)
            elif message["msg_type"] == "stream":
                shown.append({"text": content["text"]})

        self._client.execute_interactive(
            code, allow_stdin=somebody, output_hook=note, stdin_hook=lambda _: None, timeout=120
        )
        return shown


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    manager = pytest.importorskip("jupyter_client.manager")
    pytest.importorskip("ipykernel")
    km, client = manager.start_new_kernel(kernel_name="python3")
    try:
        yield Kernel(client)
    finally:
        client.stop_channels()
        km.shutdown_kernel(now=True)


def assert_frames(output: dict[str, Any]) -> None:
    png = base64.b64decode(output["data"]["image/png"])
    width, height = struct.unpack_from(">II", png, 16)
    # Six frames, two beside each other; what is white around them may be cut off.
    assert 1 < height / width < 1.3
    assert output["metadata"]["image/png"]["alt"] == "Six powers."
    assert WIDGET not in output["data"]


@pytest.mark.thorough
def test_nobody_at_the_notebook_gets_the_frames(kernel: Kernel) -> None:
    frames, told = kernel.run(CELL, somebody=False)
    assert_frames(frames)
    assert told == {"text": "To move this picture, run the cell in JupyterLab.\n"}


@pytest.mark.thorough
def test_without_ipywidgets_there_are_the_frames_and_what_to_install(kernel: Kernel) -> None:
    frames, told = kernel.run(HIDDEN + CELL, somebody=True)
    kernel.run("del sys.modules['ipywidgets']", somebody=False)
    assert_frames(frames)
    assert "pip install ipywidgets" in told["text"]


@pytest.mark.thorough
def test_somebody_at_the_notebook_gets_sliders_beside_the_frames(kernel: Kernel) -> None:
    pytest.importorskip("ipywidgets")
    frames, sliders = kernel.run(CELL, somebody=True)
    assert_frames(frames)
    assert sliders["data"].keys() == {WIDGET, "text/plain"}


@pytest.mark.thorough
def test_a_page_that_nbconvert_makes_has_the_frames_and_their_description(tmp_path: Path) -> None:
    pytest.importorskip("nbconvert")
    cell = {"cell_type": "code", "id": "one", "metadata": {}, "source": CELL, "outputs": []}
    notebook = {"cells": [{**cell, "execution_count": None}], "metadata": {}, "nbformat": 4,
                "nbformat_minor": 5}  # fmt: skip
    path = tmp_path / "powers.ipynb"
    path.write_text(json.dumps(notebook))
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html", path.name]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    page = (tmp_path / "powers.html").read_text(encoding="utf-8")
    assert len(re.findall(r'<img[^>]* alt="Six powers."', page)) == 1
    assert "No description has been provided" not in page
    assert "Alternative text is missing" not in done.stderr


def line(figure: Any, height: int, colour: str = "k") -> str:
    figure.subplots().plot([0, 1], [0, height], color=colour)
    return f"up to {height}"


def test_outside_a_notebook_the_frames_are_a_figure(monkeypatch: Any) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.gcf()))
    move(line, height=[1, 2, 3], colour=["k", "r"], labels={"height": "up to"})
    (figure,) = shown
    assert [part.get_suptitle() for part in figure.subfigs[:3]] == ["up to 1", "up to 2", "up to 3"]
    tops = [part.axes[0].lines[0].get_ydata()[1] for part in figure.subfigs[:3]]
    assert tops == [1, 2, 3]
    plt.close(figure)


def test_captions_and_frames_of_ones_own(monkeypatch: Any) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.gcf()))
    frames = [{"height": 9}, {"colour": "r"}]
    move(line, height=range(10), colour=["k", "r"], frames=frames, captions=["high", "red"],
         start={"height": 4})  # fmt: skip
    high, red = shown[0].subfigs
    assert (high.get_suptitle(), red.get_suptitle()) == ("high", "red")
    assert high.axes[0].lines[0].get_ydata()[1] == 9
    assert red.axes[0].lines[0].get_ydata()[1] == 4
    assert red.axes[0].lines[0].get_color() == "r"
    plt.close(shown[0])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"height": []}, "height has no values to choose from."),
        ({"height": [1], "start": {"heigth": 1}}, "heigth is none of the values: height."),
        ({"height": [1], "labels": {"up": "x"}}, "up is none of the values: height."),
        ({"height": [1], "film": "step"}, "step is none of the values: height."),
    ],
)
def test_what_cannot_be_moved_is_said(arguments: Any, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        move(line, **arguments)


def test_a_picture_is_drawn_once_and_the_axes_stay_where_they_are(monkeypatch: Any) -> None:
    places: list[Any] = []

    def draw(figure: Any, height: int) -> str:
        places.append(figure.subplots())
        places[-1].set_ylabel("a label\n" * height)
        return f"up to {height}"

    pictures = controls.Pictures(draw, (3, 2))
    first, told = pictures({"height": 1})
    second, _ = pictures({"height": 4})
    assert told == "up to 1"
    assert first != second
    assert pictures({"height": 1})[0] is first
    assert len(places) == 2
    before, after = (ax.get_position().bounds for ax in places)
    assert before == after
    monkeypatch.setattr(controls, "KEPT", 2)
    pictures({"height": 2})
    pictures({"height": 1})
    assert len(places) == 4  # the first was given up, and is drawn again


# Those of the lessons.


def test_each_lesson_has_a_picture_that_moves(real_course: Course) -> None:
    for stage in real_course.stages:
        moving = [one for one in stage.lesson.cells if "from nndata.moving" in one.source]
        assert moving, stage.name
        assert all(map(draws, moving))


@pytest.mark.thorough
def test_every_control_of_a_lesson_moves_its_picture(real_course: Course) -> None:
    """From one end to the other, each position has a sentence, and not all are the same."""
    for moving in moving_pictures(real_course):
        pictures = moving.pictures()
        assert 4 <= len(moving.options.get("frames") or range(6)) <= controls.MOST_FRAMES
        assert len(moving.options["alt"]) > 80
        for name, choices in moving.values.items():
            if len(choices) == 1:
                continue
            seen = [
                pictures({**moving.start, name: choices[i]})
                for i in (0, len(choices) // 2, len(choices) - 1)
            ]
            assert len({png for png, _ in seen}) > 1, (moving.name, name)
            assert all(sentence.endswith(".") for _, sentence in seen)
