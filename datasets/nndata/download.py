"""Download a file over HTTP, with limits on size and time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, BinaryIO, cast

__all__ = ["MAX_SECONDS", "Refused", "download"]

MAX_SECONDS = 900.0
"""Maximum time in seconds for one file: a mirror that is too slow is given up."""

_CHUNK = 2**15


class Refused(Exception):
    """A mirror did not give the file; the text continues a sentence that begins with its name."""


class _Sink:
    """A file for a download, with limits on size and time."""

    def __init__(self, file: BinaryIO, max_bytes: int, max_seconds: float) -> None:
        self._file = file
        self._left = max_bytes
        self._deadline = time.monotonic() + max_seconds
        self.failure: OSError | None = None

    def write(self, chunk: bytes) -> None:
        self._left -= len(chunk)
        if self._left < 0:
            raise Refused("sends more than the file can hold")
        if time.monotonic() > self._deadline:
            raise Refused("is too slow")
        try:
            self._file.write(chunk)
        except OSError as error:  # kept apart from errors of the network
            self.failure = error
            raise

    def flush(self) -> None:
        """Do nothing: the file is closed, and thereby flushed, before anybody reads it."""


class _Progress:
    """A progress bar for pooch that forwards to one of tqdm's.

    Pooch counts whole chunks and restarts the bar at the end, which would show a wrong speed.
    """

    def __init__(self, bar: Any) -> None:
        self._bar = bar

    @property
    def total(self) -> int | None:
        return cast("int | None", self._bar.total)

    @total.setter
    def total(self, n_bytes: int) -> None:
        self._bar.total = n_bytes or None  # a mirror need not send the size

    def update(self, n_bytes: int) -> None:
        left = n_bytes if self.total is None else self.total - self._bar.n
        self._bar.update(min(n_bytes, left))

    def reset(self) -> None:
        pass

    def close(self) -> None:
        self._bar.close()


def download(url: str, path: Path, max_bytes: int, progress: bool, timeout: float) -> None:
    """Download a file.

    Parameters
    ----------
    url : str
        Address of the file, http or https.
    path : Path
        Path of the downloaded file. A failed download leaves a part of the file there.
    max_bytes : int
        Maximum size of the file in bytes.
    progress : bool
        Whether to show a progress bar on stderr.
    timeout : float
        Seconds without data after which the download is given up.

    Raises
    ------
    Refused
        If the mirror does not provide the file.
    OSError
        If `path` cannot be written.
    """
    # Imported here because these cost more time than the rest of the package.
    import pooch
    import requests
    from tqdm import tqdm

    name = url.rpartition("/")[2]
    with (
        path.open("xb") as file,
        tqdm(desc=name, unit="B", unit_scale=True, disable=not progress) as bar,
    ):
        sink = _Sink(file, max_bytes, MAX_SECONDS)
        fetch = pooch.HTTPDownloader(
            progressbar=_Progress(bar) if progress else False,
            chunk_size=_CHUNK,
            timeout=timeout,
            # Otherwise a server may decompress the .gz, which makes the download four times larger.
            headers={"Accept-Encoding": "identity"},
        )
        try:
            fetch(url, sink, None)
        except requests.HTTPError as error:
            if error.response is None:
                raise Refused("refuses") from None
            raise Refused(f"answers {error.response.status_code} {error.response.reason}") from None
        except requests.Timeout:
            raise Refused(f"does not answer within {timeout:g} seconds") from None
        except requests.ConnectionError as error:
            if "timed out" in str(error):  # a time-out after the first bytes
                raise Refused(f"sends nothing for {timeout:g} seconds") from None
            raise Refused(f"cannot be reached ({type(error).__name__})") from None
        except requests.exceptions.ChunkedEncodingError:
            raise Refused("breaks off before the end") from None
        except (requests.RequestException, OSError, ValueError) as error:
            if sink.failure:
                raise
            raise Refused(f"fails ({type(error).__name__}: {error})") from None
