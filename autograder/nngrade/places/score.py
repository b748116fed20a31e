"""Old name of `nngrade.formats.score`, for pipelines that were written for it."""

import sys
from pathlib import Path

from nngrade.formats.score import main

__all__ = ["main"]

if __name__ == "__main__":
    main(Path(sys.argv[1]))
