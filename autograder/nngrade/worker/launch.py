"""Start workers: forked from a warm zygote on Linux, spawned one by one elsewhere."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import select
import selectors
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from nngrade.errors import CourseError

__all__ = ["Forker", "Launcher", "Process", "SandboxMode", "Spawner", "readable_paths"]

SandboxMode = Literal["strict", "weak", "off"]

START_SECONDS = 60.0


class Process(Protocol):
    """Interface of a worker's process."""

    def ended(self, seconds: float) -> bool:
        """Whether the process ends by itself within this time, in seconds."""

    def cpu_seconds(self) -> float | None:
        """Processor time of all its threads so far, in seconds; None if it cannot be told."""

    def threads(self) -> int | None:
        """Current number of its threads; None if it cannot be told."""

    def kill(self) -> None:
        """Kill the process."""

    def wait(self) -> int:
        """Wait for the process to end; return its exit code, negative for a signal."""


class Launcher(Protocol):
    """Interface for starting workers.

    Attributes
    ----------
    confirms : bool
        Whether the first message of a worker on its channel confirms that it is confined.
    """

    confirms: bool

    def start(
        self, channel: socket.socket, output: int, scratch: str, rlimits: Mapping[str, int]
    ) -> Process:
        """Start a worker.

        Parameters
        ----------
        channel : socket
            The worker's end of the channel.
        output : int
            File descriptor of the output pipe's writing end.
        scratch : str
            The worker's scratch folder.
        rlimits : mapping of str to int
            Resource limits, by their names in the `resource` module.
        """

    def close(self) -> None:
        """Release the launcher's resources."""


def _packages() -> list[Path]:
    """Folders from which a worker imports the engine and the data package."""
    folders = []
    for package in ("nngrade", "nndata"):
        found = importlib.util.find_spec(package)
        if found is not None and found.origin is not None:
            folders.append(Path(found.origin).parents[1])
    return list(dict.fromkeys(folders))


def environment(scratch: str) -> dict[str, str]:
    """Environment variables of a worker, which inherits no others."""
    variables = {
        "PATH": "/usr/bin:/bin",
        "HOME": scratch,
        "TMPDIR": scratch,
        "MPLCONFIGDIR": str(_plot_cache(scratch)),
        "MPLBACKEND": "Agg",
        "IPYTHONDIR": scratch,
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(map(str, _packages())),
        "PYTHONHASHSEED": "0",
        "PYTHONWARNINGS": "ignore",
    }
    # One thread each: many workers share the cores, and sums are reproducible.
    for name in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR"):
        variables[f"{name}_NUM_THREADS"] = "1"
    return variables


