"""The score in a results file, for a pipeline: ``python -m nngrade.formats.score results.json``.

Prints ``score=16`` and ``max_score=20``, lines as GitHub's outputs and GitLab's dotenv reports have
them; what could not be graded counts as 0.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

__all__ = ["main"]


def main(path: Path) -> None:
    """Print the sums over all submissions in a file of ``--format json``."""
    submissions = json.loads(path.read_text(encoding="utf-8"))["submissions"]
    for name in ("score", "max_score"):
        print(f"{name}={sum(one[name] for one in submissions):g}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
