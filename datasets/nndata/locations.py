"""The places where data sets are looked for, in order."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["HOME_VARIABLE", "Place", "course_folder", "places", "user_cache", "writable"]

HOME_VARIABLE = "NNDATA_HOME"
"""The environment variable that names the folder which is looked at first."""


@dataclass(frozen=True)
class Place:
    """A folder that may hold data, and what it is to the user.

    Attributes
    ----------
    folder : Path
        Where to look; `folder / "mnist"` is looked at too.
    label : str
        What to call it in a message.
    for_downloads : bool
        Whether new files may be put there.
    """

    folder: Path
    label: str
    for_downloads: bool

    def __str__(self) -> str:
        """Name the folder and what it is."""
        return f"{self.folder} ({self.label})"


def places() -> list[Place]:
    """List where data sets are looked for, first place first.

    Returns
    -------
    list of Place
        The folder that `NNDATA_HOME` names, if it is set; the course's own `datasets/` folder, if
        this package runs from a checkout of the course; the user's cache.
    """
    found = []
    if home := os.environ.get(HOME_VARIABLE):
        found.append(Place(Path(home).expanduser().absolute(), HOME_VARIABLE, True))
    if course := course_folder():
        found.append(Place(course, "the course's datasets folder", False))
    found.append(Place(user_cache(), "your cache", True))
    different: dict[Path, Place] = {}
    for place in found:
        different.setdefault(place.folder, place)
    return list(different.values())


def course_folder(package: Path | None = None) -> Path | None:
    """Find the `datasets/` folder of the checkout that this package runs from.

    Parameters
    ----------
    package : Path, optional
        The package's folder; this package's by default.

    Returns
    -------
    Path or None
        None where the package is installed somewhere else, in a `site-packages` for example.
    """
    folder = (package or Path(__file__).parent).resolve().parent
    is_checkout = folder.name == "datasets" and (folder.parent / "pyproject.toml").is_file()
    return folder if is_checkout else None


def user_cache() -> Path:
    """Name the folder for downloads in the platform's cache, pooch's `os_cache("nndata")`."""
    import platformdirs  # here: `import nndata` should cost next to nothing

    return Path(platformdirs.user_cache_dir("nndata"))


def writable(folder: Path) -> bool:
    """Tell whether files can be made in a folder, which need not exist yet."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