def _plot_cache(fallback: str) -> Path:
    """Folder of matplotlib's font list, which takes seconds to make."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = Path(home) / "nngrade" / "matplotlib"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(fallback)
    return folder


def readable_paths(scratch: str) -> list[Path]:
    """Files and folders that a worker may read: Python, libraries, fonts, the two packages.

    The packages' parent folders are not included: in a checkout, they are beside the solutions.
    """
    paths = [
        Path(sys.prefix),
        Path(sys.base_prefix),
        Path(sys.exec_prefix),
        Path(sysconfig.get_path("stdlib")),
        *(Path(one) for one in sys.path if "site-packages" in one or "dist-packages" in one),
        *(
            Path(found.origin).parent
            for package in ("nngrade", "nndata")
            if (found := importlib.util.find_spec(package)) and found.origin
        ),
        _plot_cache(scratch),
    ]
    system = (
        "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib", "/usr/share/fonts",
        "/usr/share/zoneinfo", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts",
        # /dev/zero is left out: mapped, it is memory that no limit counts.
        "/dev/null", "/dev/urandom", "/dev/random",
    )  # fmt: skip
    resolved = [path.resolve() for path in (*paths, *map(Path, system)) if path.exists()]
    return list(dict.fromkeys(resolved))


@dataclass
class _Forked:
    """A worker forked from the zygote, held by a pidfd, which is never reused as a pid may be."""

    pid: int
    handle: int
    zygote: Forker
    cpu_limit: int
    status: int | None = None
    spent: float = 0.0

    def ended(self, seconds: float) -> bool:
        poll = select.poll()
        poll.register(self.handle, select.POLLIN)
        return bool(poll.poll(1000 * seconds))

    def cpu_seconds(self) -> float | None:
        # The kernel's number of the process's clock, as clock_getcpuclockid(3) computes it. The id
        # cannot be another process's: the zygote reaps this one in `wait` only.
        if self.status is None:
            with contextlib.suppress(OSError):  # it is ending
                self.spent = time.clock_gettime(~self.pid << 3 | 2)
        return self.spent

    def threads(self) -> int | None:
        if self.status is None:
            with contextlib.suppress(OSError):  # it is ending, or /proc hides it
                # A folder's links: its name, its own "." and one ".." for each thread.
                return os.stat(f"/proc/{self.pid}/task").st_nlink - 2
        return None

    def kill(self) -> None:
        try:
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        except ProcessLookupError:
            return

    def wait(self) -> int:
        if self.status is None:
            self.status = self.zygote.reap(self.pid, self.cpu_limit)
            os.close(self.handle)
        return self.status


class Forker:
    """Launcher that forks workers from a zygote.

    Parameters
    ----------
    mode : {"strict", "weak", "off"}
        Mode of confinement, as in `Confinement`.
    scratch : str
        A folder for the zygote's own use.
    warm : bool
        Whether to import pyplot and IPython before the first fork; worthwhile for many
        submissions.

    Attributes
    ----------
    isolated : bool
        Whether workers have network namespaces of their own; False until the first start.
    """

    confirms = True

    def __init__(self, mode: SandboxMode, scratch: str, warm: bool) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        readable = [str(path) for path in readable_paths(scratch)]
        config = json.dumps({"mode": mode, "readable": readable, "warm": warm})
        with theirs:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-P", "-s", "-B", "-m", "nngrade.worker.zygote"),
                    *(str(theirs.fileno()), config),
                ],
                pass_fds=[theirs.fileno()],
                env=environment(scratch),
                cwd=scratch,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        self._control = ours
        self._control.settimeout(START_SECONDS)
        self._ready = False
        self.isolated = False

    def start(
        self, channel: socket.socket, output: int, scratch: str, rlimits: Mapping[str, int]
    ) -> Process:
        """Fork a worker.

        Raises
        ------
        CourseError
            If the zygote does not start, or has ended.
        """
        self._await_ready()
        request = {"op": "fork", "scratch": scratch, "rlimits": dict(rlimits)}
        socket.send_fds(self._control, [json.dumps(request).encode()], [channel.fileno(), output])
        answer, descriptors, _flags, _address = socket.recv_fds(self._control, 4096, 1)
        if not answer or not descriptors:
            raise CourseError(f"the worker's zygote ended: {self._last_words()}")
        pid = json.loads(answer)["pid"]
        return _Forked(pid, descriptors[0], self, rlimits["RLIMIT_CPU"])

    def reap(self, pid: int, cpu_seconds: int) -> int:
        """Wait for a worker's end and return its exit code, negative for a signal.

        Parameters
        ----------
        pid : int
            The worker's process id.
        cpu_seconds : int
            The worker's limit of processor time in seconds.
        """
        request = {"op": "reap", "pid": pid, "cpu": cpu_seconds}
        self._control.send(json.dumps(request).encode())
        answer = self._control.recv(4096)
        status: int = json.loads(answer)["status"]
        return status

    def close(self) -> None:
        """End the zygote; workers that are still running end with it."""
        self._control.close()
        self._process.kill()
        self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _await_ready(self) -> None:
        """Wait until the zygote has done its imports.

        This happens on the first start only: the grader does its own imports in the meantime.
        """
        if self._ready:
            return
        try:
            answer = self._control.recv(4096)
        except (TimeoutError, OSError) as error:
            raise CourseError(f"the worker's zygote does not answer: {error}") from error
        if not answer:
            raise CourseError(f"the worker's zygote ended: {self._last_words()}")
        self.isolated = bool(json.loads(answer)["isolated"])
        self._ready = True

    def _last_words(self) -> str:
        """End of the zygote's stderr output."""
        if self._process.stderr is None:
            return ""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stderr, selectors.EVENT_READ)
            deadline, said = time.monotonic() + 2, b""
            while time.monotonic() < deadline and selector.select(0.1):
                chunk = os.read(self._process.stderr.fileno(), 65536)
                if not chunk:
                    break
                said += chunk
        return said.decode("utf-8", "replace").strip()[-500:] or "it said nothing"


@dataclass
class _Spawned:
    """A worker that is a child of this process."""

    child: subprocess.Popen[bytes]

    def ended(self, seconds: float) -> bool:
        try:
            self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def cpu_seconds(self) -> float | None:
        return None

    def threads(self) -> int | None:
        return None

    def kill(self) -> None:
        if self.child.returncode is None:
            try:
                # The group's leader has not been reaped yet, so the group id is still valid.
                os.killpg(self.child.pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def wait(self) -> int:
        return self.child.wait()


class Spawner:
    """Launcher that starts each worker as a new program, on systems that cannot confine it."""

    confirms = False

    def start(
        self, channel: socket.socket, output: int, scratch: str, rlimits: Mapping[str, int]
    ) -> Process:
        """Start a worker."""
        arguments: list[Any] = [str(channel.fileno()), json.dumps(dict(rlimits))]
        child = subprocess.Popen(
            [sys.executable, "-P", "-s", "-B", "-m", "nngrade.worker.guest", *arguments],
            pass_fds=[channel.fileno()],
            env=environment(scratch),
            cwd=scratch,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        return _Spawned(child)

    def close(self) -> None:
        """Do nothing: there are no resources to release."""
