"""Results as JSON, described by ``schema/results-v1.json``."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from nngrade.errors import NngradeError
from nngrade.results import VERSION, CheckResult, Status, SubmissionResult, as_document, from_record
from nngrade.text import one_line

__all__ = ["read_json", "render", "render_failure", "schema"]


def render(results: Iterable[SubmissionResult]) -> str:
    """The results as the text of a JSON file."""
    return _text(as_document(results))


def render_failure(reason: str) -> str:
    """The text of a JSON file that states why there are no results."""
    return _text(as_document([], reason))


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def schema() -> str:
    """The JSON schema of the results."""
    return (files("nngrade.formats") / "schema" / f"results-v{VERSION}.json").read_text("utf-8")


def read_json(path: Path) -> list[SubmissionResult]:
    """Read the results that `nngrade grade --format json` wrote to a file.

    Raises
    ------
    NngradeError
        If the file cannot be read or holds anything other than results.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NngradeError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or "submissions" not in document:
        raise NngradeError(
            f"{path}: not results of nngrade; write some with "
            "`nngrade grade … --format json --output results.json`"
        )
    if document.get("version") != VERSION:
        raise NngradeError(
            f"{path}: results of version {document.get('version')!r}; this nngrade reads version "
            f"{VERSION}. Grade again, or use the nngrade that wrote it"
        )
    if document.get("error") is not None:
        raise NngradeError(
            f"{path}: grading did not finish when it was written: "
            f"{one_line(str(document['error']))}. Grade again"
        )
    try:
        results = [from_record(record) for record in document["submissions"]]
        for result in results:
            _require_types(result)
            for check in result.checks:
                _require_types(check)
    except (TypeError, KeyError, ValueError) as error:
        raise NngradeError(
            f"{path}: not as `nngrade grade --format json` writes results ({error!r})"
        ) from error
    return results


def _require_types(one: SubmissionResult | CheckResult) -> None:
    """Reject values whose type the field does not allow: JSON itself does not check that."""
    for field in dataclasses.fields(one):
        value: Any = getattr(one, field.name)
        match field.type:
            case "str":
                sound = isinstance(value, str)
            case "str | None":
                sound = value is None or isinstance(value, str)
            case "int | None":
                sound = value is None or (isinstance(value, int) and value >= 1)
            case "float" | "int":
                sound = isinstance(value, (int, float)) and math.isfinite(value) and value >= 0
            case "tuple[str, ...]":
                sound = all(isinstance(note, str) for note in value)
            case "Status":
                sound = value in get_args(Status)
            case _:
                sound = True
        if not sound:
            raise ValueError(f"{field.name}: {value!r}"[:100])
