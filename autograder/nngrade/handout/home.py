"""The repository in which a hand-out is published, and the links to its notebooks."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import quote

from nngrade.course.notebook import notebook_text
from nngrade.errors import NngradeError

__all__ = ["Home", "with_links"]

_NAME = re.compile(r"(?:https://github\.com/)?([\w-]+/[\w.-]+?)(?:\.git)?/?", re.ASCII)
_BRANCH = re.compile(r"[\w./-]+", re.ASCII)


@dataclass(frozen=True)
class Home:
    """The public repository on GitHub in which a hand-out is published.

    Attributes
    ----------
    name : str
        Name in the form ``owner/repository``.
    branch : str
        Branch that holds the hand-out.
    """

    name: str
    branch: str

    @classmethod
    def of(cls, address: str, branch: str) -> Home:
        """Parse a repository's name or the address of its page.

        Parameters
        ----------
        address : str
            Name ``owner/repository``, or the address of the repository's page on GitHub.
        branch : str
            Branch that holds the hand-out.

        Raises
        ------
        NngradeError
            If `address` is neither.
        """
        found = _NAME.fullmatch(address)
        if found is None:
            raise NngradeError(f"{address!r} is no repository on GitHub; write OWNER/REPOSITORY")
        if not _BRANCH.fullmatch(branch):
            raise NngradeError(f"{branch!r} is no name of a branch")
        return cls(found[1], branch)

    @property
    def package(self) -> str:
        """Requirement with which pip installs the course's package from the repository."""
        return f"git+https://github.com/{self.name}@{self.branch}#subdirectory=package"

    def colab(self, notebook: str) -> str:
        """Address at which Colab opens a notebook of the repository."""
        return f"https://colab.research.google.com/github/{self.name}/blob/{self.branch}/{notebook}"

    def binder(self, notebook: str) -> str:
        """Address at which Binder opens a notebook of the repository."""
        target = quote(f"lab/tree/{notebook}", safe="")
        branch = quote(self.branch, safe="")
        return f"https://mybinder.org/v2/gh/{self.name}/{branch}?urlpath={target}"


def with_links(notebook: bytes, path: str, home: Home | None) -> bytes:
    """Add cells to a notebook: links to Colab and Binder, and the installation it needs there.

    Without a home, return the notebook unchanged.

    Parameters
    ----------
    notebook : bytes
        Contents of the notebook file.
    path : str
        Path of the notebook in the hand-out.
    home : Home or None
        Repository in which the hand-out will be published.
    """
    if home is None:
        return notebook
    words = (
        f"[Open this notebook in Colab]({home.colab(path)}) or [in Binder]({home.binder(path)}): "
        "nothing to install. Download it before you close the page, which keeps nothing."
    )
    fetch = (
        "# On Colab this brings the course's data package; elsewhere it is there already.\n"
        "import importlib.util\n\n"
        'if importlib.util.find_spec("nndata") is None:\n'
        f'    %pip install --quiet "nndata @ {home.package}"'
    )
    read = json.loads(notebook)
    read["cells"] = [
        {"cell_type": "markdown", "id": "links", "metadata": {}, "source": [words]},
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "data-package",
            "metadata": {},
            "outputs": [],
            "source": fetch.splitlines(keepends=True),
        },
        *read["cells"],
    ]
    return notebook_text(read).encode()
