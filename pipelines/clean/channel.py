"""What the isolated cleaner and its child say to each other: a length, then a pickled message.

They speak over a socket pair of their own, so no foreign pickle is ever read.
"""

from __future__ import annotations

import asyncio
import pickle
import select
import struct
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

    from pipelines.clean.rules import PageRules
    from pipelines.records import Page

HEADER = struct.Struct("!Q")
READY = b"R"
"""The child has what the page needs: its time runs from here."""
_CHUNK = 1 << 18


class ChannelClosedError(Exception):
    """The other end is gone in the middle of a message."""


@dataclass(frozen=True, slots=True)
class PageJob:
    """A page to be cleaned; ``rules`` as ``pack_rules`` gives them."""

    page: Page
    rules: bytes
    canonical_url: str
    document_key: str
    unit: str
    witness: bool


@dataclass(frozen=True, slots=True)
class FileJob:
    """An attached file to be read."""

    body: bytes


def pack(message: object) -> bytes:
    """Make a message ready to be sent."""
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return HEADER.pack(len(content)) + content


def unpack(content: bytes) -> Any:  # noqa: ANN401 - whatever the other end packed
    """Give the message that stands behind a header."""
    return pickle.loads(content)  # noqa: S301 - the other end of this channel wrote it


@lru_cache(maxsize=16)
def pack_rules(rules: PageRules | None) -> bytes:
    """Pack rules once for all pages that are read by them: they take longer than a page."""
    return pickle.dumps(rules, protocol=pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=16)
def unpack_rules(packed: bytes) -> PageRules | None:
    """Give packed rules, unpacked once for all pages."""
    rules: PageRules | None = unpack(packed)
    return rules


async def receive(channel: socket.socket, size: int) -> bytes:
    """Give the next ``size`` bytes; raise ChannelClosedError."""
    loop, parts = asyncio.get_running_loop(), bytearray()
    while len(parts) < size:
        part = await loop.sock_recv(channel, min(_CHUNK, size - len(parts)))
        if not part:
            raise ChannelClosedError
        parts += part
    return bytes(parts)


def receive_now(channel: socket.socket, size: int, limit: float) -> bytes:
    """Wait ``limit`` s for the next ``size`` bytes; raise ChannelClosedError or TimeoutError."""
    end, parts = time.monotonic() + limit, bytearray()
    while len(parts) < size:
        _wait(channel, select.POLLIN, end)
        part = channel.recv(min(_CHUNK, size - len(parts)))
        if not part:
            raise ChannelClosedError
        parts += part
    return bytes(parts)


def send_now(channel: socket.socket, message: bytes, limit: float) -> None:
    """Send a message; raise TimeoutError when it is not taken within ``limit`` s."""
    end, rest = time.monotonic() + limit, memoryview(message)
    while rest:
        _wait(channel, select.POLLOUT, end)
        rest = rest[channel.send(rest) :]


def _wait(channel: socket.socket, event: int, end: float) -> None:
    poll = select.poll()
    poll.register(channel, event)
    if not poll.poll(max(0.0, end - time.monotonic()) * 1000):
        raise TimeoutError
