"""Print the score in a results file: ``python -m nngrade.formats.score results.json``.

The output is ``score=16`` and ``max_score=20`` on two lines, the form of GitHub's outputs and
GitLab's dotenv reports. Submissions that could not be graded count as 0.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

__all__ = ["main"]


def main(path: Path) -> None:
    """Print score and maximum score, summed over all submissions in a ``--format json`` file."""
    submissions = json.loads(path.read_text(encoding="utf-8"))["submissions"]
    for name in ("score", "max_score"):
        print(f"{name}={sum(one[name] for one in submissions):g}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
