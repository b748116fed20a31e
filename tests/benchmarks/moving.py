"""How long a move takes: to draw a frame of each lesson's picture, and to see it in JupyterLab.

``python tests/benchmarks/moving.py`` prints milliseconds for each picture that moves: the median
and the slowest tenth of the frames that its controls lead to, none of which was drawn before, and
how much of the processor a frame takes, whatever else the machine does.
With Chromium, it also presses an arrow key in JupyterLab and waits for another picture.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import matplotlib
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "autograder"), str(ROOT / "datasets")]
matplotlib.use("agg")

from tests.moving import moving_pictures

from nngrade.course.stages import Course


def frames() -> None:
    """Print the times of frames."""
    print("picture                          frames   median   90 %   processor   (milliseconds)")
    for moving in moving_pictures(Course(ROOT)):
        pictures, seen, taken, busy = moving.pictures(), set(), [], []
        pictures(moving.start)  # finds the places of the axes
        for values in moving.positions(12):
            if tuple(values.values()) not in seen and values != moving.start:
                before, processor = time.perf_counter(), time.process_time()
                pictures(values)
                taken.append(1000 * (time.perf_counter() - before))
                busy.append(1000 * (time.process_time() - processor))
                seen.add(tuple(values.values()))
        name = f"{moving.stage} {moving.name}"
        times = np.median(taken), np.quantile(taken, 0.9), np.median(busy)
        print(f"{name:32} {len(taken):6} {times[0]:8.0f} {times[1]:6.0f} {times[2]:11.0f}")


def in_jupyterlab() -> None:
    """Print the time from a key to another picture."""
    from playwright.sync_api import sync_playwright
    from tests.browser import CHROMIUM, jupyter_lab
    from tests.live.conftest import Lab
    from tests.live.test_moving_in_jupyterlab import notebook_of, times_of

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        course, home = Path(folder, "course"), Path(folder, "home")
        course.mkdir()
        home.mkdir()
        with jupyter_lab(course, home) as url:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            notebook_of(Lab(course, url), page)
            taken = times_of(page, 8)
            browser.close()
    print(f"JupyterLab, from an arrow key to another picture: {np.median(taken):.0f} ms", end=" ")
    print(f"(the slowest of {len(taken)}: {max(taken):.0f} ms)")


if __name__ == "__main__":
    frames()
    in_jupyterlab()
