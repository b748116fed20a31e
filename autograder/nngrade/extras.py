"""What only some commands need beside the core, and a sentence where it is not installed."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass

from nngrade.errors import NngradeError

__all__ = ["EXTRAS", "Extra", "MissingExtra", "install_command", "is_importable", "require"]


@dataclass(frozen=True)
class Extra:
    """One of the extras that ``pyproject.toml`` declares.

    Attributes
    ----------
    module : str
        What is imported of it.
    distribution : str
        What pip calls that.
    purpose : str
        Who needs it, as the end of a sentence.
    """

    module: str
    distribution: str
    purpose: str

    @property
    def version(self) -> str | None:
        """The version that is installed; None where there is none."""
        if not is_importable(self.module):
            return None
        try:
            return importlib.metadata.version(self.distribution)
        except importlib.metadata.PackageNotFoundError:
            return "of an unknown version"


EXTRAS: Mapping[str, Extra] = {
    "author": Extra("jupytext", "jupytext", "opens lesson.py as a notebook"),
    "cluster": Extra("distributed", "distributed", "grades on a Dask cluster"),
    "feedback": Extra("latex2mathml", "latex2mathml", "writes formulas in pages of feedback"),
    "gradebook": Extra("nbgrader", "nbgrader", "builds notebooks and keeps the gradebook"),
    "lab": Extra("jupyterlab", "jupyterlab", "opens notebooks"),
    "plots": Extra("matplotlib", "matplotlib", "draws the notebooks' figures"),
    "postgresql": Extra("psycopg2", "psycopg2-binary", "keeps the gradebook in PostgreSQL"),
    "widgets": Extra("ipywidgets", "ipywidgets", "moves the notebooks' figures"),
}


class MissingExtra(NngradeError):
    """A command needs packages that are not installed; the message says how to install them."""


def is_importable(module: str) -> bool:
    """Whether a module is installed, without importing it."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def install_command(*names: str) -> str:
    """The command that installs extras, by their names."""
    return f'pip install "nngrade[{",".join(names)}]"'


def require(what: str, *names: str) -> None:
    """See that extras are installed.

    Parameters
    ----------
    what : str
        What needs them, as the beginning of a sentence.
    *names : str
        Keys of `EXTRAS`.

    Raises
    ------
    MissingExtra
        Where one is not, with the command that installs all that are missing.

    Examples
    --------
    >>> require("grading")
    """
    missing = [name for name in names if not is_importable(EXTRAS[name].module)]
    if missing:
        packages = " and ".join(EXTRAS[name].distribution for name in missing)
        verb = "is" if len(missing) == 1 else "are"
        raise MissingExtra(
            f"{what} needs {packages}, which {verb} not installed here; "
            f"install with: {install_command(*missing)} (in the course's repository: make install)"
        )
