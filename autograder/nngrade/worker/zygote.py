"""The zygote: a process with all imports done, from which workers are forked.

It is started as ``python -m nngrade.worker.zygote FD CONFIG`` with a clean environment. It imports
the students' libraries once and forks a worker for each submission, which takes a few milliseconds.
It never runs student code itself, and holds no secret that a fork could inherit.

Requests and answers are JSON on a sequenced-packet socket; file descriptors travel beside them.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import numpy as np

from nngrade.worker import plot_stand_in
from nngrade.worker.confine import (
    Confinement,
    confine,
    isolate_network,
    most_threads,
    mount_scratch,
    own_user,
    prepare,
    shared_user,
)
from nngrade.worker.guest import Guest, serve

__all__ = ["main"]

LARGEST_REQUEST = 64 * 1024
# Extra size of a scratch folder in bytes, for the files of IPython and matplotlib.
OWN_FILES = 8 * 2**20
# First byte that a worker sends on its channel, before any student code runs.
CONFINED, NOT_CONFINED = b"+", b"-"


def main() -> None:
    """Fork workers on request until the grader closes the socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    config = json.loads(sys.argv[2])
    isolated = config["isolated"] = config["mode"] != "off" and isolate_network()
    config["threads"] = most_threads(shared_user())
    config["readable"] = tuple(map(Path, config["readable"]))
    prepare(config["readable"])
    _import_late_parts()
    plot_stand_in.install()
    control.send(json.dumps({"ready": True, "isolated": isolated}).encode())
    if config["warm"]:
        _import_what_students_may_use()
    config["signals"] = [
        number for number in signal.valid_signals() if signal.getsignal(number) != signal.SIG_DFL
    ]
    # Exempt all present objects from garbage collection, which would make forks copy their pages.
    gc.collect()
    gc.freeze()
    while True:
        message, descriptors, _flags, _address = socket.recv_fds(control, LARGEST_REQUEST, 2)
        if not message:
            return
        request = json.loads(message)
        if request["op"] == "fork":
            _fork(control, config, request, descriptors)
        else:
            control.send(json.dumps({"status": _reap(request["pid"], request["cpu"])}).encode())


def _reap(pid: int, cpu_seconds: int) -> int:
    """Wait for a worker's end; return the exit code, negative for a signal."""
    _, status, used = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGKILL and used.ru_utime + used.ru_stime >= cpu_seconds:
        # The worker ignored SIGXCPU, and the kernel killed it at the hard limit.
        return -signal.SIGXCPU
    return code


def _import_late_parts() -> None:
    """Import the parts of NumPy that are otherwise loaded on first use."""
    import random  # noqa: F401

    import numpy.fft
    import numpy.linalg
    import numpy.random  # noqa: F401

    np.ones((2, 2)) @ np.ones((2, 2))


def _import_what_students_may_use() -> None:
    import matplotlib.pyplot  # noqa: F401 (or its stand-in)

    from nngrade.worker.shell import new_shell  # noqa: F401


def _fork(
    control: socket.socket, config: dict[str, Any], request: dict[str, Any], descriptors: list[int]
) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            control.close()
            _become_worker(config, request, *descriptors)
        except BaseException:
            # Goes to the output pipe, which the grader reads when a worker does not answer.
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    for descriptor in descriptors:
        os.close(descriptor)
    handle = os.pidfd_open(pid)
    socket.send_fds(control, [json.dumps({"pid": pid}).encode()], [handle])
    os.close(handle)


def _become_worker(
    config: dict[str, Any], request: dict[str, Any], channel: int, output: int
) -> None:
    os.setsid()
    for number in config["signals"]:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDONLY)
    # All descriptors other than these and the channel are closed: the worker inherits nothing else.
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.closerange(3, channel)
    os.closerange(channel + 1, os.sysconf("SC_OPEN_MAX"))
    scratch, rlimits = request["scratch"], request["rlimits"]
    user = own_user()
    if user is not None and config["mode"] != "off":
        os.chown(scratch, user, user)
    if config["isolated"]:
        mount_scratch(scratch, rlimits["RLIMIT_FSIZE"] + OWN_FILES)
    if config["mode"] != "off":
        rlimits["RLIMIT_NPROC"] = config["threads"]
    os.chdir(scratch)
    _bring_fonts(scratch)
    os.environ.update(HOME=scratch, TMPDIR=scratch, IPYTHONDIR=scratch)
    tempfile.tempdir = scratch
    guest = Guest(channel)
    try:
        confine(
            Confinement(
                config["mode"],
                config["readable"],
                Path(scratch),
                rlimits,
            )
        )
    except OSError as error:
        os.write(channel, NOT_CONFINED + str(error).encode()[:500])
        return
    os.write(channel, CONFINED)
    serve(guest)


def _bring_fonts(scratch: str) -> None:
    """Copy matplotlib's font list, which is slow to make, to a folder that it may write to."""
    if "matplotlib" in sys.modules:
        return
    for path in Path(os.environ["MPLCONFIGDIR"]).glob("fontlist-*.json"):
        shutil.copyfile(path, Path(scratch, path.name))
    os.environ["MPLCONFIGDIR"] = scratch


if __name__ == "__main__":
    main()
