"""The grader's end of a worker's channel: sends and receives frames under a deadline.

The worker's printed output is read meanwhile, so that a full pipe never blocks the worker.
Unsolicited bytes are an error: a worker only answers requests.
"""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

from nngrade.worker.wire import (
    PREFIX,
    Encoder,
    Limits,
    WireError,
    decode_frame,
    encode_frame,
    read_prefix,
)

__all__ = ["Channel", "DeadlinePassed"]

WATCH_INTERVAL = 0.25
CHUNK = 64 * 1024
# No limits for sending: the grader chooses what it sends.
UNLIMITED = Limits(array_bytes=2**40, string=2**40)
_Received = TypeVar("_Received", bytes, int)


class DeadlinePassed(Exception):
    """No answer arrived before the deadline."""


class Channel:
    """A socket to a worker, and the pipe that carries the worker's printed output.

    Parameters
    ----------
    connection : socket
        Connected stream socket; the channel makes it non-blocking.
    pipe : int
        File descriptor of the pipe's reading end.
    limits : Limits
        Limits on answers.
    output_bytes : int
        Number of bytes of output to keep; the rest is counted only.
    watch : callable
        Called from time to time while waiting; an exception that it raises ends the wait. It
        returns the time until its next call in seconds, which is at most `WATCH_INTERVAL`.

    Attributes
    ----------
    printed : int
        Number of bytes that the worker printed.
    """

    def __init__(
        self,
        connection: socket.socket,
        pipe: int,
        limits: Limits,
        output_bytes: int,
        watch: Callable[[], float],
    ) -> None:
        self.printed = 0
        self._connection = connection
        self._pipe = pipe
        self._limits = limits
        self._keep = output_bytes
        self._watch = watch
        self._watch_at = 0.0
        self._output = bytearray()
        self._arrived = bytearray()
        connection.setblocking(False)
        os.set_blocking(pipe, False)
        self._receive_chunk = partial(connection.recv, CHUNK)
        self._number = connection.fileno()
        self._poll = select.poll()
        self._poll.register(connection, select.POLLIN)
        self._poll.register(pipe, select.POLLIN)

    @property
    def output(self) -> str:
        """Beginning of the worker's printed output, up to `output_bytes` bytes."""
        return self._output.decode("utf-8", "replace")

    def watch_within(self, seconds: float) -> None:
        """Have `watch` called within this time, while the worker is waited for."""
        self._watch_at = min(self._watch_at, time.monotonic() + seconds)

    def close(self) -> None:
        """Close the socket and the pipe."""
        self._connection.close()
        os.close(self._pipe)

    def exchange(
        self, message: dict[str, Any], encoder: Encoder | None, deadline: float
    ) -> tuple[dict[str, Any], memoryview]:
        """Send a message and receive the answer.

        Parameters
        ----------
        message : dict
            The message; its values are trees of `encoder`.
        encoder : Encoder or None
            The encoder that holds the message's arrays; None if it has none.
        deadline : float
            Time of `time.monotonic`, in seconds.

        Returns
        -------
        content : dict
            The answer; its values are still trees.
        body : memoryview
            Bytes of the answer's arrays.

        Raises
        ------
        DeadlinePassed
            If the answer is not complete at the deadline.
        EOFError, ConnectionError
            If the worker closed the channel.
        WireError
            If the worker sent unsolicited bytes or a malformed frame.
        """
        self._expect_silence()
        descriptors = encoder.shared if encoder else []
        arrays = encoder.arrays if encoder else ()
        for part in _joined(encode_frame(message, arrays, UNLIMITED)):
            self._send(part, descriptors, deadline)
            descriptors = []
        chunk = self._read(self._receive_chunk, deadline)
        if len(chunk) >= PREFIX.size:
            text, body = read_prefix(chunk[: PREFIX.size], self._limits)
            if len(chunk) == PREFIX.size + text + body:
                # Nearly every answer arrives as a whole, and needs no further copy.
                view = memoryview(chunk)[PREFIX.size :]
                return decode_frame(bytes(view[:text])), view[text:]
        self._arrived += chunk
        text, body = read_prefix(bytes(self.receive(PREFIX.size, deadline)), self._limits)
        content = decode_frame(bytes(self.receive(text, deadline)))
        return content, memoryview(self.receive(body, deadline))

    def receive(self, size: int, deadline: float) -> bytearray:
        """Read exactly `size` bytes.

        Raises
        ------
        DeadlinePassed
            If the bytes have not arrived at the deadline.
        EOFError
            If the worker closed the channel.
        """
        if size <= CHUNK:
            while len(self._arrived) < size:
                self._arrived += self._read(self._receive_chunk, deadline)
            data = self._arrived[:size]
            del self._arrived[:size]
            return data
        # Large answers are received into their buffer directly, without a copy.
        data = bytearray(size)
        view = memoryview(data)
        view[: len(self._arrived)] = self._arrived[:size]
        view = view[len(self._arrived[:size]) :]
        del self._arrived[:size]
        while view:
            view = view[self._read(partial(self._connection.recv_into, view), deadline) :]
        return data

    def _expect_silence(self) -> None:
        if self._arrived:
            raise WireError("bytes that nobody asked for")
        try:
            chunk = self._connection.recv(1)
        except BlockingIOError:
            return
        if not chunk:
            raise EOFError
        raise WireError("bytes that nobody asked for")

    def _read(self, receive: Callable[[], _Received], deadline: float) -> _Received:
        """Result of `receive` once data has arrived: the bytes, or their number."""
        while True:
            self._wait(select.POLLIN, deadline)
            try:
                received = receive()
            except BlockingIOError:
                continue
            if not received:
                raise EOFError
            return received

    def _send(self, part: bytes | memoryview, descriptors: list[int], deadline: float) -> None:
        view = memoryview(part)
        while view:
            try:
                if descriptors:
                    sent = socket.send_fds(self._connection, [view[:CHUNK]], descriptors)
                    descriptors = []
                else:
                    sent = self._connection.send(view)
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)
            else:
                view = view[sent:]

    def _wait(self, event: int, deadline: float) -> None:
        """Wait until the connection is ready, reading the worker's output meanwhile."""
        if event == select.POLLOUT:
            self._poll.modify(self._connection, select.POLLOUT)
        try:
            while True:
                now = time.monotonic()
                if now >= deadline:
                    raise DeadlinePassed
                if now >= self._watch_at:
                    self._watch_at = now + min(self._watch(), WATCH_INTERVAL)
                seconds = max(0.0, min(deadline, self._watch_at) - now)
                answered = False
                for number, _event in self._poll.poll(1000 * seconds):
                    if number == self._number:
                        answered = True
                    else:
                        self._drain()
                if answered:
                    return
        finally:
            if event == select.POLLOUT:
                self._poll.modify(self._connection, select.POLLIN)

    def _drain(self) -> None:
        try:
            chunk = os.read(self._pipe, CHUNK)
        except BlockingIOError:
            return
        if not chunk:
            self._poll.unregister(self._pipe)
            return
        self.printed += len(chunk)
        self._output += chunk[: max(0, self._keep - len(self._output))]


def _joined(parts: list[bytes | memoryview]) -> Iterable[bytes | memoryview]:
    """Join small parts of a frame, so that most frames take one system call."""
    if len(parts) == 1:
        return parts
    if sum(map(len, parts)) <= CHUNK:
        return [b"".join(parts)]
    return _joined_in_chunks(parts)


def _joined_in_chunks(parts: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    small: list[bytes | memoryview] = []
    size = 0
    for part in parts:
        if size + len(part) <= CHUNK:
            small.append(part)
            size += len(part)
            continue
        if small:
            yield b"".join(small)
        small, size = [], 0
        yield part
    if small:
        yield b"".join(small)
