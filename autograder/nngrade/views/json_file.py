"""Results as JSON, described by ``schema/results-v1.json``."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from nngrade.errors import NngradeError
from nngrade.results import SubmissionResult, as_document

__all__ = ["write_json"]


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
