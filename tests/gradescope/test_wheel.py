"""The wheel in the zip for Gradescope."""

from __future__ import annotations

from pathlib import Path

import nndata
import nngrade
from tests.gradescope.conftest import Image


def test_the_wheel_in_the_zip_installs_the_packages_that_are_here(image: Image):
    (site,) = image.home.glob("venv/lib/python*/site-packages")
    for package in (nngrade, nndata):
        assert package.__file__ is not None
        here, there = Path(package.__file__).parent, site / package.__name__

        def files(root: Path) -> dict[str, bytes]:
            return {
                str(path.relative_to(root)): path.read_bytes()
                for path in root.rglob("*")
                if path.is_file() and "__pycache__" not in path.parts
            }

        assert files(there) == files(here)
