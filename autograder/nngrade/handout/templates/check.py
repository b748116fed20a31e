"""Run the visible tests of your notebooks, and say what is wrong.

As often as you like: `python check.py stage01`, or without a name for all of them. Each code
cell is run afresh, from top to bottom, but for the demonstrations. Your notebooks are read, never
changed.
"""

import sys
from pathlib import Path


def main() -> int:
    """Check the notebooks that the command line names."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        import IPython  # noqa: F401 (said at once, and not for each notebook)

        from nngrade.live.terminal import check
    except ImportError:
        print(
            "check.py: what the course needs is not installed here; activate the environment of "
            "README.md",
            file=sys.stderr,
        )
        return 2
    return check(sys.argv[1:], Path(__file__).resolve().parent)


if __name__ == "__main__":
    sys.exit(main())
