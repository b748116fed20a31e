"""Try the tests that failed in the last run once more, one after another.

A machine that others use fails a test now and then that passes by itself. Each such test is named,
because it wants mending. More than a handful of failures, or none that pytest remembers (an
installation that failed, say), stay a failure.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
REMEMBERED = ROOT / ".pytest_cache/v/cache/lastfailed"
MOST = 5


def main() -> int:
    """The exit code: 0 if all of them pass now."""
    try:
        failed = sorted(json.loads(REMEMBERED.read_text(encoding="utf-8")))
    except FileNotFoundError:
        failed = []
    if not failed:
        print("No test is known to have failed.")
        return 1
    if len(failed) > MOST:
        print(f"{len(failed)} tests failed, which is no accident.")
        return 1
    print("Once more, by themselves:", *failed, sep="\n  ", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "0", *failed]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code == 0:
        print("All passed now. Each failed once, beside others:", *failed, sep="\n  ")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
