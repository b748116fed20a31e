"""Download one file over HTTP, within limits."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, BinaryIO, cast

__all__ = ["MAX_SECONDS", "Refused", "download"]

MAX_SECONDS = 900.0
"""The longest that one file may take, in seconds: a mirror that only trickles is given up."""

_CHUNK = 2**15


class Refused(Exception):
    """A mirror did not give the file; the text continues a sentence that starts with its name."""


class _Sink:
    """A file to write a download to, which refuses too much and too late."""

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
        except OSError as error:  # told apart from what the network raises
            self.failure = error
            raise

    def flush(self) -> None:
        """Do nothing: the file is closed, and with that flushed, before anybody reads it."""


class _Progress:
    """What pooch takes for a progress bar, in front of one of tqdm's.

    Pooch counts whole chunks and in the end starts the bar anew, which would show a wild speed.
    """

    def __init__(self, bar: Any) -> None:
        self._bar = bar

    @property
    def total(self) -> int | None:
        return cast("int | None", self._bar.total)

    @total.setter
    def total(self, n_bytes: int) -> None:
        self._bar.total = n_bytes or None  # a mirror need not tell

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
        What to download, http or https.
    path : Path
        Where to put it. A failed download leaves a part of the file there.
    max_bytes : int
        The most that is written.
    progress : bool
        Show a progress bar on stderr.
    timeout : float
        Seconds without a byte after which to give up.

    Raises
    ------
    Refused
        If the file does not come.
    OSError
        If `path` cannot be written.
    """
    # Here because they cost more to import than everything else in the package.
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
            # Or a server may unpack the .gz on the way, and the download is four times as long.
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
            if "timed out" in str(error):  # after the first bytes, requests says it like this
                raise Refused(f"sends nothing for {timeout:g} seconds") from None
            raise Refused(f"cannot be reached ({type(error).__name__})") from None
        except requests.exceptions.ChunkedEncodingError:
            raise Refused("breaks off before the end") from None
        except (requests.RequestException, OSError, ValueError) as error:
            if sink.failure:
                raise
            raise Refused(f"fails ({type(error).__name__}: {error})") from None
