"""The sandbox: starts confined workers, after a test that they are confined.

The *canary* is a worker that attacks each layer before any student's code runs. It tries, for
example, to read a planted file, to connect, to fork, and to change the grader's limits. If an
attack succeeds, the layer is missing. Grading with hidden checks is then refused, and the error
names the layer.
"""

from __future__ import annotations

import os
import platform
import socket
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nngrade.errors import CourseError
from nngrade.worker import scratch
from nngrade.worker.launch import Forker, Launcher, SandboxMode, Spawner, readable_paths

if TYPE_CHECKING:
    from nngrade.limits import WorkerLimits
    from nngrade.worker.host import Worker
    from nngrade.worker.shared import SharedArrays

__all__ = ["Layer", "Sandbox", "require_room"]

_CANARY = """
import os

def attempts(planted, port, grader):
    import resource, socket

    def succeeds(attack):
        try:
            attack()
        except BaseException:
            return False
        return True

    def fork():
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)

    def connect():
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            pass

    def prlimit():
        limits = resource.prlimit(grader, resource.RLIMIT_NOFILE)
        resource.prlimit(grader, resource.RLIMIT_NOFILE, limits)

    return {
        "read": succeeds(lambda: open(planted).read()),
        "list": succeeds(lambda: os.listdir(os.path.dirname(planted))),
        "write": succeeds(lambda: open(planted, "a").close()),
        "connect": succeeds(connect),
        "fork": succeeds(fork),
        "signal": succeeds(lambda: os.kill(grader, 0)),
        "prlimit": succeeds(prlimit),
        "unlimited": resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY,
        "root": os.geteuid() == 0,
    }
"""

# For each layer: the attacks that succeed if it is missing, and the fix.
_LAYERS = {
    "resource limits": (("unlimited",), "grade on Linux or macOS"),
    "Landlock": (
        ("read", "list", "write"),
        "run Linux 5.13 or newer with Landlock switched on (lsm=landlock,... on the kernel's "
        "command line); in a container, allow the landlock_* system calls",
    ),
    "seccomp": (
        ("connect", "fork", "signal", "prlimit"),
        "run a kernel with CONFIG_SECCOMP_FILTER on x86_64 or aarch64",
    ),
    "user id": (("root",), "as root, allow setresuid (CAP_SETUID), or grade as an ordinary user"),
}


@dataclass(frozen=True)
class Layer:
    """The canary's result for one layer.

    Attributes
    ----------
    name : str
        Name of the layer.
    works : bool
        Whether all attacks failed.
    detail : str
        The attacks that were tried, or those that succeeded.
    fix : str
        Fix for a missing layer; empty if the layer works.
    """

    name: str
    works: bool
    detail: str
    fix: str


