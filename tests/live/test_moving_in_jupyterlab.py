"""Pictures that move, in JupyterLab, in Chromium: by keyboard, in time, and opened again."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from statistics import median
from typing import Any

import pytest

from tests.browser import NEEDS_CHROMIUM, TOKEN, NotebookPage, open_notebook
from tests.conftest import ROOT
from tests.live.conftest import Lab

sync = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytest.importorskip("ipywidgets", reason="ipywidgets is not installed")
expect = sync.expect

pytestmark = [pytest.mark.browser, NEEDS_CHROMIUM, pytest.mark.thorough]
CELL = """\
import numpy as np
from nndata.moving.perceptron import learning

def predict(w, b, X):
    return (X @ w + b >= 0).astype(int)

def update(w, b, x, y):
    error = y - int(w @ x + b >= 0)
    return w + error * x, b + error

X = np.array([[2.0, 2.0], [0.0, 0.0], [3.0, 1.0], [1.0, 0.0], [3.0, 3.0], [0.0, 2.0]])
learning(update, predict, X, np.array([1, 0, 1, 0, 1, 0]))
"""
LESSONS = (1, 2, 3, 4, 5, 6, 7, 7)  # the stage of each
NAME = "moving.ipynb"
PICTURE = ".nndata-moving img"
# Who does not see a picture is told what its status says.
IS_DESCRIBED = """() => {{
  const box = document.querySelectorAll('.nndata-moving')[{}];
  return box.querySelector('img').alt === box.querySelector('[role=status]').innerText.trim();
}}"""
IS_ANOTHER = (
    "before => document.querySelectorAll('.nndata-moving')[{}].querySelector('img').src !== before"
)
# Milliseconds from a key to another picture; tests/benchmarks/moving.py says how long it takes on a
# machine that does nothing else, and here others may run.
MOST = 1500
WATCH = """picture => {
  window.taken = [];
  let pressed = 0, source = document.querySelector(picture).src;
  document.addEventListener('keydown', () => { pressed = performance.now(); }, true);
  new MutationObserver(() => {
    const now = document.querySelector(picture);
    if (now && now.src !== source) {
      source = now.src;
      window.taken.push(performance.now() - pressed);
    }
  }).observe(document.body, {subtree: true, childList: true, attributes: true});
}"""


# The pictures of all lessons, with the reference's functions.
ALL = f"""\
import sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from nndata.moving.controls import move
from nngrade.course.stages import find_course
from tests.moving import moving_pictures
pictures = list(moving_pictures(find_course(Path({str(ROOT)!r}))))
"""
EACH = "move(pictures[{0}].draw, **pictures[{0}].options, **pictures[{0}].values)"


def notebook_of(lab: Lab, page: Any, *sources: str) -> NotebookPage:
    """A notebook whose cells have run: cell-0 and so on."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"cell-{number}",
                "metadata": {},
                "outputs": [],
                "source": source,
            }
            for number, source in enumerate(sources)
        ],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (lab.folder / NAME).write_text(json.dumps(notebook))
    page.set_default_timeout(120_000)
    ids = [f"cell-{number}" for number in range(len(sources))]
    opened = open_notebook(page, lab.url, NAME, ids)
    for cell in ids:
        opened.run(cell)
    expect(page.locator(PICTURE).last).to_be_visible()
    return opened


def times_of(page: Any, keys: int) -> list[float]:
    """Milliseconds from each of so many presses of a key to another picture."""
    page.get_by_role("slider").first.focus()
    page.evaluate(WATCH, PICTURE)
    for number in range(keys):
        page.keyboard.press("ArrowRight")
        page.wait_for_function("n => window.taken.length > n", arg=number)
    return [float(one) for one in page.evaluate("window.taken")]


def test_the_arrow_keys_bring_another_picture_in_time(lab: Lab, new_page: Any) -> None:
    page = new_page(viewport={"width": 1200, "height": 900})
    notebook_of(lab, page, CELL)
    status = page.locator(".nndata-moving").get_by_role("status")
    expect(status).to_contain_text("Update 0:")
    expect(page.locator(".nndata-moving")).to_contain_text("update")
    assert median(times_of(page, 6)) < MOST
    expect(status).to_contain_text("Update 6, for x = (3, 3): w = (4, 2), b = -2; 2 of 6")
    # Who does not see the picture is told the same.
    expect(page.locator(PICTURE)).to_have_attribute("alt", status.inner_text())
    page.keyboard.press("Home")
    expect(status).to_contain_text("Update 0:")


def test_the_film_runs(lab: Lab, new_page: Any) -> None:
    page = new_page(viewport={"width": 1200, "height": 900})
    notebook_of(lab, page, CELL)
    page.locator(".widget-play button").first.click()
    expect(page.locator(".nndata-moving").get_by_role("status")).to_contain_text("0 of 6")


@pytest.mark.slow
def test_each_picture_of_each_lesson_moves_by_keyboard(lab: Lab, new_page: Any) -> None:
    page = new_page(viewport={"width": 1200, "height": 900})
    numbers = range(len(LESSONS))
    notebook_of(lab, page, ALL, *map(EACH.format, numbers))
    boxes = page.locator(".nndata-moving")
    expect(boxes).to_have_count(len(LESSONS))
    for number in numbers:
        box = boxes.nth(number)
        before = box.locator("img").first.get_attribute("src")
        status = box.get_by_role("status")
        told = status.inner_text()
        box.get_by_role("slider").first.focus()
        for _ in range(2):  # the first image of an epoch may be right, and change nothing
            page.keyboard.press("ArrowRight")
        expect(status).not_to_have_text(told)
        page.wait_for_function(IS_ANOTHER.format(number), arg=before)
        page.wait_for_function(IS_DESCRIBED.format(number))


@pytest.mark.slow
def test_frames_give_way_to_sliders_and_come_back(lab: Lab, new_page: Callable[..., Any]) -> None:
    page = new_page(viewport={"width": 1200, "height": 900})
    notebook_of(lab, page, CELL)
    frames = "img[alt^='Six stages of learning']"
    expect(page.locator(frames)).to_be_hidden()
    page.keyboard.press("Control+s")
    page.wait_for_function("!document.querySelector('.jp-mod-dirty')")
    page.close()
    address = f"{lab.url}api/sessions"
    with urllib.request.urlopen(f"{address}?token={TOKEN}") as answer:
        sessions = json.load(answer)
    for one in sessions:
        where = f"{address}/{one['id']}?token={TOKEN}"
        urllib.request.urlopen(urllib.request.Request(where, method="DELETE")).close()
    page = new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(120_000)
    open_notebook(page, lab.url, NAME, ["cell-0"])
    expect(page.locator(frames)).to_be_visible()
    expect(page.locator(PICTURE)).to_have_count(0)


@pytest.mark.slow
def test_a_narrow_window_shows_all_of_it(lab: Lab, new_page: Any) -> None:
    page = new_page(viewport={"width": 390, "height": 900}, color_scheme="dark")
    notebook_of(lab, page, CELL)
    page.keyboard.press("Control+b")  # the list of files
    box, picture = page.locator(".nndata-moving"), page.locator(PICTURE)
    expect(page.locator("#jp-left-stack")).to_be_hidden()
    assert box.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    assert picture.bounding_box()["x"] + picture.bounding_box()["width"] <= 390
