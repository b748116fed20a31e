"""Read a Dockerfile and its .dockerignore, and do what a build does, without a container engine."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path


@dataclass(frozen=True)
class Stage:
    """From one FROM to the next.

    Attributes
    ----------
    image : str
        With the values of arguments in it.
    steps : list of (str, str)
        Instructions with what follows them, in order.
    """

    image: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, instruction: str) -> list[str]:
        return [rest for name, rest in self.steps if name == instruction]

    @property
    def environment(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for rest in self.all("ENV") for pair in shlex.split(rest))

    @property
    def entrypoint(self) -> list[str]:
        return json.loads(self.all("ENTRYPOINT")[-1])


def stages(text: str) -> list[Stage]:
    """The stages of a Dockerfile."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    arguments: dict[str, str] = {}
    found: list[Stage] = []
    for line in re.sub(r"\\\n", " ", "\n".join(lines)).splitlines():
        instruction, _, rest = line.strip().partition(" ")
        if instruction == "ARG" and not found:
            name, _, value = rest.partition("=")
            arguments[name] = value
        elif instruction == "FROM":
            image = re.sub(r"\$\{(\w+)\}", lambda match: arguments[match[1]], rest)
            found.append(Stage(image))
        elif instruction:
            found[-1].steps.append((instruction, rest.strip()))
    return found


def context(folder: Path) -> Iterator[str]:
    """The files that a build is sent: the last pattern of .dockerignore that fits one decides."""
    rules = [
        (line.removeprefix("!").strip("/"), line.startswith("!"))
        for line in (folder / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        sent = True
        for pattern, wanted in rules:
            if _fits(name, pattern):
                sent = wanted
        if sent and path.is_file():
            yield name


def _fits(name: str, pattern: str) -> bool:
    """Whether a pattern names this file or a folder that it is in."""
    parts = name.split("/")
    for length in range(1, len(parts) + 1):
        head = parts[:length]
        if pattern.startswith("**/"):
            if fnmatchcase(head[-1], pattern[3:]):
                return True
        elif len(head) == len(pattern.split("/")) and all(
            map(fnmatchcase, head, pattern.split("/"))
        ):
            return True
    return False


def build(stage: Stage, source: Path, root: Path, places: dict[str, str]) -> None:
    """Carry out COPY and RUN, below `root` in the place of /.

    Parameters
    ----------
    stage : Stage
    source : Path
        The folder of the Dockerfile.
    root : Path
    places : dict of str to str
        Where folders of the image that RUN names by a variable are instead.
    """
    variables = {name: moved(value, places) for name, value in stage.environment.items()}
    sent = list(context(source))
    here = root
    for instruction, rest in stage.steps:
        if instruction == "WORKDIR":
            here = root / rest.lstrip("/")
            here.mkdir(parents=True)
        elif instruction == "COPY":
            *names, target = rest.split()
            for name in names:
                copied = [one for one in sent if one == name or one.startswith(f"{name}/")]
                assert copied, f"COPY {name}: no such file in what the build is sent"
                for one in copied:
                    inside = Path(name).name if one == name else Path(one).relative_to(name)
                    place = here / target / inside
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(source / one, place)
        elif instruction == "RUN":
            done = subprocess.run(
                ["sh", "-c", rest],
                cwd=here,
                env={**os.environ, **variables},
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stdout + done.stderr


def moved(value: str, places: dict[str, str]) -> str:
    """A path, or several, with the places in it that are elsewhere here."""
    for place, instead in places.items():
        value = value.replace(place, instead)
    return value
