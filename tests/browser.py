"""What tests of what people see in a browser use: Chromium, and a JupyterLab of their own."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
TOKEN = "only-for-these-tests"
PATIENCE = 240_000  # milliseconds: a step may grade, on a machine that does other things, too
# Where people keep settings; and MNIST, which would make the notebook's training longer.
OTHERS_SETTINGS = ("JUPYTER", "IPYTHON", "NBGRADER", "NNDATA", "MPL", "XDG_")

# Contrast of each text in a panel with what is behind it, by WCAG 2's formula.
CONTRAST = """
panel => {
  const bare = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const over = (front, back, alpha) => front.map((one, i) => alpha * one + (1 - alpha) * back[i]);
  const light = colour => {
    const [r, g, b] = colour.map(
      one => (one /= 255) <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    for (; element; element = element.parentElement) {
      const found = bare(getComputedStyle(element).backgroundColor);
      if (found.length === 3) return found;
    }
    return [255, 255, 255];
  };
  return [panel, ...panel.querySelectorAll('*')].map(element => {
    const back = ground(element);
    let opacity = 1;
    for (let one = element; one !== panel.parentElement; one = one.parentElement)
      opacity *= Number(getComputedStyle(one).opacity);
    const front = over(bare(getComputedStyle(element).color).slice(0, 3), back, opacity);
    const [low, high] = [light(front), light(back)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  });
}
"""


@contextmanager
def jupyter_lab(folder: Path, home: Path) -> Iterator[str]:
    """Run JupyterLab in a folder, with no settings but those written here; yields its address."""
    env = {name: text for name, text in os.environ.items() if not name.startswith(OTHERS_SETTINGS)}
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env["PATH"]])
    env["HOME"] = str(home)
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        env[f"JUPYTER_{name}"] = str(home / name)
    env["JUPYTERLAB_SETTINGS_DIR"] = str(home / "settings")
    env["JUPYTERLAB_WORKSPACES_DIR"] = str(home / "workspaces")
    # All of a notebook's cells are in the page, nobody asks whether news are welcome, and the theme
    # is the browser's, light or dark.
    for plugin, settings in {
        "notebook-extension/tracker": {"windowingMode": "none"},
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "apputils-extension/themes": {"adaptive-theme": True},
    }.items():
        path = home / f"settings/@jupyterlab/{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1"]
    command += [f"--port={port}", f"--IdentityProvider.token={TOKEN}"]
    if os.geteuid() == 0:
        command.append("--allow-root")
    if shutil.which("setpriv"):
        # The kernel stops it even where the tests are killed.
        command = ["setpriv", "--pdeathsig", "TERM", *command]
    log = home / "lab.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    try:
        yield wait_for_address(process, home / "RUNTIME_DIR", log)
    finally:
        stop(process)


def wait_for_address(process: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Its address, which it tells in a file: perhaps another took its port before it did.

    It writes the file a moment before it answers.
    """
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            try:
                told = json.loads(path.read_text())
                socket.create_connection(("127.0.0.1", told["port"])).close()
            except (ValueError, ConnectionRefusedError):
                continue  # being written, or not there yet
            return str(told["url"])
        time.sleep(0.1)
    raise AssertionError(f"The server did not start:\n{log.read_text()}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server and whatever it started: kernels, and workers that grade."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _, alive = psutil.wait_procs(family, 5)
    for one in alive:
        one.kill()


class NotebookPage:
    """A notebook that is open in JupyterLab.

    Parameters
    ----------
    page : playwright.sync_api.Page
    ids : sequence of str
        Ids of the notebook's cells, in order: the page does not tell them.
    """

    def __init__(self, page: Any, ids: Sequence[str]) -> None:
        self.page = page
        self._ids = list(ids)
        self.cells = page.locator(".jp-Notebook .jp-Cell")
        self._prompts = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt")

    def cell(self, identifier: str) -> Any:
        """A cell."""
        return self.cells.nth(self._ids.index(identifier))

    def panel(self, identifier: str) -> Any:
        """The panel below a test cell."""
        return self.cell(identifier).get_by_role("group")

    def write(self, identifier: str, source: str) -> None:
        """Replace what is in a code cell, by keyboard."""
        self.cell(identifier).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source.rstrip("\n"))

    def run(self, identifier: str) -> None:
        """Run a cell with Shift-Enter; return when it has ended."""
        prompt = self.cell(identifier).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        self.cell(identifier).locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_function(
            "([one, before]) => one.innerText != before && /\\d/.test(one.innerText)",
            arg=[prompt.element_handle(), before],
        )
        self.wait()

    def run_all(self) -> None:
        """Run all cells; return when they have ended."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        self._prompts.filter(has_text=re.compile(r"[*\d]")).first.wait_for()
        self.wait()

    def wait(self) -> None:
        """Return when no cell is queued or runs."""
        self.page.wait_for_function(
            "![...document.querySelectorAll('.jp-Notebook .jp-InputPrompt')]"
            ".some(one => one.textContent.includes('*'))"
        )

    def prompts(self) -> list[str]:
        """Numbers of the code cells that were run, as the page shows them.

        It shows none for a cell that is folded away.
        """
        return [one for one in self._prompts.all_inner_texts() if one]

    def errors(self) -> list[str]:
        """Texts of all tracebacks."""
        kinds = '[data-mime-type$="jupyter.error"], [data-mime-type$="jupyter.stderr"]'
        return list(self.page.locator(kinds).all_inner_texts())


def open_notebook(page: Any, url: str, path: str, ids: Sequence[str]) -> NotebookPage:
    """Open a notebook of a JupyterLab; return when its kernel is ready.

    Parameters
    ----------
    page : playwright.sync_api.Page
    url : str
        JupyterLab's address.
    path : str
        The notebook's, from the folder of the server.
    ids : sequence of str
    """
    # In a workspace of its own there are no tabs from before.
    page.goto(f"{url}lab/workspaces/{uuid.uuid4().hex}/tree/{path}?token={TOKEN}")
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()
    return NotebookPage(page, ids)
