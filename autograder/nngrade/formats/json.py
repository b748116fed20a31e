"""Results as JSON, described by ``schema/results-v2.json``; version 1 can be read, too."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from nngrade.errors import NngradeError
from nngrade.results import VERSION, CheckResult, Status, SubmissionResult, as_document, from_record
from nngrade.text import one_line

__all__ = ["read_json", "render", "render_failure", "schema"]

_READABLE = range(1, VERSION + 1)


def render(results: Iterable[SubmissionResult]) -> str:
    """The results as the text of a JSON file."""
    return _text(as_document(results))


def render_failure(reason: str) -> str:
    """The text of a JSON file that states why there are no results."""
    return _text(as_document([], reason))


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def schema(version: int = VERSION) -> str:
    """The JSON schema of the results.

    Parameters
    ----------
    version : int
        Version of the results, from 1 to `VERSION`.
    """
    return (files("nngrade.formats") / "schema" / f"results-v{version}.json").read_text("utf-8")


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
    version = document.get("version")
    if isinstance(version, bool) or version not in _READABLE:
        known = " and ".join(map(str, _READABLE))
        raise NngradeError(
            f"{path}: results of version {version!r}; this nngrade reads versions {known}. "
            "Grade again, or use the nngrade that wrote it"
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
            _require_time(result.handed_in_at)
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
                sound = _is_amount(value)
            case "float | None":
                sound = value is None or _is_amount(value)
            case "tuple[str, ...]":
                sound = all(isinstance(note, str) for note in value)
            case "tuple[str, ...] | None":
                sound = value is None or (
                    isinstance(value, tuple) and all(isinstance(one, str) for one in value)
                )
            case "Status":
                sound = value in get_args(Status)
            case _:
                sound = True
        if not sound:
            raise ValueError(f"{field.name}: {value!r}"[:100])


def _is_amount(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value) and value >= 0


def _require_time(text: str | None) -> None:
    """Reject a time that is not ISO 8601 with an offset."""
    if text is not None and datetime.fromisoformat(text).tzinfo is None:
        raise ValueError(f"handed_in_at: {text!r} has no offset"[:100])
