"""Build the engine's wheel from the installed packages, whether from a checkout or a wheel.

This needs neither a build tool nor a repository: a wheel is a zip archive of the packages with
their metadata (https://packaging.python.org/en/latest/specifications/binary-distribution-format/).
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import importlib.util
import zipfile
from collections.abc import Iterator
from pathlib import Path

from nngrade.errors import NngradeError

__all__ = ["PACKAGES", "write_wheel"]

PACKAGES = ("nngrade", "nndata")
# Files that an installer writes about this machine.
_OF_THE_INSTALLER = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})
# Modification time of all files, so that the same engine gives the same bytes.
_AGE = (1980, 1, 1, 0, 0, 0)


def write_wheel(folder: Path) -> Path:
    """Write the wheel of the running nngrade into a folder; return its path.

    Raises
    ------
    NngradeError
        If nngrade is not installed, so that its dependencies are unknown.
    """
    try:
        distribution = importlib.metadata.distribution("nngrade")
    except importlib.metadata.PackageNotFoundError:
        raise NngradeError("nngrade is not installed here; `pip install` it first") from None
    stem = f"nngrade-{distribution.version}"
    path = folder / f"{stem}-py3-none-any.whl"
    record = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*_packages(), *_metadata(distribution, f"{stem}.dist-info")]:
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            record.append(f"{name},sha256={digest.decode()},{len(content)}")
            _add(archive, name, content)
        listing = f"{stem}.dist-info/RECORD"
        _add(archive, listing, "\n".join([*record, f"{listing},,", ""]).encode())
    return path


def _packages() -> Iterator[tuple[str, bytes]]:
    for package in PACKAGES:
        found = importlib.util.find_spec(package)
        assert found is not None
        assert found.origin is not None
        root = Path(found.origin).parent
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{package}/{path.relative_to(root).as_posix()}", path.read_bytes()


def _metadata(
    distribution: importlib.metadata.Distribution, folder: str
) -> Iterator[tuple[str, bytes]]:
    for file in sorted(distribution.files or []):
        if file.parts[0].endswith(".dist-info") and file.name not in _OF_THE_INSTALLER:
            inner = "/".join(file.parts[1:])
            yield f"{folder}/{inner}", Path(str(file.locate())).read_bytes()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _AGE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)
