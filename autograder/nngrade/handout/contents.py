"""The contents of a hand-out: every file is listed here, and no other file gets in."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from nngrade.authoring.build import differences
from nngrade.course.stages import Course, Stage
from nngrade.errors import CourseError
from nngrade.handout.home import Home, with_links
from nngrade.handout.milestones import NOTEBOOK, milestones_notebook
from nngrade.handout.pins import (
    distributions_for,
    imported_modules,
    oldest_python,
    pinned,
    ranges,
    with_dependencies,
)

__all__ = ["handout_files"]

# Paths in the hand-out, and the templates of these files.
ALWAYS = {
    ".devcontainer/devcontainer.json": "devcontainer.json",
    ".dockerignore": "dockerignore",
    ".github/workflows/visible-tests.yml": "visible-tests.yml",
    ".gitignore": "gitignore",
    "Dockerfile": "Dockerfile",
    "README.md": "README.md",
    "package/README.md": "package.md",
    "package/pyproject.toml": "package.toml",
    "requirements.txt": "requirements.txt",
}
FOR_BINDER = {
    ".binder/requirements.txt": "binder-requirements.txt",
    ".binder/runtime.txt": "binder-runtime.txt",
}
CHECKER = "check.py"
# The one distribution that notebooks need beside public packages: where it is, and which files of
# which package are in it. Of the data package only its own files, for a downloaded MNIST may lie
# beside them; of the engine only the half that answers in a notebook and knows no secret.
PACKAGE = "package"
PUBLIC = {
    "nndata": ("*.py", "moving/*.py", "py.typed", "digits-*.idx.gz"),
    "nngrade": (
        "__init__.py",
        "__main__.py",
        "errors.py",
        "exit_code.py",
        "py.typed",
        "results.py",
        "text.py",
        "commands/__init__.py",
        "commands/main.py",
        "commands/options.py",
        "commands/practice.py",
        "commands/signals.py",
        "diagnosis/*.py",
        "live/*.py",
        "questions/*.py",
        "worker/__init__.py",
        "worker/calls.py",
        "worker/magics.py",
        "worker/public.py",
        "worker/wire.py",
    ),
}
# Opens the notebooks.
ALSO_NEEDED = "jupyterlab"


def handout_files(
    course: Course, stages: Sequence[Stage], home: Home | None = None
) -> dict[str, bytes]:
    """Make all files of a hand-out, as contents by path; the same for the same course.

    Parameters
    ----------
    course : Course
    stages : sequence of Stage
        Stages to hand out.
    home : Home, optional
        Repository in which the hand-out will be published; adds links to Colab and Binder.

    Raises
    ------
    CourseError
        If the assignments are out of step with the lessons, or a notebook imports a package that
        is not installed here.
    """
    if found := differences(course, stages):
        raise CourseError("\n".join(map(str, found)))
    notebooks = {
        path: (course.root / path).read_bytes()
        for stage in stages
        for path in (f"assignments/{stage.name}/{stage.name}.ipynb",)
    }
    package = dict(_package())
    checker = resources.files(__package__).joinpath("templates", CHECKER).read_bytes()
    for_data = distributions_for(dict(_imports(package)))
    needed = distributions_for(dict(_imports({**notebooks, CHECKER: checker}))) | {ALSO_NEEDED}
    everything = with_dependencies(needed | for_data)
    own = milestones_notebook(stages)
    context = {
        "lessons": list(zip(notebooks, stages, strict=True)),
        "home": home,
        "pins": pinned(needed),
        "ranges": ranges(for_data),
        "version": metadata.version("nngrade"),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "oldest": oldest_python(everything),
        "tried": platform.python_version(),
        "own_network": NOTEBOOK if own is not None else None,
    }
    templates = ALWAYS if home is None else {**ALWAYS, **FOR_BINDER}
    return {
        **{path: with_links(text, path, home) for path, text in notebooks.items()},
        **dict(_rendered(templates, context)),
        **package,
        **({NOTEBOOK: own} if own is not None else {}),
        CHECKER: checker,
        "constraints.txt": _lines(pinned(everything)),
        f"{PACKAGE}/LICENSE": _licence(),
    }


def _package() -> Iterator[tuple[str, bytes]]:
    """Paths and contents of the public files of the installed packages."""
    for name, patterns in PUBLIC.items():
        root = Path(str(resources.files(name)))
        for path in sorted(root.rglob("*")):
            inner = path.relative_to(root).as_posix()
            # In a pattern a star stands for what is in one folder, not in those below.
            fits = any(
                fnmatchcase(inner, one) and inner.count("/") == one.count("/") for one in patterns
            )
            if path.is_file() and fits:
                yield f"{PACKAGE}/{name}/{inner}", path.read_bytes()


def _imports(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Modules that notebooks and programs import, each with the path of the importing file."""
    for path, content in files.items():
        if path.endswith(".ipynb"):
            cells = [one for one in json.loads(content)["cells"] if one["cell_type"] == "code"]
            sources = ["".join(cell["source"]) for cell in cells]
        else:
            sources = [content.decode()] if path.endswith(".py") else []
        for source in sources:
            for module in imported_modules(source) - set(PUBLIC):
                yield module, path


def _rendered(
    templates: Mapping[str, str], context: Mapping[str, Any]
) -> Iterator[tuple[str, bytes]]:
    environment = Environment(
        loader=PackageLoader("nngrade.handout"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for path, template in templates.items():
        yield path, environment.get_template(template).render(context).encode()


def _lines(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _licence() -> bytes:
    """Text of the package's licence, which is the engine's."""
    text = metadata.distribution("nngrade").read_text("licenses/LICENSE")
    if text is None:
        raise CourseError("nngrade is installed without its LICENSE; install it again")
    return text.encode()
