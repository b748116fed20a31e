"""The folders that are searched for data sets, in order."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["HOME_VARIABLE", "Place", "course_folder", "places", "user_cache", "writable"]

HOME_VARIABLE = "NNDATA_HOME"
"""The environment variable that names the first folder to search."""


@dataclass(frozen=True)
class Place:
    """A folder that may hold data sets.

    Attributes
    ----------
    folder : Path
        Folder to search; `folder / "mnist"` is searched too.
    label : str
        Description of the folder in messages.
    for_downloads : bool
        Whether new files may be stored there.
    """

    folder: Path
    label: str
    for_downloads: bool

    def __str__(self) -> str:
        """Return the folder with its description."""
        return f"{self.folder} ({self.label})"


def places() -> list[Place]:
    """List the folders that are searched for data sets, in order.

    Returns
    -------
    list of Place
        The folder that `NNDATA_HOME` names, if it is set; the `datasets/` folder of the course, if
        this package runs from a checkout of it; the user's cache.
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
        Folder of the package; by default the folder of this package.

    Returns
    -------
    Path or None
        The folder, or None if the package is installed elsewhere, such as in `site-packages`.
    """
    folder = (package or Path(__file__).parent).resolve().parent
    is_checkout = folder.name == "datasets" and (folder.parent / "pyproject.toml").is_file()
    return folder if is_checkout else None


def user_cache() -> Path:
    """Return the download folder in the user's cache, the same as pooch's `os_cache("nndata")`."""
    import platformdirs  # imported here: `import nndata` should be fast

    return Path(platformdirs.user_cache_dir("nndata"))


def writable(folder: Path) -> bool:
    """Return whether files can be created in a folder, which need not exist yet."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
