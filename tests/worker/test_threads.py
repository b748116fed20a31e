"""Threads of one worker: limited, and never at another worker's expense."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from nngrade.limits import WorkerLimits
from nngrade.worker import confine
from nngrade.worker.host import WorkerEnded
from nngrade.worker.sandbox import Sandbox

THREADS = """
import os, threading, numpy as np
threading.stack_size(262144)
waiting, kept = threading.Event(), []

def start(number):
    for _ in range(number):
        try:
            kept.append(threading.Thread(target=waiting.wait, daemon=True))
            kept[-1].start()
        except RuntimeError:
            return len(kept) - 1
    return len(kept)

def start_and_wait(number):
    start(number)
    waiting.wait()

def user():
    return [os.getuid(), os.getgid(), os.stat(".").st_uid]
"""
NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives users to workers")


def soon() -> float:
    return time.monotonic() + 30


def test_a_worker_with_too_many_threads_is_ended_with_a_sentence(sandbox: Sandbox) -> None:
    with sandbox.worker(WorkerLimits(threads=20), 0) as worker:
        worker.run("test", THREADS, soon())
        with pytest.raises(WorkerEnded, match=r"^your code started more than 20 threads$"):
            worker.call("start_and_wait", (20,), {}, soon())


def test_a_worker_with_as_many_threads_as_allowed_goes_on(sandbox: Sandbox) -> None:
    with sandbox.worker(WorkerLimits(threads=20), 0) as worker:
        worker.run("test", THREADS, soon())
        assert worker.call("start", (19,), {}, soon())[0] == 19
        assert worker.call("start", (0,), {}, soon())[0] == 19


def test_a_neighbour_starts_threads_while_another_is_full_of_them(sandbox: Sandbox) -> None:
    # More than the grader's limit allows the first one, so that only the kernel's is in its way.
    most = 10_000 if os.geteuid() == 0 else 64
    with (
        sandbox.worker(WorkerLimits(threads=most), 0) as crowded,
        sandbox.worker(WorkerLimits(), 0) as neighbour,
    ):
        for one in (crowded, neighbour):
            one.run("test", THREADS, soon())
        started = crowded.call("start", (most - 1,), {}, soon())[0]
        assert started >= (200 if os.geteuid() == 0 else 63)
        assert neighbour.call("start", (60,), {}, soon())[0] == 60
        assert crowded.alive


@NEEDS_ROOT
def test_workers_of_root_are_different_users_who_own_their_folders(sandbox: Sandbox) -> None:
    if confine.shared_user() is not None:
        pytest.skip("this container has no ids for workers")
    users = []
    with sandbox.worker(WorkerLimits(), 0) as one, sandbox.worker(WorkerLimits(), 0) as other:
        for worker in (one, other):
            worker.run("test", THREADS, soon())
            users.append(worker.call("user", (), {}, soon())[0])
    assert users[0] != users[1]
    for user, group, owner in users:
        assert user == group == owner
        assert confine.FIRST_USER <= user < confine.FIRST_USER + confine.USERS


@NEEDS_ROOT
def test_where_a_container_has_few_users_workers_are_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(confine, "_has_own_users", lambda: False)
    assert confine.own_user() == confine.shared_user() == confine.NOBODY


def test_an_ordinary_users_workers_share_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert (confine.own_user(), confine.shared_user()) == (None, 1000)


def test_the_limit_of_a_common_user_is_above_what_it_runs_now() -> None:
    assert confine.most_threads(None) == confine.MOST_THREADS
    threads = len(list(Path("/proc/self/task").iterdir()))
    assert confine.most_threads(os.getuid()) >= confine.MOST_THREADS + threads
