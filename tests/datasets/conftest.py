from __future__ import annotations

import gzip
import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from nndata import locations, mnist
from nndata.idx import format_idx

SHAPES = {
    "train-images-idx3-ubyte": (30, 6, 5),
    "train-labels-idx1-ubyte": (30,),
    "t10k-images-idx3-ubyte": (12, 6, 5),
    "t10k-labels-idx1-ubyte": (12,),
}


@pytest.fixture(scope="session")
def real_mnist() -> mnist.Survey:
    """The real files, wherever this machine has them; tests without them are skipped."""
    survey = mnist.survey_mnist()
    if not survey.complete:
        pytest.skip("MNIST is not on this machine: set NNDATA_HOME to a folder that holds it")
    return survey


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """NNDATA_HOME, empty; the user's cache and the course's folder are empty places as well."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("NNDATA_HOME", str(folder))
    monkeypatch.delenv("NNDATA_MIRRORS", raising=False)
    monkeypatch.setattr(locations, "user_cache", lambda: tmp_path / "cache")
    monkeypatch.setattr(locations, "course_folder", lambda: tmp_path / "datasets")
    return folder


@pytest.fixture
def tiny(home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """A stand-in for MNIST, four files of a few bytes; gives the content of each by its name."""
    rng = np.random.default_rng(0)
    contents = {}
    for name, shape in SHAPES.items():
        array = rng.integers(0, 256 if len(shape) == 3 else 10, size=shape, dtype=np.uint8)
        if len(shape) == 3:
            array[0, 0, 0] = 255
        else:
            array[0] = 9
        contents[name] = format_idx(array)
    files = tuple(
        mnist.MnistFile(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in contents.items()
    )
    monkeypatch.setattr(mnist, "FILES", files)
    return contents


def put(folder: Path, contents: dict[str, bytes]) -> None:
    """Put files into a folder, gzipped."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / f"{name}.gz").write_bytes(gzip.compress(content))


class Mirror:
    """A web server on this machine that serves gzipped files, well or badly.

    `files` holds what it serves; what is not there is a 404. `asked` counts the requests,
    `encodings` has the ways of packing that they accepted.
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.asked: Counter[str] = Counter()
        self.encodings: set[str | None] = set()
        self.cut_short = False
        self.stalls = False
        self.endless = False
        self.meet: Callable[[str], object] = lambda name: None
        self.released = threading.Event()
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.rpartition("/")[2]
                mirror.asked[name] += 1
                mirror.encodings.add(self.headers["Accept-Encoding"])
                mirror.meet(name)
                if name not in mirror.files:
                    self.send_error(404)
                    return
                body = mirror.files[name]
                self.send_response(200)
                if not mirror.endless:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if mirror.stalls:
                    mirror.released.wait(30)  # until the test is over
                elif mirror.endless:
                    try:
                        while True:
                            self.wfile.write(bytes(2**16))
                    except OSError:
                        pass  # the client has had enough
                else:
                    self.wfile.write(body[: len(body) // 2] if mirror.cut_short else body)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/mnist/"

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def mirror_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, bytes]], Mirror]]:
    """Start mirrors, each from the contents of its files by name; stop them after the test."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    mirrors: list[Mirror] = []

    def start(contents: dict[str, bytes]) -> Mirror:
        files = {f"{name}.gz": gzip.compress(content) for name, content in contents.items()}
        mirrors.append(Mirror(files))
        return mirrors[-1]

    yield start
    for mirror in mirrors:
        mirror.close()


@pytest.fixture
def fill() -> Callable[[Path, dict[str, bytes]], None]:
    return put
