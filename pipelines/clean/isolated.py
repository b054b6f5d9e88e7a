"""Clean pages in a child process, so that a page that hangs or kills the parser ends alone.

A thread cannot be ended and a parser in C holds the interpreter; only the end of a process is an
end. The child is started with the first page, reused, killed when a page exceeds the time limit,
and started anew with the next. Parent and child speak over a socket pair: a length, then a pickled
message; both ends are this module, so no foreign pickle is ever read. A child that has grown is
replaced between two pages.
"""

from __future__ import annotations

import asyncio
import math
import os
import pickle
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from pipelines.clean.attachment import FileText, read_file
from pipelines.records import Cleaned, Outcome

if TYPE_CHECKING:
    from pipelines.clean.frame import Frames
    from pipelines.clean.rules import PageRules
    from pipelines.records import Page

# the child imports what the page needs before its clock starts; on a busy machine that takes long
START_LIMIT = 60.0
MEMORY_LIMIT = 2 << 30
KEEP_BELOW = 400 << 20  # bytes of memory: a child that has grown beyond is replaced
ALARM_MARGIN = 5  # seconds
WITNESSED = 500_000  # bytes: a second reading of a larger page costs more than it tells
_HEADER = struct.Struct("!Q")
_READY = b"R"
_ROOT = Path(__file__).parents[2]
_CHUNK = 1 << 18


class _Crashed(Exception):  # noqa: N818 - never leaves this module
    """The child ended in the middle of a page."""


