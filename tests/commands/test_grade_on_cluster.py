"""`nngrade grade --executor dask`, where there is no cluster to grade on."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from click.testing import CliRunner

from nngrade.commands.main import main
from nngrade.course.stages import Course
from nngrade.runs import dask_client as module
from tests.runs.conftest import notebook, submit

pytest.importorskip("distributed", reason="distributed, which makes clusters, is not installed")


def test_a_scheduler_that_is_not_there(new_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(new_course, "ada", notebook(new_course))
    monkeypatch.setattr(module, "CONNECT", 0.5)
    for address, reason in {
        "tcp://127.0.0.1:1": "Timed out trying to connect",
        "nonsense": "missing port number",
        "tls://127.0.0.1:1": "TLS expects",
    }.items():
        done = invoke(new_course, "--executor", "dask", "--scheduler", address)
        assert done.exit_code == 2
        assert f"nngrade: no scheduler can be reached at {address} ({reason}" in done.stderr


def invoke(course: Course, *options: str) -> Any:
    arguments = ["--course", str(course.root), "grade", str(course.root / "submitted"), *options]
    return CliRunner().invoke(main, arguments)


def test_options_that_do_not_go_together(new_course: Course) -> None:
    for options, said in {
        ("--executor", "dask"): "--executor dask and --scheduler ADDRESS go together",
        ("--scheduler", "tcp://a:1"): "--executor dask and --scheduler ADDRESS go together",
        (
            "--executor", "dask", "--scheduler", "tcp://a:1", "--jobs", "2",
        ): "--jobs is for this machine",
    }.items():  # fmt: skip
        done = invoke(new_course, *options)
        assert done.exit_code == 2
        assert said in done.stderr


def test_without_the_package(new_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(new_course, "ada", notebook(new_course))
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = invoke(new_course, "--executor", "dask", "--scheduler", "tcp://a:1")
    assert done.exit_code == 2
    assert 'pip install "nngrade[cluster]"' in done.stderr