class Sandbox:
    """Factory of confined workers; use it as a context manager.

    Parameters
    ----------
    mode : {"strict", "weak", "off"}
        "strict" fails if a layer is missing; "weak" uses the available layers; "off" sets limits on
        time and memory only, for notebooks of one's own.
    warm : bool
        Whether to import pyplot and IPython before the first worker; worthwhile for many
        submissions.
    secrets : iterable of Path
        Files and folders that workers must not be able to read.

    Attributes
    ----------
    mode : {"strict", "weak", "off"}
        The mode given.

    Raises
    ------
    CourseError
        If a secret is below a folder that workers may read, or if the mode is "strict" and the
        operating system is not Linux.
    """

    def __init__(
        self, mode: SandboxMode = "strict", warm: bool = False, secrets: Iterable[Path] = ()
    ) -> None:
        self.mode: SandboxMode = mode
        scratch.sweep()
        self._folder = scratch.make("zygote")
        self._layers: tuple[Layer, ...] | None = None
        self._granted: set[WorkerLimits] = set()
        self._shared: SharedArrays | None = None
        try:
            _keep_apart(secrets, readable_paths(self._folder))
            self._launcher: Launcher = self._launch(warm)
        except BaseException:
            scratch.remove(self._folder)
            raise

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the zygote and its workers, and remove their files."""
        self._launcher.close()
        if self._shared is not None:
            self._shared.close()
        scratch.remove(self._folder)

    def _launch(self, warm: bool) -> Launcher:
        if sys.platform == "linux":
            return Forker(self.mode, self._folder, warm)
        if self.mode == "strict":
            raise CourseError(
                f"{platform.system()} has no Landlock and no seccomp, so student code cannot be "
                "confined here; grade on Linux (a container will do), or with --sandbox weak"
            )
        return Spawner()

    def worker(self, limits: WorkerLimits, seed: int, extra_mib: int = 0) -> Worker:
        """Make a worker; its process starts on the first request.

        Parameters
        ----------
        limits : WorkerLimits
            Resource limits.
        seed : int
            Seed of the worker's global random generators.
        extra_mib : int
            Memory beyond the limit, for large inputs, in MiB.

        Raises
        ------
        CourseError
            If this process has less than the limits grant, or if in strict mode the canary
            found a missing layer.
        """
        from nngrade.worker.host import Worker

        if limits not in self._granted:
            require_room(limits)
            self._granted.add(limits)
        if self.mode == "strict":
            self.require_all_layers()
        return Worker(self._launcher, limits, seed, self._shared_arrays(), extra_mib)

    def require_all_layers(self) -> None:
        """Raise an error if a layer is missing.

        Raises
        ------
        CourseError
            If a layer is missing; the message lists each missing layer and its fix.
        """
        missing = [layer for layer in self.layers if not layer.works]
        if missing:
            reasons = "".join(f"\n  {one.name}: {one.detail}. Fix: {one.fix}." for one in missing)
            raise CourseError(
                f"student code cannot be confined on this machine:{reasons}\n"
                "Or choose --sandbox weak (with the layers there are) or --sandbox off (for "
                "notebooks of your own); the result will say so."
            )

    @property
    def confinement(self) -> SandboxMode:
        """What student code is really confined to: "strict" wherever every layer works."""
        if self.mode == "weak" and all(layer.works for layer in self.layers):
            return "strict"
        return self.mode

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The canary's result for each layer; the canary runs on first access only."""
        if self._layers is None:
            self._layers = tuple(self._examine())
        return self._layers

    @property
    def isolated(self) -> bool:
        """Whether workers have network namespaces of their own, in addition to the layers."""
        _ = self.layers
        return isinstance(self._launcher, Forker) and self._launcher.isolated

    def _shared_arrays(self) -> SharedArrays | None:
        if self._shared is None and sys.platform == "linux":
            from nngrade.worker.shared import SharedArrays

            self._shared = SharedArrays()
        return self._shared

    def _examine(self) -> Iterable[Layer]:
        from nngrade.worker.host import Worker, WorkerFault

        with (
            tempfile.TemporaryDirectory(prefix="nngrade-canary-") as folder,
            socket.create_server(("127.0.0.1", 0)) as server,
            Worker(self._launcher) as worker,
        ):
            os.chmod(folder, 0o755)
            planted = Path(folder, "planted.txt")
            planted.write_text("a secret")
            planted.chmod(0o666)
            deadline = time.monotonic() + 30
            arguments = (str(planted), server.getsockname()[1], os.getpid())
            try:
                error = worker.run("canary", _CANARY, deadline)
                done, _ = worker.call("attempts", arguments, {}, deadline)
            except WorkerFault as fault:
                raise CourseError(f"the sandbox's canary died: {fault}") from fault
        if error is not None or not isinstance(done, dict):
            raise CourseError(f"the sandbox's canary did not run: {error}")
        for name, (attacks, fix) in _LAYERS.items():
            succeeded = [attack for attack in attacks if done.get(attack) is not False]
            tried = ", ".join(attacks)
            detail = f"the canary could {', '.join(succeeded)}" if succeeded else f"tried: {tried}"
            yield Layer(name, not succeeded, detail, fix if succeeded else "")


# Limits of this process that a worker inherits: the letter of each in `ulimit`, and the option that
# sets a submission's, with what a unit of it is worth. The address space's own limit has room to
# spare; what counts is the memory.
_INHERITED = (
    ("RLIMIT_FSIZE", "f", "scratch_mib", 2**20),
    ("RLIMIT_DATA", "d", "memory_mib", 2**20),
    ("RLIMIT_AS", "v", "memory_mib", 2**20),
    ("RLIMIT_CPU", "t", "cpu_seconds", 1),
)


def require_room(limits: WorkerLimits) -> None:
    """Refuse to grade where this process may use less than a submission may.

    A right answer could fail there, for want of memory, say.

    Parameters
    ----------
    limits : WorkerLimits

    Raises
    ------
    CourseError
        The message names each limit and its fix.
    """
    if sys.platform == "win32":
        return
    import resource

    problems = []
    for name, letter, option, unit in _INHERITED:
        granted = getattr(limits, option)
        soft, hard = resource.getrlimit(getattr(resource, name))
        # A worker raises its soft limits by itself. Files in memory are this process's own.
        there = soft if name == "RLIMIT_FSIZE" else hard
        if there != resource.RLIM_INFINITY and there < granted * unit:
            problems.append(
                f"\n  ulimit -{letter}: {there / unit:.6g} where {option} is {granted}. "
                f"Fix: `ulimit -{letter} unlimited`, or a smaller {option} in [limits] of "
                "solutions/course.toml."
            )
    if problems:
        raise CourseError(f"this process may use less than a submission may:{''.join(problems)}")


def _keep_apart(secrets: Iterable[Path], readable: Iterable[Path]) -> None:
    """Raise an error if a secret is below a readable folder: Landlock has no rule that denies."""
    allowed = list(readable)
    for secret in secrets:
        for folder in allowed:
            if secret.resolve().is_relative_to(folder):
                raise CourseError(
                    f"{secret} lies in {folder}, which student code may read; "
                    "move the course to a folder of its own"
                )