class _Forked:
    """A child made by fork, with what subprocess.Popen offers of a child that the cleaner uses."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        return self._collect(os.WNOHANG)

    def wait(self, timeout: float | None = None) -> int | None:  # noqa: ARG002 - it is always killed first or gone
        return self._collect(0)

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def _collect(self, options: int) -> int | None:
        if self._code is None:
            ended, status = os.waitpid(self.pid, options)
            if ended:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code


class IsolatedCleaner:
    """Cleans pages one after the other in one child process; ``timeout`` in seconds a page.

    ``clean`` serves asyncio, ``clean_now`` blocks; one cleaner serves one event loop or one thread.
    """

    def __init__(
        self, timeout: float, *, max_bytes: int = 10_000_000, keep_below: int = KEEP_BELOW
    ) -> None:
        self.timeout = timeout
        self.keep_below = keep_below
        self.max_bytes = max_bytes
        self._child: subprocess.Popen[bytes] | _Forked | None = None
        self._socket: socket.socket | None = None
        self._turn = asyncio.Lock()

    def fork(self) -> None:
        """Start the first child by fork: at once, and with what this process has imported.

        Only for a process that runs no thread and no event loop yet; later children are spawned.
        """
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if not pid:
            ours.close()
            try:
                serve(theirs.detach(), self.timeout)
            finally:
                os._exit(0)
        theirs.close()
        ours.settimeout(0)
        self._child, self._socket = _Forked(pid), ours

    async def clean(
        self,
        page: Page,
        rules: PageRules | None,
        *,
        canonical_url: str = "",
        document_key: str = "",
        witness: bool = False,
    ) -> Cleaned:
        """Clean one page; the time limit and a crash of the child are named outcomes.

        ``witness``: have a page of common size read a second time by the generic path. A page on
        which that second reading fails is cleaned again without it.
        """
        if too_large := self._too_large(page):
            return too_large
        asked = (page, pack_rules(rules), canonical_url, document_key)
        if not witness or len(page.body) > WITNESSED:
            return await self._clean(_pack((*asked, False)))
        cleaned = await self._clean(_pack((*asked, True)))
        if cleaned.outcome in {Outcome.TIMED_OUT, Outcome.FAILED, Outcome.TOO_LARGE}:
            return await self._clean(_pack((*asked, False)))
        return cleaned

    async def read_file(self, body: bytes) -> FileText:
        """Read an attached file; the time limit and a crash of the child are named outcomes."""
        found = await self._ask(_pack(body))
        if isinstance(found, Cleaned):  # it did not come to an answer
            return FileText("failed" if found.outcome is Outcome.FAILED else found.outcome.value)
        return found

    async def _clean(self, message: bytes) -> Cleaned:
        cleaned = await self._ask(message)
        assert isinstance(cleaned, Cleaned), "a page was sent"
        return cleaned

    async def _ask(self, message: bytes) -> Cleaned | FileText:
        async with self._turn:
            channel = self._open()
            try:
                return await self._exchange(channel, message)
            except TimeoutError:
                self.close()
                return Cleaned(Outcome.TIMED_OUT, f"clean.timeout:{self.timeout:g}s")
            except (_Crashed, OSError):
                return self._crash()
            except asyncio.CancelledError:
                self.close()  # its answer would be taken for the next page's
                raise

    def clean_now(
        self,
        page: Page,
        rules: PageRules | None,
        *,
        canonical_url: str = "",
        document_key: str = "",
    ) -> Cleaned:
        """Clean one page and wait for it; outcomes as ``clean``."""
        if too_large := self._too_large(page):
            return too_large
        channel = self._open()
        try:
            asked = (page, pack_rules(rules), canonical_url, document_key, False)
            return self._exchange_now(channel, _pack(asked))
        except TimeoutError:
            self.close()
            return Cleaned(Outcome.TIMED_OUT, f"clean.timeout:{self.timeout:g}s")
        except (_Crashed, OSError):
            return self._crash()

    def close(self) -> None:
        """End the child, at once and for certain; the next page starts another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def _too_large(self, page: Page) -> Cleaned | None:
        if len(page.body) <= self.max_bytes:
            return None
        return Cleaned(Outcome.TOO_LARGE, f"bounds.bytes:{len(page.body)}")

    def _swollen(self) -> bool:
        """Tell whether the child holds so much memory that a new one is cheaper to keep."""
        assert self._child is not None
        try:
            return psutil.Process(self._child.pid).memory_info().rss > self.keep_below
        except psutil.NoSuchProcess:
            return True

    def _open(self) -> socket.socket:
        if self._child is not None and (self._child.poll() is not None or self._swollen()):
            self.close()
        if self._socket is None:
            ours, theirs = socket.socketpair()
            with theirs:
                self._child = subprocess.Popen(
                    [
                        sys.executable,
                        "-m",
                        "pipelines.clean.isolated",
                        str(theirs.fileno()),
                        str(self.timeout),
                    ],
                    cwd=_ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
            ours.settimeout(0)
            self._socket = ours
        return self._socket

    async def _exchange(self, channel: socket.socket, message: bytes) -> Cleaned | FileText:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(START_LIMIT):
            await loop.sock_sendall(channel, message)
            await _receive(loop, channel, len(_READY))
        async with asyncio.timeout(self.timeout):
            (size,) = _HEADER.unpack(await _receive(loop, channel, _HEADER.size))
            answer: Cleaned | FileText = _unpack(await _receive(loop, channel, size))
            return answer

    def _exchange_now(self, channel: socket.socket, message: bytes) -> Cleaned:
        _send_now(channel, message, START_LIMIT)
        _receive_now(channel, len(_READY), START_LIMIT)
        end = time.monotonic() + self.timeout
        (size,) = _HEADER.unpack(_receive_now(channel, _HEADER.size, self.timeout))
        cleaned: Cleaned = _unpack(_receive_now(channel, size, end - time.monotonic()))
        return cleaned

    def _crash(self) -> Cleaned:
        code = self._child.wait(timeout=START_LIMIT) if self._child is not None else None
        self.close()
        return Cleaned(Outcome.FAILED, f"clean.crashed:{code}")


def _pack(message: object) -> bytes:
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _HEADER.pack(len(content)) + content


def _unpack(content: bytes) -> Any:  # noqa: ANN401 - the other end of this module wrote it
    return pickle.loads(content)  # noqa: S301 - the other end of this module wrote it


@lru_cache(maxsize=16)
def pack_rules(rules: PageRules | None) -> bytes:
    """Pack rules once for all pages that are read by them: they take longer than a page."""
    return pickle.dumps(rules, protocol=pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=16)
def _unpack_rules(packed: bytes) -> PageRules | None:
    rules: PageRules | None = _unpack(packed)
    return rules


async def _receive(loop: asyncio.AbstractEventLoop, channel: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = await loop.sock_recv(channel, min(_CHUNK, size - len(parts)))
        if not part:
            raise _Crashed
        parts += part
    return bytes(parts)


def _wait(channel: socket.socket, event: int, end: float) -> None:
    poll = select.poll()
    poll.register(channel, event)
    if not poll.poll(max(0.0, end - time.monotonic()) * 1000):
        raise TimeoutError


def _send_now(channel: socket.socket, message: bytes, limit: float) -> None:
    end, rest = time.monotonic() + limit, memoryview(message)
    while rest:
        _wait(channel, select.POLLOUT, end)
        rest = rest[channel.send(rest) :]


def _receive_now(channel: socket.socket, size: int, limit: float) -> bytes:
    end, parts = time.monotonic() + limit, bytearray()
    while len(parts) < size:
        _wait(channel, select.POLLIN, end)
        part = channel.recv(min(_CHUNK, size - len(parts)))
        if not part:
            raise _Crashed
        parts += part
    return bytes(parts)


def serve(descriptor: int, timeout: float) -> None:
    """Be the child: clean the pages that come over the socket until the parent closes it.

    The parent ends a page that takes longer than ``timeout`` seconds; where the parent is gone, the
    kernel's alarm does so a little later, in the middle of C code too.
    """
    import resource  # noqa: PLC0415 - the parent needs none of these

    from pipelines.clean.frame import Frames  # noqa: PLC0415 - the parent needs none of these
    from pipelines.clean.page import prepare  # noqa: PLC0415 - the parent needs none of these

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    frames = Frames()
    with socket.socket(fileno=descriptor) as channel, channel.makefile("rb") as incoming:
        while header := incoming.read(_HEADER.size):
            (size,) = _HEADER.unpack(header)
            job = _unpack(incoming.read(size))
            if not isinstance(job, bytes):
                prepare(_unpack_rules(job[1]), witness=job[4])
            channel.sendall(_READY)
            signal.alarm(math.ceil(timeout) + ALARM_MARGIN)
            answer: Cleaned | FileText
            try:
                answer = read_file(job) if isinstance(job, bytes) else _cleaned(frames, *job)
            except MemoryError:
                answer = Cleaned(Outcome.TOO_LARGE, "clean.memory")
            except Exception as error:  # noqa: BLE001 - the parent gets every fault by its name
                answer = Cleaned(Outcome.FAILED, f"clean.crashed:{type(error).__name__}: {error}")
            signal.alarm(0)
            channel.sendall(_pack(answer))


def _cleaned(
    frames: Frames,
    page: Page,
    packed_rules: bytes,
    canonical_url: str,
    document_key: str,
    witness: bool,  # noqa: FBT001 - as it was sent
) -> Cleaned:
    from pipelines.clean.page import clean_page  # noqa: PLC0415 - the parent needs none of these
    from pipelines.clean.witness import bear_witness  # noqa: PLC0415 - the parent needs none of these

    rules = _unpack_rules(packed_rules)
    cleaned = clean_page(
        page, rules, canonical_url=canonical_url, document_key=document_key, frames=frames
    )
    return replace(cleaned, witness=bear_witness(page, cleaned)) if witness else cleaned


if __name__ == "__main__":
    serve(int(sys.argv[1]), float(sys.argv[2]))
