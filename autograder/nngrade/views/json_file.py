"""Results as JSON, described by ``schema/results-v1.json``."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, get_args

from nngrade.errors import NngradeError
from nngrade.results import VERSION, CheckResult, Status, SubmissionResult, as_document, from_record

__all__ = ["read_json", "write_json"]


def write_json(results: list[SubmissionResult], target: str) -> None:
    """Write the results to a file, whole or not at all; ``-`` is standard output.

    Raises
    ------
    NngradeError
        When the file cannot be written.
    """
    text = json.dumps(as_document(results), indent=2, ensure_ascii=True) + "\n"
    if target == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    path = Path(target)
    draft = None
    try:
        descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp's files are private; results get the permissions that any new file would.
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(draft, 0o666 & ~mask)
        os.replace(draft, path)
    except OSError as error:
        if draft is not None:
            Path(draft).unlink(missing_ok=True)
        raise NngradeError(f"{path}: the results cannot be written ({error.strerror})") from error


def read_json(path: Path) -> list[SubmissionResult]:
    """The results in a file that `write_json` wrote.

    Raises
    ------
    NngradeError
        When it cannot be read, or holds anything else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NngradeError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or "submissions" not in document:
        raise NngradeError(f"{path}: not results that `nngrade grade --json {path.name}` wrote")
    if document.get("version") != VERSION:
        raise NngradeError(
            f"{path}: results of version {document.get('version')!r}; this nngrade reads version "
            f"{VERSION}. Grade again with --json, or use the nngrade that wrote it"
        )
    try:
        results = [from_record(record) for record in document["submissions"]]
        for result in results:
            _require_types(result)
            for check in result.checks:
                _require_types(check)
    except (TypeError, KeyError, ValueError) as error:
        raise NngradeError(
            f"{path}: not as `nngrade grade --json` writes results ({error!r})"
        ) from error
    return results


def _require_types(one: SubmissionResult | CheckResult) -> None:
    """Stop at a value that its field, which JSON knows nothing of, does not allow."""
    for field in dataclasses.fields(one):
        value: Any = getattr(one, field.name)
        match field.type:
            case "str":
                sound = isinstance(value, str)
            case "str | None":
                sound = value is None or isinstance(value, str)
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
