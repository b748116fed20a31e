"""What stands in for `docker` where there is no engine: it runs one image, by the kernel's means.

The environment variable STAND_IN names, as JSON, the `new` root, the image's `variables`, its
`entrypoint`, its default `user`, and what of this machine is `seen` in every container.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path


def main() -> None:
    """Carry out `docker run`; `docker build` was done before."""
    if sys.argv[1] == "build":
        return
    given = json.loads(os.environ["STAND_IN"])
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("command", choices=["run"])
    for flag in ("--rm", "--read-only"):
        parser.add_argument(flag, action="store_true")
    for option in ("--network", "--tmpfs", "--cap-drop", "--security-opt"):
        parser.add_argument(option)
    parser.add_argument("--user", default=given["user"])
    parser.add_argument("--volume", action="append", default=[])
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("image", choices=["nngrade"])
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    # This is the only kind of container that container.sh makes.
    assert options.read_only
    assert (options.network, options.tmpfs, options.cap_drop) == ("none", "/tmp", "ALL")
    passed = {name: os.environ[name] for name in options.env if name in os.environ}
    settings = [f"{name}={value}" for name, value in {**given["variables"], **passed}.items()]
    command = [
        *("unshare", "--mount", "--net", "bash", str(Path(__file__).with_name("container.sh"))),
        *(given["new"], options.user, *given["seen"], *options.volume, "--"),
        *("env", "-i", "--chdir=/course", *settings, *given["entrypoint"], *options.arguments),
    ]
    os.execvp(command[0], command)


main()
