"""The versions of the results' schema: what is written fits the newest, older ones are read."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from nngrade.commands.main import main
from nngrade.errors import NngradeError
from nngrade.formats import json as json_file
from nngrade.formats.registry import FORMATS, render
from nngrade.results import VERSION, CheckResult, SubmissionResult, from_record
from nngrade.runs.processes import annotated
from nngrade.submissions.records import Candidate

STAGE = "stage01_sums"
# Programs of others rely on it: it never changes.
V1_DIGEST = "e20951a8c26f5eabf29e8ebe2d310745b37578bc4709a36af1950fb5a9c344ff"
SENTENCE = "two notebooks are equally likely; say which counts"
NEW = {
    "needs_person": SENTENCE,
    "late_penalty": 1.5,
    "group": ["ann", "bob"],
    "handed_in_at": "2026-11-01T10:00:00+00:00",
}
CHECK = CheckResult("total.a", "total", "It sums.", 2.0, 2.0, "passed", "", "", 0.1, cell=3)
PLAIN = SubmissionResult(
    "ann", STAGE, "ann.ipynb", "graded", None, None, 0.5, 2.0, ("odd",), (CHECK,), "strict", 7
)
FULL = replace(PLAIN, **{**NEW, "group": ("ann", "bob")})
LISTED = replace(FULL, status="failed", error=None, checks=(), max_score=0.0, sandbox=None)


def schema(version: int) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(json_file.schema(version))
    return loaded


def as_version_1(result: SubmissionResult) -> dict[str, Any]:
    """The document that nngrade wrote before there was version 2."""
    record = result.as_record()
    for name in NEW:
        del record[name]
    return {"version": 1, "error": None, "submissions": [record]}


def stored(tmp_path: Path, document: object) -> Path:
    path = tmp_path / "results.json"
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_each_schema_is_one_and_is_printed(version):
    done = CliRunner().invoke(main, ["schema", "--version", str(version)])
    assert done.exit_code == 0
    printed = json.loads(done.output)
    jsonschema.Draft202012Validator.check_schema(printed)
    assert printed["properties"]["version"] == {"const": version}
    assert printed["title"] == f"nngrade results, version {version}"


def test_without_a_version_the_newest_is_printed():
    newest = CliRunner().invoke(main, ["schema"]).output
    assert newest == CliRunner().invoke(main, ["schema", "--version", str(VERSION)]).output


@pytest.mark.parametrize("version", ["0", str(VERSION + 1), "x"])
def test_a_version_that_never_was_is_refused(version):
    done = CliRunner().invoke(main, ["schema", "--version", version])
    assert done.exit_code == 2
    assert "--version" in done.output


def test_version_1_is_as_it_was_published():
    text = (files("nngrade.formats") / "schema/results-v1.json").read_bytes()
    assert hashlib.sha256(text).hexdigest() == V1_DIGEST


@pytest.mark.parametrize("result", [PLAIN, FULL, LISTED])
def test_what_is_written_fits_the_newest_schema_and_is_read_again(result, tmp_path):
    text = json_file.render([result])
    jsonschema.validate(json.loads(text), schema(VERSION))
    path = tmp_path / "results.json"
    path.write_text(text)
    assert json_file.read_json(path) == [result]


def test_version_1_is_read(tmp_path):
    document = as_version_1(PLAIN)
    jsonschema.validate(document, schema(1))
    assert json_file.read_json(stored(tmp_path, document)) == [PLAIN]


def test_version_2_adds_fields_and_changes_none():
    old, new = schema(1), schema(2)
    before, after = (one["$defs"]["submission"] for one in (old, new))
    assert {name: after["properties"][name] for name in before["properties"]} == before[
        "properties"
    ]
    assert set(after["properties"]) - set(before["properties"]) == set(NEW)
    assert after["required"] == before["required"], "the new fields may be missing"
    assert new["$defs"]["check"] == old["$defs"]["check"]


@pytest.mark.parametrize("name", NEW)
def test_a_new_field_may_be_missing(name, tmp_path):
    document = json.loads(json_file.render([FULL]))
    del document["submissions"][0][name]
    jsonschema.validate(document, schema(2))
    (result,) = json_file.read_json(stored(tmp_path, document))
    assert result == replace(FULL, **{name: None})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("needs_person", 1),
        ("late_penalty", -1),
        ("late_penalty", "1"),
        ("group", "ann"),
        ("group", [1]),
        ("handed_in_at", 1_700_000_000),
        ("handed_in_at", "yesterday"),
        ("handed_in_at", "2026-11-01T10:00:00"),
    ],
)
def test_a_new_field_of_another_type_is_refused(name, value, tmp_path):
    document = json.loads(json_file.render([FULL]))
    document["submissions"][0][name] = value
    with pytest.raises(NngradeError, match="not as `nngrade grade --format json` writes"):
        json_file.read_json(stored(tmp_path, document))


@pytest.mark.parametrize("version", [0, 3, "2", True, None, [2]])
def test_other_versions_are_refused_with_a_sentence(version, tmp_path):
    document = {**json.loads(json_file.render([FULL])), "version": version}
    with pytest.raises(NngradeError, match="this nngrade reads versions 1 and 2"):
        json_file.read_json(stored(tmp_path, document))


def test_a_record_of_before_is_a_result(tmp_path):
    (record,) = as_version_1(PLAIN)["submissions"]
    before = copy.deepcopy(record)
    assert from_record(record) == PLAIN
    assert record == before


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"canvas", "moodle"}))
@pytest.mark.parametrize("result", [FULL, LISTED])
def test_what_a_person_has_to_decide_is_in_each_format(name, result):
    shown = render(name, [result], "hints")
    joined = " ".join(shown.replace("\\", "").split())
    assert SENTENCE in joined


@pytest.mark.parametrize("name", ["canvas", "moodle"])
def test_what_is_listed_gets_no_grade_in_an_import(name):
    assert "ann" not in render(name, [LISTED], "hints")


def test_a_reason_is_said_once():
    assert replace(LISTED, error=SENTENCE).reason == SENTENCE
    assert replace(LISTED, error="It is cut off.").reason == f"It is cut off. {SENTENCE}"
    assert replace(PLAIN).reason == ""


def test_the_time_of_submission_is_nbgrader_s(tmp_path):
    with_time, without = tmp_path / "ann/x.ipynb", tmp_path / "bob/x.ipynb"
    for path in (with_time, without):
        path.parent.mkdir()
    (with_time.parent / "timestamp.txt").write_text("2026-11-01 11:00:00 CET")
    todo = [Candidate(path, path.parent.name, None) for path in (with_time, without)]
    grade = annotated(lambda found: ((index, PLAIN) for index, _ in enumerate(found)))
    times = [result.handed_in_at for _, result in grade(todo)]
    assert times == ["2026-11-01T10:00:00+00:00", None]
